/**
 * Polled pieces of a page (`data-live`): htmx fetches them, and the swap style "morph" merges the answer into what is
 * there. An open detail, typed text, the focus and the scroll position stay, because elements that did not change stay.
 * Each change is said to screen readers once, and nothing is asked for while nobody can see the page.
 */
import { announce } from "./announce.js";

// What the reader or another script has set on an element, and the server knows nothing of.
const OWN = new Set(["open", "aria-busy", "data-copied"]);
const said = new Map();
// The server's leave to answer this piece's next polls cheaply (devices/views/quiet.py).
const QUIET = "Landfall-Quiet";
// A network without internet, such as a board's hotspot, may swallow a request instead of refusing it.
const PATIENCE_MS = 8000;
const seals = new Map();
// Pieces that Landfall does not show this person any more: asked for again only when the page is looked at again.
const lost = new Set();
const LOST = "This page does not follow any more what happens: you are signed out, or another team is shown, or it is gone. Load it anew.";

const keyOf = (node) => (node instanceof Element ? node.dataset.key || node.id : "");

function mergeAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!OWN.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function counterpart(next, place, keyed) {
  const key = keyOf(next);
  const found = key ? keyed.get(key) : place && !keyOf(place) ? place : null;
  return found?.nodeName === next.nodeName ? found : null;
}

function mergeChildren(old, fresh) {
  const kept = new Set([...fresh.children].map(keyOf));
  const keyed = new Map();
  for (const child of [...old.children]) {
    const key = keyOf(child);
    if (key && kept.has(key)) keyed.set(key, child);
    else if (key) child.remove();
  }
  let place = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const found = counterpart(next, place, keyed);
    // Space between elements must not make an element move: moving it would drop the focus in it.
    while (found && place !== found && place instanceof Text) {
      const space = place;
      place = place.nextSibling;
      space.remove();
    }
    if (!found) old.insertBefore(next, place);
    else if (found !== place) old.insertBefore(found, place);
    else place = place.nextSibling;
    if (found) merge(found, next);
  }
  while (place) {
    const rest = place.nextSibling;
    place.remove();
    place = rest;
  }
}

function merge(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (!(old instanceof Element)) {
    old.data = fresh.data;
    return;
  }
  if ("keep" in old.dataset) return;
  if (old.localName === "time" && old.dateTime === fresh.dateTime) return;
  mergeAttributes(old, fresh);
  mergeChildren(old, fresh);
}

/** A piece that is not polled any more replaces the old one, which ends htmx's timer. */
function swap(target, fresh, settleInfo) {
  const hadFocus = target.contains(document.activeElement);
  const isOver = !fresh.hasAttribute("hx-trigger");
  if (isOver) target.replaceWith(fresh);
  else merge(target, fresh);
  const present = isOver ? fresh : target;
  settleInfo.elts.push(present);
  if (hadFocus && !present.contains(document.activeElement)) {
    present.querySelector("[data-live-focus]")?.focus({ preventScroll: true });
  }
  return isOver ? [fresh] : [];
}

function sentenceOf(piece) {
  return (piece.matches("[data-announce]") ? piece : piece.querySelector("[data-announce]"))?.dataset.announce ?? "";
}

function sayNews() {
  for (const piece of document.querySelectorAll("[data-live]")) {
    const sentence = sentenceOf(piece);
    const before = said.get(piece.id);
    said.set(piece.id, sentence);
    if (before !== undefined && sentence && sentence !== before) announce(sentence);
  }
}

window.htmx.defineExtension("morph", {
  isInlineSwap: (style) => style === "morph",
  handleSwap: (style, target, fragment, settleInfo) => {
    const fresh = fragment.firstElementChild;
    return style === "morph" && fresh ? swap(target, fresh, settleInfo) : false;
  },
});

document.addEventListener("htmx:configRequest", (event) => {
  // htmx keeps the address it first read; the piece's own address says which version it shows now.
  const piece = event.detail.elt;
  if (!piece.matches("[data-live]")) return;
  event.detail.path = piece.getAttribute("hx-get");
  event.detail.timeout = PATIENCE_MS;
  if (seals.has(piece.id)) event.detail.headers[QUIET] = seals.get(piece.id);
});

/** Whether the answer is a refusal, or another page than the piece's own, such as the sign-in. */
function isRefused(answer, path) {
  const pathOf = (url) => new URL(url, location.href).pathname;
  const leadsElsewhere = answer.getResponseHeader("HX-Redirect") !== null;
  return leadsElsewhere || [403, 404].includes(answer.status) || pathOf(answer.responseURL) !== pathOf(path);
}

/** What is shown stays, and the reader is told once that it is not of now. */
function lose(piece) {
  if (lost.has(piece.id)) return;
  lost.add(piece.id);
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: LOST, tone: "warn" } }));
}

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt: piece, xhr } = event.detail;
  if (!piece.matches("[data-live]")) return;
  if (isRefused(xhr, piece.getAttribute("hx-get"))) {
    event.preventDefault();
    lose(piece);
    return;
  }
  lost.delete(piece.id);
  const seal = xhr.getResponseHeader(QUIET);
  if (seal) seals.set(piece.id, seal);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt: piece, requestConfig } = event.detail;
  if (!piece.matches("[data-live]")) return;
  const isAskedAgain = requestConfig.triggeringEvent?.type === "refresh";
  if (document.hidden || (lost.has(piece.id) && !isAskedAgain)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const piece of document.querySelectorAll("[data-live][hx-get]")) window.htmx.trigger(piece, "refresh");
});

document.addEventListener("htmx:afterSwap", sayNews);
sayNews();
