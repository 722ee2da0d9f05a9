/**
 * The form of a WiFi network on the pages of the hotspot and USB routes. Its inputs have no names, so that no browser
 * ever sends them; what is typed stays in this tab, and is forgotten when the session has ended.
 */
import { problemsOf } from "./wifi-config.js";

const FIELDS = ["ssid", "pass", "ip", "mask", "gw", "dns"];
const page = document.querySelector("[data-session-id]");
const form = document.querySelector("[data-wifi-form]");
const storeKey = `landfall.wifi.${page?.dataset.sessionId}`;
const tokenKey = `landfall.token.${page?.dataset.sessionId}`;

const inputOf = (name) => form.querySelector(`[data-wifi="${name}"]`);

/** Everything that the board is told. */
export function fields() {
  const values = Object.fromEntries(FIELDS.map((name) => [name, inputOf(name)?.value ?? ""]));
  for (const name of ["ip", "mask", "gw", "dns"]) values[name] = values[name].trim();
  const { gatewayHost, gatewayPort, gatewayTlsPort } = page.dataset;
  return {
    ...values,
    token: sessionStorage.getItem(tokenKey) ?? "",
    host: gatewayHost,
    port: Number(gatewayPort),
    portTls: Number(gatewayTlsPort),
  };
}

function noteOf(input) {
  return document.getElementById(input.getAttribute("aria-describedby"));
}

/** Show each problem at its field; those of no field stand above the form. Returns whether nothing is refused. */
export function showProblems({ isFinal }) {
  const problems = problemsOf(fields());
  for (const name of FIELDS) {
    const input = inputOf(name);
    if (!input) continue;
    const problem = problems.find((found) => found.field === name);
    const isShown = problem && (isFinal || problem.isWarning || input.value !== "");
    const note = noteOf(input);
    note.dataset.help ??= note.textContent;
    note.textContent = isShown ? problem.text : note.dataset.help;
    note.classList.toggle("field-error", Boolean(isShown && !problem.isWarning));
    if (isShown && !problem.isWarning) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  const general = problems.filter((problem) => !inputOf(problem.field));
  const place = form.querySelector("[data-wifi-problem]");
  place.textContent = general.map((problem) => problem.text).join(" ");
  place.closest(".notice").hidden = general.length === 0;
  if (isFinal) form.querySelector("[aria-invalid]")?.focus();
  return problems.every((problem) => problem.isWarning);
}

export function setNetwork(ssid) {
  inputOf("ssid").value = ssid;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  inputOf("pass").focus();
}

function keep() {
  sessionStorage.setItem(storeKey, JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, inputOf(name)?.value]))));
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(storeKey) ?? "{}");
  for (const name of FIELDS) if (kept[name] && inputOf(name)) inputOf(name).value = kept[name];
}

/** Call `changed` now and whenever something is typed. */
export function follow(changed) {
  restore();
  form.addEventListener("input", () => {
    keep();
    showProblems({ isFinal: false });
    changed();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[data-wifi-reveal]")?.addEventListener("change", (event) => {
    inputOf("pass").type = event.target.checked ? "text" : "password";
  });
  changed();
}

export function forget() {
  sessionStorage.removeItem(storeKey);
  for (const name of FIELDS) if (inputOf(name)) inputOf(name).value = "";
}
