/**
 * The USB route: opens the board's serial port in the browser (Web Serial), types its console's commands, and follows
 * what it says.
 */
import { announce } from "./announce.js";
import * as board from "./board-console.js";
import * as boardLog from "./board-log.js";
import { followConnection } from "./connection.js";
import { connectCommand } from "./wifi-config.js";
import * as form from "./wifi-form.js";

const BAUD = 115_200;
const ASK_MS = 4000;
const SCAN_MS = 15_000;

const page = document.querySelector("[data-session-id]");
const at = (name) => document.querySelector(`[data-usb="${name}"]`);
const lines = new board.Lines();
const joining = new board.Joining();
const listeners = new Set();

let port = null;
let writer = null;
let isLeaving = false;

function say(place, sentence, tone = "info") {
  const notice = at(place);
  const words = notice.querySelector("[data-usb-sentence]");
  if (words.textContent === sentence) return;
  notice.hidden = sentence === "";
  notice.className = `notice tone-${tone}`;
  words.textContent = sentence;
  if (sentence) announce(sentence);
}

function secrets() {
  const { pass, token } = form.fields();
  return [pass, pass.replaceAll(" ", "\\x20"), token].filter(Boolean);
}

function showState(state) {
  for (const row of document.querySelectorAll("[data-led-state]")) row.hidden = row.dataset.ledState !== state;
  at("state").textContent = state.replaceAll("_", " ").toLowerCase();
}

function checkServer({ host, port: number }) {
  if (host === page.dataset.gatewayHost) {
    say("server", "");
    return;
  }
  say(
    "server",
    `The board connects to ${host}:${number}, not to ${page.dataset.gatewayHost}. Its sketch lacks the lines CONFIG_DEFAULT_SERVER and CONFIG_DEFAULT_PORT: copy this template's firmware lines, flash again, and connect once more.`,
    "bad",
  );
}

function checkInfo(info) {
  at("console").hidden = false;
  at("info").textContent = `${info.name || "Board"} · ${info.tmpl_id || "no template id"} · firmware ${info.fw_ver || "?"}`;
  if (info.tmpl_id !== page.dataset.templateId) {
    say(
      "identity",
      `The board runs firmware made for ${info.tmpl_id || "no template"}; this session is for ${page.dataset.templateId}. Copy this template's firmware lines and flash again, or open a session for the other template.`,
      "bad",
    );
  } else if (info.board !== page.dataset.templateName) {
    say("identity", `The board's sketch calls the template “${info.board}”; here it is “${page.dataset.templateName}”.`, "warn");
  } else {
    say("identity", "The board runs this template's firmware.", "good");
  }
}

/** What became of the network that the board was told. */
function showOutcome(line) {
  const outcome = board.outcomeIn(line);
  if (joining.isAgain(line)) {
    say("sent", "The network does not let the board in, which tries again by itself. Check name and password, and connect the board once more.", "bad");
  } else if (outcome) {
    say("sent", outcome.sentence, outcome.tone);
  }
}

function showLine(line) {
  boardLog.add(line, secrets());
  const state = board.stateIn(line);
  if (state) showState(state);
  const server = board.serverIn(line);
  if (server) checkServer(server);
  const info = board.infoIn(line);
  if (info) checkInfo(info);
  showOutcome(line);
  for (const listener of [...listeners]) listener(line);
}

/**
 * Read until the port is gone. A framing error ends a stream only, and the port has another one: an ESP8266 makes such
 * errors at each start, since its ROM speaks at 74880 baud.
 */
async function read() {
  const decoder = new TextDecoder();
  for (let stream = null; port.readable && port.readable !== stream; ) {
    stream = port.readable;
    const reader = stream.getReader();
    const next = () => reader.read().catch(() => ({ done: true }));
    for (let got = await next(); !got.done; got = await next()) {
      for (const line of lines.take(decoder.decode(got.value, { stream: true }))) showLine(line);
    }
    reader.releaseLock();
  }
}

async function write(text) {
  await writer.write(new TextEncoder().encode(`${text}\n`));
}

/** Type a command, and wait until `found` makes something of a line, or null when nothing comes in time. */
function ask(command, found, ms) {
  return new Promise((resolve) => {
    const listener = (line) => {
      const result = found(line);
      if (result) finish(result);
    };
    const timer = setTimeout(() => finish(null), ms);
    function finish(result) {
      clearTimeout(timer);
      listeners.delete(listener);
      resolve(result);
    }
    listeners.add(listener);
    write(command).catch(() => finish(null));
  });
}

async function identify() {
  const info = await ask("devinfo", board.infoIn, ASK_MS);
  if (info || !writer) return;
  say(
    "identity",
    "The board does not answer on its console: its library is older than 1.2, or its sketch does not define BLYNK_PRINT. This page still reads its log; press the board's reset button to see it start.",
    "warn",
  );
}

