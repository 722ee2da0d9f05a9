/**
 * Reads the tag that the Blynk library leaves in compiled firmware: `blnkinf`, a zero byte, then names and values, each
 * ended by a zero byte, up to an empty name (Blynk library 1.4.0 source, BlynkApiArduino.h). The file stays in the
 * browser: it is read in slices, never sent and never whole in memory.
 */
const TAG = "blnkinf\0";
const SLICE_BYTES = 1 << 20;
const TAG_REACH = 2048;
const FILE_LIMIT = 64 * (1 << 20);
const PAIRS_LIMIT = 32;
const VALUE_LIMIT = 256;
const NAME = /^[a-z][a-z0-9_-]{0,15}$/;
const LABELS = {
  "fw-type": "Firmware type",
  tmpl: "Template ID",
  mcu: "Firmware version",
  ncp: "Network module version",
  fw: "Firmware version",
  ver: "Version",
  build: "Built",
  blynk: "Blynk library",
  dev: "Board",
  cpu: "Processor",
  con: "Connection",
  "h-beat": "Heartbeat",
  "buff-in": "Buffer",
};
const VERSION_NAMES = ["mcu", "ncp", "fw"];

/** The pairs that begin at `bytes`, or null where they are not a tag's: the word may stand in a file by chance. */
function pairsOf(bytes) {
  const decoder = new TextDecoder();
  const pairs = new Map();
  let start = 0;
  let name = null;
  for (let end = bytes.indexOf(0, start); end !== -1; end = bytes.indexOf(0, start)) {
    if (end - start > VALUE_LIMIT) return null;
    const text = decoder.decode(bytes.subarray(start, end));
    start = end + 1;
    if (name !== null) {
      pairs.set(name, text);
      name = null;
    } else if (text === "") {
      return isTag(pairs) ? pairs : null;
    } else if (!NAME.test(text) || pairs.size >= PAIRS_LIMIT) {
      return null;
    } else {
      name = text;
    }
  }
  return null;
}

function isTag(pairs) {
  return pairs.has("fw-type") || pairs.has("tmpl") || [...VERSION_NAMES, "ver"].some((name) => pairs.has(name));
}

/** The first tag in `file`, or null. One slice at a time; the end of each is looked at again with the next. */
async function findTag(file) {
  const decoder = new TextDecoder("latin1");
  let overlap = "";
  for (let offset = 0; offset < file.size; offset += SLICE_BYTES) {
    const bytes = new Uint8Array(await file.slice(offset, offset + SLICE_BYTES).arrayBuffer());
    const text = overlap + decoder.decode(bytes);
    for (let at = text.indexOf(TAG); at !== -1; at = text.indexOf(TAG, at + 1)) {
      const begin = at + TAG.length - overlap.length;
      const isWhole = begin >= 0 && (begin + TAG_REACH <= bytes.length || offset + bytes.length >= file.size);
      // Only near the end of a slice does the tag go on in the next one.
      const rest = isWhole
        ? bytes.subarray(begin, begin + TAG_REACH)
        : new Uint8Array(await file.slice(offset + begin, offset + begin + TAG_REACH).arrayBuffer());
      const pairs = pairsOf(rest);
      if (pairs) return pairs;
    }
    overlap = text.slice(-(TAG.length - 1));
  }
  return null;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function finding(tone, what, evidence, next) {
  const box = element("div", `finding tone-${tone}`);
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Finding");
  box.append(element("p", "finding-what", what));
  if (evidence) box.append(element("pre", "finding-evidence", evidence));
  if (next) {
    const step = element("div", "finding-next");
    step.append(next instanceof Node ? next : element("p", "", next));
    box.append(step);
  }
  return box;
}

function factsOf(pairs) {
  const list = element("dl", "facts");
  for (const [name, value] of pairs) {
    const row = element("div");
    row.append(element("dt", "", LABELS[name] ?? name), element("dd", "mono", value || "–"));
    list.append(row);
  }
  return list;
}

const TEMPLATE_ID = /^TMPL[A-Za-z0-9_-]{9}$/;

function linkTo(templateId) {
  if (!TEMPLATE_ID.test(templateId)) return "Copy this template's firmware lines into the sketch, and build it again.";
  const link = element("a", "btn", `Open ${templateId}`);
  link.href = `/templates/${templateId}/`;
  return link;
}

/** What the tag says about this template. */
function judge(pairs, wanted) {
  const built = pairs.get("tmpl") ?? pairs.get("fw-type") ?? "";
  const evidence = `The file: ${built || "no template id"}\nThis template: ${wanted}`;
  if (built === wanted) return finding("good", "The file was built for this template.", evidence);
  if (!built) {
    return finding("warn", "The file names no template.", evidence, "Put the firmware lines above the includes, and build it again.");
  }
  if (built.toLowerCase() === wanted.toLowerCase()) {
    return finding("bad", "The template id differs in capital and small letters.", evidence, linkTo(""));
  }
  return finding("bad", "The file was built for another template.", evidence, linkTo(built));
}

async function show(section, file) {
  const place = section.querySelector("[data-firmware-result]");
  const turn = (section.firmwareTurn = (section.firmwareTurn ?? 0) + 1);
  place.replaceChildren(element("p", "muted", `Reading ${file.name}…`));
  const drawn = await drawing(section, file);
  // A file chosen meanwhile is the one that counts.
  if (turn === section.firmwareTurn) place.replaceChildren(...drawn);
}

async function drawing(section, file) {
  if (file.size > FILE_LIMIT) {
    return [finding("warn", "The file is larger than any board's firmware.", file.name, "Choose the .bin that the Arduino IDE exports.")];
  }
  let pairs;
  try {
    pairs = await findTag(file);
  } catch {
    return [finding("warn", "The browser could not read the file.", file.name, "Choose it again: it may have changed since.")];
  }
  if (!pairs) {
    const size = `${file.size.toLocaleString("en-GB")} bytes were read.`;
    return [
      finding(
        "warn",
        "The file has no tag of the Blynk library.",
        `${file.name}\n${size}`,
        "Choose the application's .bin, not the bootloader's or the partition table's; firmware without the library has none.",
      ),
    ];
  }
  return [judge(pairs, section.dataset.templateId), factsOf(pairs)];
}

function prepare(section) {
  const field = section.querySelector("[data-firmware-file]");
  const zone = section.querySelector("[data-drop-zone]");
  // A file that was built again has the same name, and choosing it again would change nothing.
  field.addEventListener("click", () => {
    field.value = "";
  });
  field.addEventListener("change", () => {
    if (field.files[0]) show(section, field.files[0]);
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) show(section, event.dataTransfer.files[0]);
  });
  section.dataset.ready = "";
  // Chosen before this script ran, or kept by the browser from the last visit.
  if (field.files[0]) show(section, field.files[0]);
}

// A file dropped beside the place for it would make the browser leave the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
for (const section of document.querySelectorAll("[data-firmware-tag]")) prepare(section);
