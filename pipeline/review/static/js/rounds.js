// The pages of rounds: sending a ZIP or folders, and a file in the place of one that could not be read.
import { chosen, dropped } from "./rounds/dropped.js";
import { listChosen } from "./rounds/listing.js";
import { ask, Refused, sendFiles } from "./rounds/pieces.js";

const filled = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const mebibytes = (bytes) => `${(bytes / 1048576).toFixed(bytes < 10485760 ? 1 : 0)} MB`;

// A round that nobody named: its ZIP, or the one folder that everything came in.
const nameOf = (files) => {
  const tops = new Set(files.map(({ name }) => name.split("/")[0]));
  return tops.size === 1 ? [...tops][0].replace(/\.zip$/i, "").slice(0, 200) : "";
};

function readyUpload(form) {
  const words = JSON.parse(form.dataset.words);
  const drop = form.querySelector("#drop");
  const status = form.querySelector("#chosen");
  const bar = form.querySelector("#sent");
  const problem = form.querySelector("#upload-problem");
  const button = form.querySelector("button");
  let files = [];
  let busy = false;

  const size = () => files.reduce((sum, { file }) => sum + file.size, 0);
  const fail = (text) => {
    problem.textContent = text;
    problem.hidden = false;
  };
  const take = (some) => {
    const known = new Set(some.map(({ name }) => name));
    keep([...files.filter(({ name }) => !known.has(name)), ...some]);
  };
  const keep = (all) => {
    files = all;
    problem.hidden = true;
    status.textContent = files.length
      ? filled(words.chosen, { files: files.length, size: mebibytes(size()) })
      : words.none;
    const { mostBytes, mostFiles } = form.dataset;
    if (size() > Number(mostBytes) || files.length > Number(mostFiles)) fail(words.large);
    listChosen(form, words, files, (left) => {
      if (!busy) keep(left);
    });
  };

  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      take(chosen(input));
      input.value = ""; // what was taken out may be chosen again
    });
  }
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!busy) take(await dropped(event.dataTransfer));
  });
  addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    if (!files.length) return fail(words.none);
    busy = button.disabled = true;
    problem.hidden = true;
    bar.hidden = false;
    try {
      const quick = form.querySelector("#quick").checked;
      const label = form.querySelector("#label").value.trim() || nameOf(files);
      const { round } = await ask("/rounds/uploads", { label, quick });
      await sendFiles(round, files, (bytes) => {
        bar.value = bytes / Math.max(size(), 1);
        status.textContent = filled(words.sending, { sent: mebibytes(bytes), size: mebibytes(size()) });
      });
      status.textContent = words.unpacking;
      bar.removeAttribute("value");
      const { to } = await ask(`/rounds/${round}/sent`, {});
      busy = false;
      location.assign(to);
    } catch (error) {
      busy = button.disabled = false;
      bar.hidden = true;
      bar.value = 0;
      fail((error instanceof Refused && error.message) || words.failed);
    }
  });
}

async function mend(form) {
  const words = JSON.parse(form.dataset.words);
  const { round, submission } = form.dataset;
  const problem = form.querySelector(".problem");
  const button = form.querySelector("button");
  const files = chosen(form.querySelector("input[type=file]"));
  problem.hidden = true;
  const fail = (text) => {
    problem.textContent = text;
    problem.hidden = false;
    button.disabled = false;
  };
  if (!files.length) return fail(words.choose);
  button.disabled = true;
  try {
    await ask(`/rounds/${round}/clear`, {});
    await sendFiles(round, files, () => {});
    const { to } = await ask(`/rounds/${round}/mend`, { submission, replaced: form.elements.replaced.value });
    location.assign(to);
  } catch (error) {
    fail((error instanceof Refused && error.message) || words.failed);
  }
}

const upload = document.getElementById("upload");
if (upload) readyUpload(upload);
// the page puts itself in place anew while a round runs: forms are heard wherever they come from
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("form.mend")) return;
  event.preventDefault();
  mend(event.target);
});
