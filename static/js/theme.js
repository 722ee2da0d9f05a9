/** The theme switch: system, light, dark in turn, remembered in a cookie that the server draws the page by. */
const ORDER = ["system", "light", "dark"];
const YEAR_SECONDS = 31536000;

const current = () => document.documentElement.dataset.theme ?? "system";

function name() {
  for (const place of document.querySelectorAll("[data-theme-name]")) place.textContent = current();
}

function set(theme) {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    document.cookie = "theme=; path=/; max-age=0; samesite=lax";
  } else {
    document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  }
  name();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  set(ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length]);
});

name();
