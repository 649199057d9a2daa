// Asks before what cannot be undone: <button data-confirm="Revoke this badge?">.
import { element, word } from "./shared.js";

export function start(button) {
  let agreed = false;
  button.addEventListener("click", async (event) => {
    if (agreed) {
      agreed = false;
      return;
    }
    if (button.form && !button.formNoValidate && !button.form.reportValidity()) return;
    event.preventDefault();
    if (!(await ask(button.dataset.confirm, button.textContent.trim()))) return;
    agreed = true;
    button.click();
  });
}

function ask(question, action) {
  const dialog = element("dialog");
  const text = element("p", "", question);
  text.id = "confirm-question";
  dialog.setAttribute("aria-labelledby", text.id);
  const form = element("form", "buttons");
  form.method = "dialog";
  const yes = element("button", "button danger", action || word("confirm"));
  yes.value = "yes";
  const no = element("button", "button", word("cancel"));
  no.value = "no";
  no.autofocus = true;
  form.append(yes, no);
  dialog.append(text, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
