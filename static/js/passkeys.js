/** Says in words what went wrong between the browser and a passkey, where allauth's script would only log it. */
const SENTENCES = {
  NotAllowedError: "The passkey did not answer, or you stopped. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: "The browser offers no passkeys at this address.",
  NotSupportedError: "This browser or device cannot do that. Try another one.",
};
const OTHERWISE = "That did not work. Reload the page, then try again.";
const NONE = "This browser offers no passkeys. Use another way, or another browser.";

function say(sentence) {
  for (const place of document.querySelectorAll("[data-passkey-answer]")) {
    place.querySelector("p").textContent = sentence;
    place.hidden = false;
  }
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(window.PublicKeyCredential ? (SENTENCES[event.detail.exception?.name] ?? OTHERWISE) : NONE);
});
