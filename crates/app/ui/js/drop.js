// A drop zone round a file input: [data-drop]. The form may take the files
// itself (upload.js); otherwise they go into the input, and the form is sent
// at once when the zone says data-drop="send".

export function start(zone) {
  const input = zone.querySelector('input[type="file"]');
  if (!input) return;
  let depth = 0;
  const mark = (over) => zone.classList.toggle("over", over);

  zone.addEventListener("dragenter", (event) => {
    event.preventDefault();
    depth += 1;
    mark(true);
  });
  zone.addEventListener("dragleave", () => {
    depth -= 1;
    mark(depth > 0);
  });
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    mark(false);
    take(event.dataTransfer.files);
  });
  if (zone.dataset.drop === "send") input.addEventListener("change", () => input.form.requestSubmit());

  function take(files) {
    if (!files.length) return;
    const dropped = new CustomEvent("files-dropped", { bubbles: true, cancelable: true, detail: files });
    if (!zone.dispatchEvent(dropped)) return;
    const chosen = new DataTransfer();
    [...files].slice(0, input.multiple ? files.length : 1).forEach((file) => chosen.items.add(file));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
