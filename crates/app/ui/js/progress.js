// Follows a long job: an element with data-progress-url that answers
// {done, total, state}; it holds a <progress> and a [data-progress-text].
// When the state is "done" or "failed" the page is loaded again.

const WAIT = 1500;
const LONGEST = 15000;

export function start(box) {
  const bar = box.querySelector("progress");
  const text = box.querySelector("[data-progress-text]");
  let wait = WAIT;

  async function look() {
    try {
      const answer = await fetch(box.dataset.progressUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const { done, total, state } = await answer.json();
      if (bar) {
        bar.max = Math.max(total, 1);
        bar.value = done;
      }
      if (text) text.textContent = `${done} / ${total}`;
      if (state === "done" || state === "failed") {
        location.reload();
        return;
      }
      wait = WAIT;
    } catch {
      wait = Math.min(wait * 2, LONGEST);
    }
    setTimeout(look, document.hidden ? LONGEST : wait);
  }
  look();
}
