// Several files at once, each with its own progress: <form data-upload
// data-upload-url="…"> with a file input and a list [data-files]. One POST per
// file; 201 answers {id, title, size, html}, a problem {title, detail}.
import { wake } from "./app.js";
import { element, size, token, word } from "./shared.js";

const AT_ONCE = 2;

export function start(form) {
  const input = form.querySelector('input[type="file"]');
  const list = form.querySelector("[data-files]") ?? form.appendChild(element("ul", "files"));
  list.setAttribute("aria-live", "polite");
  const waiting = [];
  let running = 0;
  // The files go up at once; the form's own button is for people without script.
  input.required = false;
  form.querySelectorAll("[data-upload-send]").forEach((button) => (button.hidden = true));

  function next() {
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      send(waiting.shift());
    }
  }

  function add(file) {
    const row = element("li");
    const text = element("span", "name", file.name);
    text.append(element("span", "detail", size(file.size)));
    row.append(element("span"), text, element("span"));
    list.append(row);
    waiting.push({ file, row });
    next();
  }

  function send(job) {
    const { file, row } = job;
    const bar = element("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${word("uploading")} ${file.name}`);
    row.querySelectorAll(".error, button").forEach((old) => old.remove());
    row.append(bar);

    const body = new FormData();
    body.append("csrf", token());
    body.append(input.name, file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.uploadUrl);
    request.setRequestHeader("X-CSRF-Token", token());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("loadend", () => {
      running -= 1;
      bar.remove();
      const answer = read(request.responseText);
      if (request.status === 201) arrived(row, file, answer);
      else failed(job, answer);
      next();
      // what the page offers next depends on what is there now
      const done = !running && !waiting.length && !list.querySelector(".error");
      if (done && "uploadReload" in form.dataset) window.location.reload();
    });
    request.send(body);
  }

  function arrived(row, file, answer) {
    if (answer.html) {
      const holder = document.createElement("template");
      holder.innerHTML = answer.html; // drawn and escaped by our own server
      row.replaceWith(holder.content);
      wake(list);
    } else {
      row.querySelector(".name").firstChild.textContent = answer.title ?? file.name;
    }
    form.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: answer }));
  }

  function failed(job, answer) {
    const why = answer.detail || answer.title || word("uploadFailed");
    const message = element("p", "error", why);
    message.setAttribute("role", "alert");
    const retry = element("button", "button small", word("retry"));
    retry.type = "button";
    retry.addEventListener("click", () => {
      waiting.push(job);
      next();
    });
    const remove = element("button", "button small quiet", word("remove"));
    remove.type = "button";
    remove.addEventListener("click", () => job.row.remove());
    const buttons = job.row.lastElementChild;
    job.row.append(message);
    buttons.append(retry, remove);
  }

  const take = (files) => [...files].forEach(add);
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  form.addEventListener("files-dropped", (event) => {
    event.preventDefault();
    take(event.detail);
  });
}

function read(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
