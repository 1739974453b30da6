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

export const hush = () => place.replaceChildren();

// Puts values into a text of the catalogue, as the server does.
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
