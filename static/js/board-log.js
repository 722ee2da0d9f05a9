/**
 * What a board has said, passwords and tokens masked: shown, kept in this tab over a reload, and told to the session as
 * evidence, from which its findings follow.
 */
import { lastWithin, masked } from "./board-console.js";

const SHOWN_LINES = 400;
const TELL_MS = 1500;
const AGAIN_MS = 6000;
const NOTABLE = /Last error code|Invalid auth token|Connection failed|SSL error|Secure connection failed|RUNNING|WAIT_CONFIG|AP IP|Configuration invalid|Timeout|Connect failed|Connecting to WiFi/;

const page = document.querySelector("[data-session-id]");
const shown = document.querySelector('[data-usb="log"]');
const storeKey = `landfall.usb.${page.dataset.sessionId}`;

let lines = [];
let tellTimer = 0;
let isUntold = false;

function show() {
  shown.textContent = lines.join("\n");
  shown.scrollTop = shown.scrollHeight;
}

/** Show a line without `secrets`; where it may change the findings, the log is told soon, however much follows. */
export function add(line, secrets) {
  lines.push(masked(line, secrets));
  if (lines.length > SHOWN_LINES) lines.shift();
  show();
  if (NOTABLE.test(line)) tellTimer ||= setTimeout(tell, TELL_MS);
}

/** Tell the session the log so far. Without a connection it waits for `tellUntold`. */
export async function tell() {
  clearTimeout(tellTimer);
  tellTimer = 0;
  if (lines.length === 0 || document.querySelector("[data-session-ended=true]")) return;
  const value = lastWithin(lines, Number(page.dataset.evidenceLimit)).join("\n");
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
  isUntold = true;
  try {
    const body = new URLSearchParams({ kind: "serial", value });
    const { status } = await fetch(page.dataset.evidenceUrl, { method: "POST", headers, body });
    // Too often, or a server that cannot take it now: told later, with what has come by then.
    isUntold = status === 429 || status >= 500;
    if (isUntold) tellTimer ||= setTimeout(tell, AGAIN_MS);
    else window.htmx.trigger("#progress", "refresh");
  } catch {
    // Said by the page's connection, which its polls follow.
  }
}

export function tellUntold() {
  if (isUntold) tell();
}

/** Whether this tab has kept what the board said before the page was loaded anew; that is told, for not all of it may be. */
export function restore() {
  const kept = sessionStorage.getItem(storeKey);
  if (!kept) return false;
  lines = kept.split("\n");
  show();
  tellTimer = setTimeout(tell, TELL_MS);
  return true;
}

export function keep() {
  if (lines.length > 0) sessionStorage.setItem(storeKey, lines.join("\n"));
}

/** Nothing is kept in this tab any more; what is shown stays. */
export function forget() {
  sessionStorage.removeItem(storeKey);
}
