// Keys for reviewers: <form data-keys>. 1 to 9 choose a level of the criterion
// at hand, j and k move, c goes to its comment, ? opens <dialog data-keys-help>.

export function start(form) {
  const criteria = [...form.querySelectorAll(".criterion")];
  const help = document.querySelector("dialog[data-keys-help]");
  let at = -1;

  function go(to) {
    if (!criteria.length) return;
    criteria[at]?.classList.remove("open");
    at = Math.max(0, Math.min(to, criteria.length - 1));
    const here = criteria[at];
    here.classList.add("open");
    const radios = [...here.querySelectorAll('input[type="radio"]')];
    (radios.find((radio) => radio.checked) ?? radios[0])?.focus({ preventScroll: true });
    here.scrollIntoView({ block: "nearest" });
  }

  function choose(number) {
    const here = criteria[Math.max(at, 0)];
    const radio = here?.querySelectorAll('input[type="radio"]')[number - 1];
    if (!radio || radio.disabled) return;
    if (at < 0) go(0);
    radio.checked = true;
    radio.focus({ preventScroll: true });
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }

  form.addEventListener("focusin", (event) => {
    const here = criteria.indexOf(event.target.closest(".criterion"));
    if (here < 0 || here === at) return;
    criteria[at]?.classList.remove("open");
    at = here;
    criteria[at].classList.add("open");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])")) return;
    if (event.key >= "1" && event.key <= "9") choose(Number(event.key));
    else if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "c") criteria[Math.max(at, 0)]?.querySelector("textarea")?.focus();
    else if (event.key === "?" && help) help.showModal();
    else return;
    event.preventDefault();
  });

  document.querySelectorAll("[data-keys-open]").forEach((button) => button.addEventListener("click", () => help?.showModal()));
}
