/** Forms: one submit at a time, the first error in focus, filters that apply when they are chosen. */
const LOCK_MS = 8000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "allowResubmit" in form.dataset) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  // A download or a failed connection leaves the page as it was: the form must work again.
  setTimeout(() => form.removeAttribute("aria-busy"), LOCK_MS);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-autosubmit]")) event.target.form?.requestSubmit();
});

// A page that comes back from the browser's memory is not being submitted any more.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

document.querySelector("[aria-invalid=true]")?.focus();
