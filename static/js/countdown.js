/**
 * Counts down to a deadline; when it has passed, says so and takes the secrets that died with it off the page. The server
 * says how many seconds are left, so that a browser whose clock is wrong counts right.
 */
const deadlines = new WeakMap();

function secondsLeft(element) {
  if (!deadlines.has(element)) deadlines.set(element, Date.now() + Number(element.dataset.secondsLeft) * 1000);
  return Math.floor((deadlines.get(element) - Date.now()) / 1000);
}

function clock(seconds) {
  if (seconds >= 2 * 86400) return `${Math.floor(seconds / 86400)} days`;
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = pad(seconds % 60);
  return hours ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function mask(secret) {
  const value = secret.querySelector(".copy-value");
  value.value = secret.dataset.hint;
  value.removeAttribute("data-token-slot");
  secret.querySelector("[data-copy-target]")?.setAttribute("disabled", "");
}

/** The secret whose clock this is, and every other place that shows the same one. */
function maskAll(countdown) {
  const secret = countdown.closest("[data-secret]");
  if (!secret) return;
  const isSession = secret.querySelector("[data-token-slot]");
  const others = isSession ? document.querySelectorAll("[data-secret]:has([data-token-slot])") : [];
  for (const one of new Set([secret, ...others])) mask(one);
}

function tick() {
  for (const element of document.querySelectorAll("[data-seconds-left]:not([data-expired])")) {
    const left = secondsLeft(element);
    element.textContent = left > 0 ? clock(left) : element.dataset.done;
    if (left > 0) continue;
    element.dataset.expired = "";
    maskAll(element);
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSwap", tick);
