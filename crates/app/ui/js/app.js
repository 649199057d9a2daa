// Makes pages smoother; every page works without it. Each module is loaded only
// where the page asks for it by a data attribute.

document.documentElement.classList.add("js");

const modules = {
  "[data-upload]": "./upload.js",
  "[data-drop]": "./drop.js",
  "[data-live]": "./live-search.js",
  "[data-autosave-url]": "./autosave.js",
  "[data-copy]": "./copy.js",
  "[data-keys]": "./keys.js",
  "[data-confirm]": "./confirm.js",
  "[data-progress-url]": "./progress.js",
};

const awake = {}; // which elements each module has had

/** Brings what has come into the page to life. */
export function wake(root) {
  for (const [selector, file] of Object.entries(modules)) {
    const known = (awake[selector] ??= new WeakSet());
    const found = [...root.querySelectorAll(selector)].filter((element) => !known.has(element));
    found.forEach((element) => known.add(element));
    if (found.length) import(file).then((module) => found.forEach((element) => module.start(element)));
  }
}
wake(document);

// An error summary is where a keyboard or a screen reader should be.
document.querySelector("[data-focus]")?.focus();

// Menus close on Escape, on a click elsewhere and when the focus leaves.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}
