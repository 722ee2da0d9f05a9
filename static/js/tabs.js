/** In-page tabs: links to panels become tabs with arrow keys; the choice is remembered under the set's key. */
const storageKey = (set) => `landfall.tab.${set.dataset.tabsKey}`;

function remembered(set) {
  try {
    return set.dataset.tabsKey ? localStorage.getItem(storageKey(set)) : null;
  } catch {
    return null;
  }
}

function remember(set, choice) {
  try {
    if (set.dataset.tabsKey) localStorage.setItem(storageKey(set), choice);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** What a tab stands for: sets that share a key and their choices (data-tab-choice) are chosen together. */
const choiceOf = (tab) => tab.dataset.tabChoice ?? tab.hash.slice(1);

/** The tabs of this set alone, not those of sets inside its panels. */
const tabsOf = (set) => [...(set.querySelector(":scope > .tab-list")?.querySelectorAll(".tab") ?? [])];

const panelOf = (tab) => document.getElementById(tab.hash.slice(1));

function select(set, tab) {
  for (const other of tabsOf(set)) {
    const isChosen = other === tab;
    other.setAttribute("aria-selected", String(isChosen));
    other.tabIndex = isChosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !isChosen;
  }
}

function prepare(set) {
  const tabs = tabsOf(set);
  if (!tabs.length) return;
  set.querySelector(":scope > .tab-list").setAttribute("role", "tablist");
  for (const tab of tabs) {
    const panel = panelOf(tab);
    tab.id ||= `tab-${panel.id}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.removeAttribute("aria-label");
  }
  const wanted = location.hash && document.getElementById(location.hash.slice(1));
  const choice =
    tabs.find((tab) => wanted && panelOf(tab).contains(wanted)) ?? tabs.find((tab) => choiceOf(tab) === remembered(set));
  select(set, choice ?? tabs[0]);
  set.dataset.ready = "";
}

function chooseAlike(set, tab) {
  for (const other of document.querySelectorAll(`[data-tabs-key="${CSS.escape(set.dataset.tabsKey)}"]`)) {
    const alike = other !== set && tabsOf(other).find((each) => choiceOf(each) === choiceOf(tab));
    if (alike) select(other, alike);
  }
}

function prepareAll() {
  for (const set of document.querySelectorAll("[data-tabs]:not([data-ready])")) prepare(set);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tabs] [role=tab]");
  if (!tab) return;
  event.preventDefault();
  const set = tab.closest("[data-tabs]");
  select(set, tab);
  remember(set, choiceOf(tab));
  if (tab.dataset.tabChoice) chooseAlike(set, tab);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[data-tabs] [role=tab]");
  if (!tab) return;
  const tabs = tabsOf(tab.closest("[data-tabs]"));
  const at = tabs.indexOf(tab);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const chosen = tabs[next % tabs.length];
  chosen.focus();
  chosen.click();
});

prepareAll();
document.addEventListener("htmx:afterSwap", prepareAll);
