/** Whether this page reaches Landfall, as its polls tell: `changed` is called with each answer, and with each that is missing. */
export function followConnection(changed) {
  let isAway = false;
  const note = (hasAnswer) => {
    const wasAway = isAway;
    isAway = !hasAnswer;
    changed({ isAway, wasAway });
  };
  document.addEventListener("htmx:sendError", () => note(false));
  document.addEventListener("htmx:timeout", () => note(false));
  document.addEventListener("htmx:afterOnLoad", () => note(true));
  window.addEventListener("offline", () => note(false));
  window.addEventListener("online", () => window.htmx.trigger("#progress", "refresh"));
}
