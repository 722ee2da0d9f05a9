/**
 * The auth tokens of a batch live in this tab only. The answer to "Issue tokens" carries them once; from then on the
 * sheet finds them in the tab's own storage, where each session's page finds its own (session-token.js), until the
 * session has ended. The CSV file is made here, of what the page holds: nothing with a token is fetched.
 */
const page = document.querySelector("[data-batch-id]");
const batchKey = `landfall.batch.${page?.dataset.batchId}`;
const tokenKey = (session) => `landfall.token.${session}`;
const slots = [...document.querySelectorAll("[data-batch-token]")];

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(batchKey)) ?? { sessions: [], isSaved: true };
  } catch {
    return { sessions: [], isSaved: true };
  }
}

/** Forget the tokens of all sessions but these. */
function forgetBut(open) {
  const { sessions, isSaved } = kept();
  for (const session of sessions) if (!open.has(session)) sessionStorage.removeItem(tokenKey(session));
  const left = sessions.filter((session) => open.has(session));
  if (left.length) sessionStorage.setItem(batchKey, JSON.stringify({ sessions: left, isSaved }));
  else sessionStorage.removeItem(batchKey);
}

function keep() {
  for (const slot of slots) sessionStorage.setItem(tokenKey(slot.dataset.batchToken), slot.textContent);
  const sessions = slots.map((slot) => slot.dataset.batchToken);
  sessionStorage.setItem(batchKey, JSON.stringify({ sessions, isSaved: false }));
  history.replaceState(null, "", page.dataset.batchUrl);
}

/** Put what this tab has into the labels; returns how many it has. */
function fill() {
  let count = 0;
  for (const slot of slots) {
    const token = sessionStorage.getItem(tokenKey(slot.dataset.batchToken));
    if (!token) continue;
    slot.textContent = token;
    count += 1;
  }
  return count;
}

function saved() {
  sessionStorage.setItem(batchKey, JSON.stringify({ ...kept(), isSaved: true }));
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value) {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}

function csv() {
  const { gatewayHost, gatewayPort, gatewayTlsPort, templateId, expires } = page.dataset;
  const titles = ["name", "mac", "tags", "session", "hotspot", "token", "template", "host", "port", "tls_port", "until"];
  const rows = [...document.querySelectorAll("[data-label-session]")].map((label) => {
    const { name, mac, tags, labelSession, hotspot } = label.dataset;
    const token = sessionStorage.getItem(tokenKey(labelSession)) ?? "";
    return [name, mac, tags, labelSession, hotspot, token, templateId, gatewayHost, gatewayPort, gatewayTlsPort, expires];
  });
  return `\ufeff${[titles, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
  link.download = `landfall-batch-${page.dataset.batchId}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  saved();
}

function showSheet() {
  if (page.dataset.batchFresh === "true") keep();
  else forgetBut(new Set(slots.map((slot) => slot.dataset.batchToken)));
  const isHeld = fill() > 0;
  document.querySelector("[data-batch-held]").hidden = !isHeld;
  document.querySelector("[data-batch-missing]").hidden = isHeld;
  document.querySelector("[data-batch-print]").addEventListener("click", () => window.print());
  document.querySelector("[data-batch-csv]").addEventListener("click", download);
  window.addEventListener("afterprint", saved);
  window.addEventListener("beforeunload", (event) => {
    if (!kept().isSaved) event.preventDefault();
  });
}

/** The batch is over: its tokens are worth nothing. */
function forgetIfOver() {
  if (page.dataset.batchOver === "true" || document.querySelector("[data-batch-ended]")) forgetBut(new Set());
}

if (page) {
  forgetIfOver();
  if (slots.length) showSheet();
  document.addEventListener("htmx:afterSwap", forgetIfOver);
}
