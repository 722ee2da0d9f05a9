/** Keeps relative times fresh, and gives every time the reader's zone. Thresholds as in console/kit/relative_time.py. */
const UNITS = [
  [31536000, "year"],
  [2592000, "month"],
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];
const exactFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

function distance(seconds) {
  const [size, name] = UNITS.find(([size]) => seconds >= size) ?? [1, "second"];
  const count = Math.floor(seconds / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function phrase(kind, at) {
  const past = (Date.now() - at.getTime()) / 1000;
  if (kind === "since") return past < 5 ? "just now" : `${distance(past)} ago`;
  if (kind === "for") return past < 5 ? "just now" : `for ${distance(past)}`;
  if (kind === "until") return past > -1 ? "now" : `in ${distance(-past)}`;
  return exactFormat.format(at);
}

function refresh() {
  for (const element of document.querySelectorAll("time[data-time]")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const text = phrase(element.dataset.time, at);
    if (element.textContent !== text) element.textContent = text;
    const title = exactFormat.format(at);
    if (element.title !== title) element.title = title;
  }
}

refresh();
setInterval(refresh, 5000);
document.addEventListener("htmx:afterSwap", refresh);
