// What several modules need: the page's words, its form token, and elements.

const words = document.querySelector("[data-words]")?.dataset ?? {};

/** A word of the page's language, as base.html hands it over. */
export const word = (name) => words[name] ?? "";

/** The token that lets a form of this page write. */
export const token = () => document.querySelector('input[name="csrf"]')?.value ?? "";

/** An element with a class and text. */
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** Calls `action` once things have been quiet for `wait` milliseconds. */
export function quiet(wait, action) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}

/** "1.4 MB", in the page's language. */
export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit += 1;
  }
  const digits = bytes < 10 && unit ? 1 : 0;
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: units[unit], maximumFractionDigits: digits }).format(bytes);
}