/** The console takes one command after the other: the answer to `devinfo` is the end of the scan. */
async function scan() {
  const button = at("scan");
  const networks = [];
  const end = (line) => {
    const network = board.networkIn(line);
    if (network) networks.push(network);
    if (board.isUnknownCommand(line)) return "unknown";
    return board.infoIn(line) && "scanned";
  };
  button.setAttribute("aria-busy", "true");
  const how = await ask("\nwifi scan\ndevinfo", end, SCAN_MS);
  button.removeAttribute("aria-busy");
  if (!writer) return;
  if (how === "unknown") say("scanned", "This board's console does not scan. Type the network's name.", "warn");
  else if (how || networks.length) showNetworks(board.choicesOf(networks));
  else say("scanned", "The board does not answer. Press its reset button and scan again, or type the network's name.", "warn");
}

function showNetworks(networks) {
  const list = at("networks");
  list.replaceChildren(
    ...networks.map((network) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = `${network.ssid} · ${network.security} · ${network.rssi} dBm`;
      button.addEventListener("click", () => form.setNetwork(network.ssid));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  const count = networks.length;
  const sentence = count ? `The board sees ${count} ${count === 1 ? "network" : "networks"}.` : "The board sees no network.";
  say("scanned", `${sentence} It joins 2.4 GHz networks; a hidden one is typed by its name.`, count ? "info" : "warn");
}

async function connect() {
  if (!form.showProblems({ isFinal: true })) return;
  const command = connectCommand(form.fields());
  if (command === null) {
    say("sent", "Name and password together are longer than the board's console takes. Use the hotspot route.", "bad");
    return;
  }
  say("sent", "Telling the board…");
  const answer = await ask(command, (line) => board.refusalIn(line) || board.outcomeIn(line), ASK_MS);
  if (!writer || answer?.sentence) return;
  say("sent", answer ? `The board refuses: ${answer}` : "The board does not answer. Press its reset button, and try again.", "bad");
}

async function open() {
  try {
    port = await navigator.serial.requestPort();
  } catch {
    say("port", "No port was chosen.", "warn");
    return;
  }
  try {
    await port.open({ baudRate: BAUD });
  } catch {
    say("port", "The port cannot be opened. Close the Arduino IDE's serial monitor, another tab, or whatever else uses it.", "bad");
    return;
  }
  writer = port.writable.getWriter();
  say("port", "Connected to the board at 115200 baud.", "good");
  at("told").hidden = false;
  showPort({ isOpen: true });
  identify();
  await read();
  if (!isLeaving) closed();
}

function showPort({ isOpen }) {
  for (const element of document.querySelectorAll("[data-usb-live]")) element.hidden = !isOpen;
  at("choose").hidden = isOpen;
}

function closed() {
  writer.releaseLock();
  writer = null;
  port.close().catch(() => {});
  showPort({ isOpen: false });
  at("console").hidden = true;
  for (const place of ["sent", "scanned"]) say(place, "");
  say("port", "The board is unplugged, or its port is closed. What it said so far is kept below. Plug it in, and choose the port again.", "warn");
  boardLog.tell();
}

function end() {
  form.forget();
  boardLog.forget();
  for (const element of document.querySelectorAll("[data-route-open]")) element.hidden = true;
}

function followLandfall({ isAway, wasAway }) {
  if (isAway) {
    say("net", "No connection to Landfall. The board is heard all the same; what it says is told when the connection is back.", "warn");
  } else if (wasAway) {
    say("net", "Connected to Landfall again.", "good");
    boardLog.tellUntold();
  }
}

window.addEventListener("pagehide", () => {
  isLeaving = true;
  if (page.dataset.terminal !== "true" && !document.querySelector("[data-session-ended=true]")) boardLog.keep();
});
window.addEventListener("pageshow", () => {
  isLeaving = false;
});
document.addEventListener("htmx:afterSwap", () => {
  if (document.querySelector("[data-session-ended=true]")) end();
});
form.follow(() => {});
followConnection(followLandfall);
if ("serial" in navigator) {
  at("open").addEventListener("click", open);
  at("scan").addEventListener("click", scan);
  at("connect").addEventListener("click", connect);
  at("reboot").addEventListener("click", () => write("reboot").catch(() => {}));
} else {
  at("supported").hidden = true;
  at("unsupported").hidden = false;
}
if (page.dataset.terminal === "true") {
  end();
} else if (boardLog.restore()) {
  say("port", "This page was loaded anew, which closes the port: choose it again. What you typed and what the board said are kept in this tab.");
}
