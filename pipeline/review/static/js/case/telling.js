// Says what could not be done, or what was done instead: in sight for a while, and at once to screen readers.
const STAYS_MS = 8000;
const place = document.getElementById("told");
let timer;

export function tell(text) {
  const line = document.createElement("p");
  line.textContent = text;
  place.replaceChildren(line);
  clearTimeout(timer);
  timer = setTimeout(() => place.replaceChildren(), STAYS_MS);
}

// What an act on a point could not do, or did with something left open, stands beside its button until the next act;
// a panel that is put in place anew meanwhile shows it again.
let beside = null;
export function tellBeside(point, text) {
  beside = { point, text };
  showBeside(document);
}
export function showBeside(root) {
  const slot = beside && root.querySelector(`.at-button[data-point="${beside.point}"]`);
  if (!slot) return;
  const line = document.createElement("p");
  line.textContent = beside.text;
  slot.replaceChildren(line);
}

export function hush() {
  place.replaceChildren();
  beside = null;
  for (const slot of document.querySelectorAll(".at-button")) slot.replaceChildren();
}

// Puts values into a text of the catalogue, as the server does.
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
