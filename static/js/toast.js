/**
 * Short answers that float: dismissed by hand, or shown from the answer header `HX-Trigger: {"toast": …}`.
 * Good news leaves by itself, but not while it is pointed at or holds the focus; what asks for something stays.
 */
const LIMIT = 4;
const STAY_MS = 8000;

function leaveLater(toast) {
  if (!toast.matches(".tone-good") || toast.querySelector("form")) return;
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) leaveLater(toast);
    else toast.remove();
  }, STAY_MS);
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast, .notice")?.remove();
});

document.addEventListener("toast", (event) => {
  const template = document.getElementById("toast-template");
  const place = document.getElementById("toasts");
  if (!template || !place) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  const { text = "", tone = "info" } = event.detail ?? {};
  toast.querySelector("[data-toast-text]").textContent = text;
  toast.classList.replace("tone-info", `tone-${tone}`);
  place.append(toast);
  leaveLater(toast);
  while (place.children.length > LIMIT) place.firstElementChild.remove();
});

for (const toast of document.querySelectorAll("#toasts .toast")) leaveLater(toast);
