/** Check my sketch: what the form's piece cannot say itself, because its answer never came or was none to show. */
const TOO_LARGE = 413;
const SENTENCES = {
  [TOO_LARGE]: "The text is larger than this Landfall takes. Paste the part that matters.",
  403: "This page is too old to send the form. Reload it and try again.",
};

function say(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warn" } }));
}

document.addEventListener("htmx:responseError", (event) => {
  if (!event.target.closest("[data-sketch-check]")) return;
  say(SENTENCES[event.detail.xhr.status] ?? "The text could not be checked. Try again in a moment.");
});

document.addEventListener("htmx:sendError", (event) => {
  if (event.target.closest("[data-sketch-check]")) say("The server does not answer. Try again in a moment.");
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "check-result") document.getElementById("check-result")?.focus();
});
