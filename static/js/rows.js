/** Rows of a form: added from a <template>, removed in place. Without script the same buttons ask the server. */
const LAST_PIN = 255;

function say(text) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}

function freePin(list) {
  const taken = new Set();
  for (const input of list.querySelectorAll("[name=datastream-pin]")) {
    taken.add(Number(input.value.trim().toUpperCase().replace(/^V/, "")));
  }
  for (let pin = 0; pin <= LAST_PIN; pin += 1) if (!taken.has(pin)) return `V${pin}`;
  return "";
}

function addRow(noun) {
  const list = document.querySelector(`[data-rows="${noun}"]`);
  const row = document.querySelector(`template[data-blank-row="${noun}"]`).content.firstElementChild.cloneNode(true);
  const pin = row.querySelector("[name=datastream-pin]");
  if (pin) pin.value = freePin(list);
  list.append(row);
  (row.querySelector("[name=datastream-name]") ?? row.querySelector("input")).focus();
}

function removeRow(row) {
  const list = row.parentElement;
  const near = row.nextElementSibling ?? row.previousElementSibling;
  const next = near?.querySelector("[data-remove-row]") ?? document.querySelector(`[data-add-row="${list.dataset.rows}"]`);
  row.remove();
  next?.focus();
  say("Row removed. Nothing is saved yet.");
}

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  const remove = event.target.closest("[data-remove-row]");
  if (!add && !remove) return;
  event.preventDefault();
  if (add) addRow(add.dataset.addRow);
  else removeRow(remove.closest("[data-row]"));
});
