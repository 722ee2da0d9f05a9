/** Copy buttons: copy the value or text of the element they name, and answer in place. Works without HTTPS too. */
import { announce } from "./announce.js";

const ANSWER_MS = 2000;

function textOf(element) {
  return "value" in element ? element.value : element.textContent.replace(/\n$/, "");
}

/** The clipboard of pages without HTTPS: select a text field that nobody sees, and let the browser copy the selection. */
function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  field.setAttribute("readonly", "");
  field.setAttribute("aria-hidden", "true");
  const before = document.activeElement;
  (before?.closest("dialog") ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  before?.focus?.();
  return isCopied;
}

async function copy(text) {
  try {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // The browser refused its clipboard (no focus, or a policy): the older way may still work.
  }
  return copyBySelection(text);
}

function answerOf(button, text, isCopied) {
  if (!isCopied) return "Select and copy by hand";
  if (!button.closest("[data-code-block]")) return "Copied";
  const count = text.split("\n").length;
  return `Copied, ${count} ${count === 1 ? "line" : "lines"}`;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-target]");
  if (!button) return;
  const source = button.dataset.copyTarget ? document.getElementById(button.dataset.copyTarget) : null;
  const text = source ? textOf(source) : button.dataset.copy;
  if (text === undefined) return;
  const isCopied = await copy(text);
  if (!isCopied) source?.select?.();
  const answer = answerOf(button, text, isCopied);
  const place = button.querySelector("[data-copy-answer]");
  if (place) place.textContent = answer;
  button.dataset.copied = isCopied ? "done" : "failed";
  announce(answer);
  clearTimeout(button.copyTimer);
  button.copyTimer = setTimeout(() => delete button.dataset.copied, ANSWER_MS);
});

/** The meaning of the line under the pointer or the focus, in the one line kept for it. */
function explain(event) {
  const line = event.target.closest?.("[data-meaning]");
  const block = line?.closest("[data-code-block]");
  const place = block?.querySelector("[data-code-meaning]");
  if (!place) return;
  for (const other of block.querySelectorAll(".is-current")) other.classList.remove("is-current");
  line.classList.add("is-current");
  place.textContent = line.dataset.meaning;
}

document.addEventListener("pointerover", explain);
document.addEventListener("focusin", explain);
