/** The recovery codes as a file, made in the browser: the server shows them once and has no second page of them. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-download-codes]");
  if (!button) return;
  const codes = document.getElementById(button.dataset.codes).textContent;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([codes], { type: "text/plain" }));
  link.download = button.dataset.downloadCodes;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
