/**
 * What an Edgent board says over USB, line by line, and what it must not be shown saying. Pure: values in, values out.
 * Formats are those of the sketches' Console.h and BlynkState.h, Blynk library 1.2 and later.
 */
const STATE = /(?:^|\s)(?:([A-Z_]+) )?=> ([A-Z_]+)\s*$/;
const NETWORK = /^([* ]) (.*) \[([0-9A-Fa-f:]{17})\] (\S+) ch:(\d+) rssi:(-?\d+)$/;
const SERVER = /Connecting to (\S+):(\d+)\s*$/;
const LAST_ERROR = /Last error code: *(\d{1,4})/;
const INFO_FIELDS = ["name", "board", "tmpl_id", "fw_type", "fw_ver"];
const TALE = [
  [/"msg":"trying to connect/, "good", "The board has it, and tries your network now."],
  [/=> CONNECTING_CLOUD\s*$/, "info", "The board is in your network, and calls its server now."],
  [/Connection failed|SSL error|Secure connection failed|Login timeout/, "bad", "The board is in your network and does not get through to its server. It tries again by itself; the findings tell more."],
  [/Invalid auth token/, "bad", "A server refused the board's token. The findings tell more."],
  [/=> ERROR\s*$/, "bad", "The board gave up, and starts anew. The findings tell more."],
  [/=> RUNNING\s*$/, "good", "The board is connected."],
];
const PASS = /(WiFi SSID: .* Pass: ).*$/;
const TOKEN = /(?<![-_a-zA-Z0-9])([-_a-zA-Z0-9]{4})[-_a-zA-Z0-9]{28}(?![-_a-zA-Z0-9])/g;
const DOTS = "••••••••";

/** The state that a line says the board has entered, or "". */
export const stateIn = (line) => line.match(STATE)?.[2] ?? "";

/** `{host, port}` of the server that a line says the board connects to, or null. */
export function serverIn(line) {
  const found = line.match(SERVER);
  return found ? { host: found[1], port: Number(found[2]) } : null;
}

export const lastErrorIn = (line) => line.match(LAST_ERROR)?.[1] ?? "";

/** One network of `wifi scan`: {ssid, security, channel, rssi}, or null for any other line. */
export function networkIn(line) {
  const found = line.match(NETWORK);
  if (!found) return null;
  return { ssid: found[2], security: found[4], channel: Number(found[5]), rssi: Number(found[6]) };
}

/** What `devinfo` answers, or null. The firmware escapes nothing, so a quote in a name breaks its JSON: then by pattern. */
export function infoIn(line) {
  const text = line.trim();
  if (!text.startsWith('{"name":') || !text.includes('"tmpl_id":')) return null;
  try {
    return JSON.parse(text);
  } catch {
    const pairs = INFO_FIELDS.map((name) => [name, text.match(new RegExp(`"${name}":"(.*?)"(?:,"|}$)`))?.[1] ?? ""]);
    return Object.fromEntries(pairs);
  }
}

export const isUnknownCommand = (line) => line.trim() === "Command not found.";

/** Whether the board refuses the command that was typed, and why. */
export function refusalIn(line) {
  if (isUnknownCommand(line)) return "The board does not know this command.";
  return line.match(/"status":"error","msg":"([^"]*)"/)?.[1] ?? "";
}

/** `{sentence, tone}` of how far a board has come with the network it was given, or null where a line does not tell. */
export function outcomeIn(line) {
  const found = TALE.find(([pattern]) => pattern.test(line));
  return found ? { tone: found[1], sentence: found[2] } : null;
}

/** Tells a board's first try to join a network from those that follow on one which came to nothing. */
export class Joining {
  #count = 0;

  /** Whether `line` says that the board tries again. */
  isAgain(line) {
    if (stateIn(line)) this.#count = 0;
    else if (line.includes("Connecting to WiFi:")) return ++this.#count > 1;
    return false;
  }
}

/** As many of the last lines as have no more than `limit` bytes together, with an end of line each. */
export function lastWithin(lines, limit) {
  const encoder = new TextEncoder();
  let first = lines.length;
  for (let left = limit; first > 0; first -= 1) {
    left -= encoder.encode(lines[first - 1]).length + 1;
    if (left < 0) break;
  }
  return lines.slice(first);
}

/** The networks without a name left out, each name once with its strongest signal, strongest first. */
export function choicesOf(networks) {
  const strongest = new Map();
  for (const network of networks) {
    const known = strongest.get(network.ssid);
    if (network.ssid && (!known || known.rssi < network.rssi)) strongest.set(network.ssid, network);
  }
  return [...strongest.values()].sort((one, other) => other.rssi - one.rssi);
}

/** A line without passwords and tokens; `secrets` are texts that must not stand in it whatever surrounds them. */
export function masked(line, secrets = []) {
  let shown = line.replace(/^(>?\s*connect\s).*$/, `$1${DOTS}`).replace(PASS, `$1${DOTS}`);
  for (const secret of secrets) if (secret.length > 3) shown = shown.replaceAll(secret, DOTS);
  return shown.replace(TOKEN, "$1…");
}

/** Splits what comes in pieces into lines; control characters other than tabs are left out. */
export class Lines {
  #rest = "";
  #limit;

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  /** The lines that `text` completes. A line beyond the limit is given out in pieces. */
  take(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop();
    while (this.#rest.length > this.#limit) {
      lines.push(this.#rest.slice(0, this.#limit));
      this.#rest = this.#rest.slice(this.#limit);
    }
    return lines.map((line) => line.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")).filter((line) => line !== "");
  }
}
