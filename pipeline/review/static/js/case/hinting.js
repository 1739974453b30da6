// A line below the page that says what can be done with its text, until somebody has done it or waved it away.
import { recall, retain } from "../windows.js";

const KEY = "khetcheck.hint.drag";
const line = document.getElementById("drag-hint");

export function hint() {
  if (!line || recall(KEY)) return;
  line.hidden = false;
  line.querySelector("[data-hint-away]").addEventListener("click", away);
  document.addEventListener("act-stored", ({ detail }) => {
    if (detail.kind === "added") away();
  });
}

function away() {
  line.hidden = true;
  retain(KEY, "known");
}
