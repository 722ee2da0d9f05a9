/**
 * The auth token of an open session lives in this tab only. The answer to "Issue token" carries it once; from then on
 * a reload of the session's page finds it in the tab's own storage, until the session has ended.
 */
const MARK = "YOUR_AUTH_TOKEN";
const page = document.querySelector("[data-session-id]");
const key = `landfall.token.${page?.dataset.sessionId}`;

function fill(token) {
  for (const slot of document.querySelectorAll("[data-token-slot]")) {
    if ("value" in slot) {
      slot.value = slot.value.replace(MARK, token);
      continue;
    }
    const walker = document.createTreeWalker(slot, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replaceAll(MARK, token);
  }
}

function showMissing() {
  for (const element of document.querySelectorAll("[data-token-missing]")) element.hidden = false;
  for (const element of document.querySelectorAll("[data-token-present]")) element.hidden = true;
}

/** The session is over: the token is worth nothing, and the parts of the page that hand it over are out of date. */
function forget() {
  sessionStorage.removeItem(key);
  for (const slot of document.querySelectorAll("input[data-token-slot]")) slot.value = MARK;
  for (const element of document.querySelectorAll("[data-handover]")) element.hidden = true;
  for (const element of document.querySelectorAll("[data-handover-over]")) element.hidden = false;
}

function start() {
  const { sessionToken, sessionUrl, terminal } = page.dataset;
  if (terminal === "true") {
    forget();
    return;
  }
  if (sessionToken) {
    sessionStorage.setItem(key, sessionToken);
    history.replaceState(null, "", sessionUrl);
    page.removeAttribute("data-session-token");
    return;
  }
  const kept = sessionStorage.getItem(key);
  if (kept) fill(kept);
  else showMissing();
}

if (page) {
  start();
  document.addEventListener("htmx:afterSwap", () => {
    if (document.querySelector("[data-session-ended=true]")) forget();
  });
}
