// Looking for words in the case's documents: pages are pictures, which the browser's own search cannot read. What is found
// is framed on its page; Enter goes on to the next place, Shift+Enter back. And the place of a finding, which is found alike.
import { main, viewer, words } from "./shared.js";
import { filled, tell } from "./telling.js";

const form = document.getElementById("find");
const box = form?.querySelector("input");
const count = form?.querySelector("[role=status]");
let [asked, places, at] = ["", [], -1];

const ask = async (path) => {
  const response = await fetch(`/cases/${main.dataset.case}/${path}`).catch(() => null);
  return response?.ok && !response.redirected ? response.json() : null;
};

function put(text, found) {
  [asked, places, at] = [text, found, -1];
  for (const button of form.querySelectorAll("button")) button.disabled = !found.length;
  count.textContent = text && !found.length ? words.nothing_found : "";
}

// The first place at or after what is shown now.
function here() {
  const inDocument = places.findIndex(({ document: one }) => one === viewer.documentId);
  const onward = places.findIndex(
    ({ document: one, sheet }) => one === viewer.documentId && !viewer.isWord(one) && sheet >= viewer.number,
  );
  return Math.max(0, onward >= 0 ? onward : inDocument);
}

async function look(by) {
  const text = box.value.trim();
  if (text !== asked) {
    const found = text ? await ask(`words?text=${encodeURIComponent(text)}`) : { places: [] };
    if (!found || text !== box.value.trim()) return;
    put(text, found.places);
    if (!places.length) return;
    at = here();
  } else if (places.length) at = (at + by + places.length) % places.length;
  else return;
  const place = places[at];
  count.textContent = filled(words.found_of, { at: at + 1, count: places.length });
  await viewer.showFound(place.document, place.sheet, place.block);
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  look(1);
});
form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.shiftKey || event.target !== box) return;
  event.preventDefault();
  look(-1);
});
form?.addEventListener("click", ({ target }) => {
  const step = target.closest("[data-find]");
  if (step) look(Number(step.dataset.find));
});
box?.addEventListener("input", () => {
  if (!box.value.trim()) put("", []);
});

export function openSearch() {
  box?.focus();
  box?.select();
}

// A finding tells its words, and in a Word file no page: where they stand is asked for once somebody wants to see them.
export async function toFinding(link) {
  const place = await ask(`findings/${link.dataset.placeOf}/place`);
  if (place?.block !== undefined) await viewer.showFound(place.document, place.sheet, place.block);
  else {
    await viewer.go(Number(link.dataset.document), Number(link.dataset.sheet));
    if (!place) tell(words.place_unknown);
  }
}
