/** The command palette: a combobox over templates, devices and pages; Ctrl or Command and K opens it. */
const WAIT_MS = 120;
const palette = document.getElementById("palette");
const input = palette?.querySelector("[role=combobox]");
const list = palette?.querySelector("[role=listbox]");
const note = palette?.querySelector("[data-palette-note]");
let timer = 0;
let asked = 0;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function draw(results) {
  list.replaceChildren(
    ...results.map(({ title, kind, url }, index) => {
      const option = document.createElement("a");
      option.className = "palette-option";
      option.id = `palette-option-${index}`;
      option.href = url;
      option.tabIndex = -1;
      option.setAttribute("role", "option");
      const label = document.createElement("span");
      label.className = "truncate";
      label.textContent = title;
      const badge = document.createElement("span");
      badge.className = "palette-kind";
      badge.textContent = kind;
      option.append(label, badge);
      return option;
    }),
  );
  choose(options()[0]);
  note.textContent = results.length ? "Arrow keys choose, Enter opens." : "Nothing found.";
}

async function ask() {
  const number = ++asked;
  const url = `${palette.dataset.paletteUrl}?q=${encodeURIComponent(input.value)}`;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const results = await answer.json();
    if (number === asked) draw(results);
  } catch {
    if (number === asked) note.textContent = "The search does not answer. Try again in a moment.";
  }
}

function open() {
  if (palette.open) return;
  palette.showModal();
  input.value = "";
  input.focus();
  ask();
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) open();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter") chosen()?.click();
    else return;
    event.preventDefault();
  });
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    for (const key of document.querySelectorAll("[data-palette-key]")) key.textContent = "⌘ K";
  }
}
