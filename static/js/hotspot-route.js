/**
 * The hotspot route. The link to the board's /config is made here, from what was typed; on a console without HTTPS the
 * page calls the board itself. While the phone sits on the board's network there is no internet: the page says so, keeps
 * what it knows in this tab, and picks up the result when it is back.
 */
import { announce } from "./announce.js";
import { followConnection } from "./connection.js";
import * as offline from "./hotspot-offline.js";
import { configUrl, isReady } from "./wifi-config.js";
import * as form from "./wifi-form.js";

const CALL_MS = 20_000;
const page = document.querySelector("[data-session-id]");
const link = document.querySelector("[data-config-link]");
const send = document.querySelector("[data-config-send]");
const answer = document.querySelector("[data-config-answer]");
const net = document.querySelector("[data-net-state]");
const stateKey = `landfall.hotspot.${page.dataset.sessionId}`;
// A page with HTTPS may not call http://192.168.4.1; a link that the person opens may.
const callsItself = location.protocol === "http:";

const SENTENCES = {
  online: "This page is connected to Landfall.",
  away: "No connection to Landfall: that is right while you are on the board's WiFi. Keep this page open.",
  waiting: "The board has it. Go back to your own WiFi: this page then shows what came of it.",
  back: "Back on the internet. The steps below follow by themselves.",
};

let isOver = false;

const sentAt = () => Number(sessionStorage.getItem(stateKey) ?? 0);

function show(state) {
  if (net.dataset.netState === state) return;
  net.dataset.netState = state;
  net.querySelector("[data-net-sentence]").textContent = SENTENCES[state];
  announce(SENTENCES[state]);
}

function changed() {
  const fields = form.fields();
  const ready = !isOver && isReady(fields);
  if (ready) link.href = configUrl(page.dataset.boardUrl, fields);
  else link.removeAttribute("href");
  link.setAttribute("aria-disabled", String(!ready));
  for (const slot of document.querySelectorAll("[data-wifi-slot]")) slot.value = fields[slot.dataset.wifiSlot];
}

function noteSent() {
  sessionStorage.setItem(stateKey, String(Date.now()));
  show("waiting");
}

function tell(sentence, tone) {
  answer.hidden = false;
  answer.className = `notice tone-${tone}`;
  answer.querySelector("[data-config-sentence]").textContent = sentence;
}

/** The board sends no CORS headers, so its answer cannot be read; that there is one can be told from silence. */
async function call(path) {
  const cut = AbortSignal.timeout(CALL_MS);
  await fetch(path, { mode: "no-cors", cache: "no-store", referrerPolicy: "no-referrer", signal: cut });
}

async function sendToBoard() {
  if (!form.showProblems({ isFinal: true })) return;
  send.setAttribute("aria-busy", "true");
  tell("Asking the board…", "info");
  try {
    await call(`${page.dataset.boardUrl}/board_info.json`);
    await call(configUrl(page.dataset.boardUrl, form.fields()));
  } catch {
    tell("The board does not answer. Is this phone on the board's WiFi, with mobile data switched off?", "bad");
    return;
  } finally {
    send.removeAttribute("aria-busy");
  }
  tell("The board has it, and tries your network now.", "good");
  noteSent();
}

function follow({ isAway, wasAway }) {
  if (isAway) show(sentAt() ? "waiting" : "away");
  else if (wasAway) show("back");
  else if (net.dataset.netState === "") show("online");
}

/** The session has ended: nothing is to be sent any more, and what was typed is forgotten. */
function end() {
  isOver = true;
  form.forget();
  sessionStorage.removeItem(stateKey);
  offline.forget(page.dataset.sessionId);
  for (const element of document.querySelectorAll("[data-route-open]")) element.hidden = true;
  changed();
}

link.addEventListener("click", (event) => {
  if (form.showProblems({ isFinal: true })) noteSent();
  else event.preventDefault();
});
if (send && callsItself) {
  send.hidden = false;
  link.classList.remove("btn-primary");
  send.addEventListener("click", sendToBoard);
}
followConnection(follow);
document.addEventListener("htmx:afterSwap", () => {
  if (document.querySelector("[data-session-ended=true]")) end();
});
form.follow(changed);
if (page.dataset.terminal === "true") end();
else {
  if (sentAt()) show("waiting");
  const isPutAside = await offline.putAside(page.dataset.sessionId, net.dataset.workerUrl);
  document.querySelector("[data-needs-network]").hidden = isPutAside;
}
