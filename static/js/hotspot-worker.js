/**
 * Lets a page of the hotspot route be reloaded while the phone sits on the board's WiFi, where there is no internet: what
 * the page has put aside (hotspot-offline.js) answers when the network does not within five seconds. Whatever does answer
 * is shown; a page that Landfall does not show this browser any more is forgotten.
 */
const PAGE = /^\/sessions\/(\d+)\/hotspot\/$/;
const PARTS = "/static/";
const PATIENCE_MS = 5000;

/** The network's answer. One that has begun takes the time it takes; no answer at all is given up. */
async function asked(request) {
  const giveUp = new AbortController();
  // A network without internet may keep silent instead of refusing.
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: giveUp.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the page is refused: the person is signed out (a redirect), has lost it, or is another. */
const isRefused = ({ status, type }) => type === "opaqueredirect" || status === 403 || status === 404;

async function answer(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (!kept) return fetch(request);
  try {
    const response = await asked(request);
    const page = PAGE.exec(new URL(request.url).pathname);
    if (page && isRefused(response)) await caches.delete(`landfall.hotspot.${page[1]}`);
    return response;
  } catch {
    return kept;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" ? PAGE.test(pathname) : pathname.startsWith(PARTS)) event.respondWith(answer(request));
});

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
