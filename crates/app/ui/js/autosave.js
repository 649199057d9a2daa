// Saves a draft while it is written: <form data-autosave-url="…"> with a
// [data-autosave-state] that says so.
import { quiet, token, word } from "./shared.js";

export function start(form) {
  const state = form.querySelector("[data-autosave-state]");
  let last = text();
  let saving = false;
  state?.setAttribute("role", "status");

  function text() {
    const fields = new FormData(form);
    return new URLSearchParams([...fields].filter(([, value]) => typeof value === "string")).toString();
  }

  async function save() {
    const now = text();
    if (now === last || saving) return;
    saving = true;
    say("saving");
    let kept = false;
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: new URLSearchParams(now),
        headers: { "X-CSRF-Token": token(), Accept: "application/json" },
      });
      kept = answer.ok;
      const told = await answer.json().catch(() => ({}));
      const version = form.elements.namedItem("version");
      if (kept && told.version !== undefined && version) version.value = told.version;
    } catch {
      kept = false;
    }
    saving = false;
    last = kept ? now : last;
    say(kept ? "saved" : "notSaved");
    if (kept) {
      last = withVersion(now);
      if (text() !== last) soon();
    }
  }

  // The version that came back is not a change of the person's.
  function withVersion(saved) {
    const version = form.elements.namedItem("version");
    if (!version) return saved;
    const fields = new URLSearchParams(saved);
    fields.set("version", version.value);
    return fields.toString();
  }

  function say(what) {
    if (!state) return;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format();
    state.textContent = what === "saved" ? `${word(what)} · ${time}` : word(what);
    state.classList.toggle("error", what === "notSaved");
  }

  const soon = quiet(1500, save);
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", () => (last = text()));
  window.addEventListener("beforeunload", (event) => {
    if (text() !== last) event.preventDefault();
  });
}
