/**
 * What a board can be told of a WiFi network, as its firmware takes it: limits, the address of its /config page, and the
 * command of its serial console. Pure: values in, values out; nothing here sends anything.
 *
 * Limits are those of the record that Blynk.Edgent keeps (ConfigStore.h: wifiSSID[34], wifiPass[64], cloudToken[34],
 * cloudHost[34]) and of WiFi itself (IEEE 802.11: 32 bytes of name; 8 to 63 printable ASCII characters of passphrase).
 * The console splits its line at blanks and reads \x20 and \\ (BlynkConsole.h, split_argv and unescape; 255 bytes).
 */
const SSID_BYTES = 32;
const PASS_LENGTH = 63;
const HOST_LENGTH = 33;
const LINE_BYTES = 254;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;
const TOKEN = /^[-_a-zA-Z0-9]{32}$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const STATIC_FIELDS = { ip: "IP address", mask: "Subnet mask", gw: "Gateway", dns: "DNS server" };

export const bytesOf = (text) => new TextEncoder().encode(text).length;

const refuse = (field, text) => ({ field, text, isWarning: false });
const warn = (field, text) => ({ field, text, isWarning: true });

function* ssidProblems(ssid) {
  const length = bytesOf(ssid);
  if (ssid === "") yield refuse("ssid", "Give the name of your WiFi network.");
  else if (CONTROLS.test(ssid)) yield refuse("ssid", "The name has characters that cannot be sent. Type it by hand.");
  else if (length > SSID_BYTES)
    yield refuse("ssid", `The name has ${length} bytes; a WiFi network's name has ${SSID_BYTES} at most.`);
  else if (ssid !== ssid.trim()) yield warn("ssid", "The name begins or ends with a blank. Is that so?");
}

function* passProblems(pass) {
  if (pass === "") {
    yield warn("pass", "Without a password the board joins open networks only.");
  } else if (/^[0-9a-f]{64}$/i.test(pass)) {
    yield refuse(
      "pass",
      "This is a key of 64 digits. The board keeps 63 characters and would cut it: use the passphrase it was made from.",
    );
  } else if (!/^[\x20-\x7e]*$/.test(pass)) {
    yield refuse("pass", "A WiFi password has only ASCII letters, digits and signs. Check for typographic quotes or accents.");
  } else if (pass.length > PASS_LENGTH) {
    yield refuse("pass", `The password has ${pass.length} characters; the board keeps ${PASS_LENGTH} and would cut it.`);
  } else if (pass.length < 8 && pass.length !== 5) {
    yield refuse("pass", "A WiFi password has at least 8 characters.");
  }
}

function* addressProblems(fields) {
  const given = Object.keys(STATIC_FIELDS).filter((name) => fields[name]);
  for (const name of given) {
    if (!IPV4.test(fields[name])) yield refuse(name, `${STATIC_FIELDS[name]}: four numbers from 0 to 255 with dots between.`);
  }
  if (given.length && !fields.ip) yield refuse("ip", "Give the board's own IP address, or leave all four empty.");
  for (const name of ["mask", "gw"]) {
    if (fields.ip && !fields[name]) yield refuse(name, `${STATIC_FIELDS[name]}: a fixed address needs it.`);
  }
}

function* serverProblems(fields) {
  if (!TOKEN.test(fields.token)) yield refuse("token", "This tab does not have the session's token. Open a new session.");
  if (fields.host.length > HOST_LENGTH)
    yield refuse("host", `The gateway's name has ${fields.host.length} characters; boards keep ${HOST_LENGTH}.`);
}

/** What stands in the way, or is worth a second look: {field, text, isWarning} each, refusals and warnings in order. */
export function problemsOf(fields) {
  return [
    ...ssidProblems(fields.ssid),
    ...passProblems(fields.pass),
    ...addressProblems(fields),
    ...serverProblems(fields),
  ];
}

export const isReady = (fields) => problemsOf(fields).every((problem) => problem.isWarning);

/**
 * The address of the board's own /config with everything that any version asks for. `save` is 0: the board tries the
 * network first, and opens its hotspot again with the cause in last_error where that fails.
 */
export function configUrl(base, fields) {
  const query = { if: "wifi", ssid: fields.ssid, pass: fields.pass, blynk: fields.token, host: fields.host };
  Object.assign(query, { port: fields.port, port_ssl: fields.portTls, save: 0 });
  for (const name of Object.keys(STATIC_FIELDS)) if (fields[name]) query[name] = fields[name];
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${base.replace(/\/+$/, "")}/config?${pairs.join("&")}`;
}

/** One argument of the console, so that it comes through as it is. */
export const escapeArgument = (text) => text.replaceAll("\\", "\\\\").replaceAll(" ", "\\x20");

/** `connect <auth> <ssid> [pass]`, as the console of library 1.2 and later takes it; null where its line is too long. */
export function connectCommand(fields) {
  const words = ["connect", fields.token, escapeArgument(fields.ssid)];
  if (fields.pass) words.push(escapeArgument(fields.pass));
  const line = words.join(" ");
  return bytesOf(line) > LINE_BYTES ? null : line;
}
