// Copies the text of a field or element: <button data-copy="id of it">.
import { word } from "./shared.js";

export function start(button) {
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const text = source.value ?? source.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      source.select?.(); // no permission: leave it selected for the person to copy
      return;
    }
    label.textContent = word("copied");
    label.setAttribute("role", "status");
    setTimeout(() => (label.textContent = before), 2500);
  });
}
