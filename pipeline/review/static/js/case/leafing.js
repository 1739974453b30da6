// Reading on by keys: a screenful at a time within the page, and the next page once the end of this one was seen. And the
// box with the page's number: what stands in it is replaced by what is typed.
import { viewer, words } from "./shared.js";
import { filled, tell } from "./telling.js";

const SCREENFUL = 0.85; // the last lines stay in sight, so that the eye finds where it was
const END_PX = 4;

export function leaf(by) {
  const { frame } = viewer;
  const left = !frame ? 0 : by > 0 ? frame.scrollHeight - frame.clientHeight - frame.scrollTop : frame.scrollTop;
  if (left > END_PX) frame.scrollBy({ top: by * SCREENFUL * frame.clientHeight, behavior: "instant" });
  else if (!viewer.turn(by, by > 0 ? "top" : "bottom")) tell(words.no_sheet);
}

export async function goToNumber(box) {
  const number = Number(box.value);
  if (!Number.isInteger(number) || number < 1 || number > viewer.sheets) {
    tell(filled(words.no_such_sheet, { number: box.value, count: viewer.sheets }));
    box.value = viewer.number;
    if (document.activeElement === box) box.select();
    return;
  }
  await viewer.go(viewer.documentId, number);
  viewer.frame?.focus({ preventScroll: true }); // keys act on the page again
}

document.addEventListener("click", ({ target }) => {
  if (target.matches?.("[data-goto]")) target.select();
});
