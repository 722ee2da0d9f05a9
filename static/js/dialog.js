/** Dialogs: opened by links whose address is the way without script; a deletion is confirmed by typing the name. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    dialog.showModal();
    const first = dialog.querySelector("input:not([type=hidden]), select, textarea");
    first?.focus();
    // A name that stands there is about to be replaced.
    first?.select?.();
    return;
  }
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  if (event.target === dialog || event.target.closest("[data-dialog-close]")) {
    event.preventDefault();
    dialog.close();
  }
});

// What is fetched into a dialog each time it opens is not shown again while the next is on its way.
document.addEventListener(
  "close",
  (event) => event.target.querySelector?.("[data-dialog-fresh]")?.replaceChildren(),
  true,
);

function setConfirmed(form) {
  const typed = form.elements.namedItem("confirm");
  const button = form.querySelector("button[type=submit]");
  if (typed && button) button.disabled = typed.value.trim() !== form.dataset.confirmName;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-confirm-name]");
  if (form) setConfirmed(form);
});

for (const form of document.querySelectorAll("form[data-confirm-name]")) setConfirmed(form);
