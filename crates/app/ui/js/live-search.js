// The catalogue follows what is typed and ticked: <form data-live method="get">.
// The answer's #results takes the place of the page's.
import { wake } from "./app.js";
import { quiet } from "./shared.js";

export function start(form) {
  let asked;

  async function look() {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value) query.delete(name, value);
    const url = `${form.action.split("?")[0]}?${query}`;
    const results = document.getElementById("results");
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("results");
      if (!found) throw new Error("no results in the answer");
      results.replaceWith(found);
      wake(found);
      counts(page);
      history.replaceState(null, "", url);
    } catch (problem) {
      if (problem.name !== "AbortError") form.submit();
    }
  }

  // The facets keep their place and their focus; only their numbers change.
  function counts(page) {
    for (const count of form.querySelectorAll("[data-count]")) {
      const fresh = page.querySelector(`[data-count="${CSS.escape(count.dataset.count)}"]`);
      count.textContent = fresh?.textContent ?? "0";
    }
  }

  const soon = quiet(300, look);
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
}
