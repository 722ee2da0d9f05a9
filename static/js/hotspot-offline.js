/**
 * Puts the page of the hotspot route aside in the browser, without token and password, so that it can be reloaded where
 * there is no internet (hotspot-worker.js). Browsers allow that on HTTPS and on this machine itself only.
 */
const PREFIX = "landfall.hotspot.";
const SCOPE = "/sessions/";
const nameOf = (sessionId) => `${PREFIX}${sessionId}`;

export const isPossible = () => "serviceWorker" in navigator && "caches" in window;

/** Everything that this page is made of: itself, and what it has loaded from this server. */
function partsOf() {
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const parts = loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
  return [location.pathname, ...new Set(parts.map((url) => url.href))];
}

/** Put this page aside, in place of older ones. Returns whether it can be reloaded without a network. */
export async function putAside(sessionId, workerUrl) {
  if (!isPossible()) return false;
  try {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== nameOf(sessionId)) await caches.delete(name);
    }
    const cache = await caches.open(nameOf(sessionId));
    await cache.addAll(partsOf());
    await navigator.serviceWorker.register(workerUrl, { scope: SCOPE });
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    // Reloaded without a network, it is there from before.
    return Boolean(await caches.match(location.pathname));
  }
}

/** The session has ended: nothing of its page stays in the browser. */
export async function forget(sessionId) {
  if (!isPossible()) return;
  await caches.delete(nameOf(sessionId));
  if ((await caches.keys()).some((name) => name.startsWith(PREFIX))) return;
  await (await navigator.serviceWorker.getRegistration(SCOPE))?.unregister();
}
