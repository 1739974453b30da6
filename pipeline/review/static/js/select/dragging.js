// Words under the pointer: where each stands on the page's picture, and dragging over them.
import { tellNoWords } from "./no_words.js";

const place = (overlay, event) => {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(overlay.getScreenCTM().inverse());
  return { x: point.x, y: point.y };
};

const boxAt = (overlay, { x, y }) => {
  return [...overlay.querySelectorAll(".block-box")].find((box) => {
    const [bx, by, bw, bh] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
    return x >= bx - 2 && x <= bx + bw + 2 && y >= by - 2 && y <= by + bh + 2;
  });
};

// The words of the page that is shown, asked for once and known a little later.
export class PageWords {
  constructor(viewer) {
    this.viewer = viewer;
    this.of = new Map(); // block -> [[start, end, boxes]]
  }

  load() {
    const { caseId, documentId, number, sheet } = this.viewer;
    this.loading ??= fetch(`/cases/${caseId}/documents/${documentId}/sheets/${number}/words?view=${sheet.dataset.view}`)
      .then((response) => (response.ok ? response.json() : []))
      .then((blocks) => {
        for (const { block, words } of blocks) this.of.set(block, words);
        sheet.dataset.words = "known";
      })
      .catch(() => {
        this.loading = null; // asked for again at the next touch
      });
    return this.loading;
  }

  wordAt({ x, y }, onlyBlock = null) {
    let best = null;
    for (const [block, words] of this.of) {
      if (onlyBlock !== null && block !== onlyBlock) continue;
      for (const word of words) {
        for (const [x0, y0, x1, y1] of word[2]) {
          const distance = Math.max(x0 - x, 0, x - x1) + 3 * Math.max(y0 - y, 0, y - y1);
          if (!best || distance < best.distance) best = { block, word, distance };
        }
      }
    }
    return best && (onlyBlock !== null || best.distance < 12) ? best : null;
  }
}

// Drag over words; a click without a drag takes the whole block, or follows a box to its passage. Nothing waits for the
// places of the words but a drag itself: they may come after the button is up again.
export function drag(selection, event) {
  if (event.button !== 0) return;
  const overlay = event.currentTarget;
  const from = place(overlay, event);
  const hit = event.target.closest(".hit");
  event.preventDefault();
  const { words } = selection;
  const known = words.load();
  let [start, to] = [null, null];
  const reach = () => {
    start ??= words.wordAt(from);
    const end = start && words.wordAt(to, start.block);
    if (end)
      selection.take(start.block, Math.min(start.word[0], end.word[0]), Math.max(start.word[1], end.word[1]), false);
  };
  const move = (now) => {
    const here = place(overlay, now);
    if (!to && Math.hypot(here.x - from.x, here.y - from.y) < 4) return;
    to = here;
    reach();
  };
  const done = () => {
    overlay.removeEventListener("pointermove", move);
    removeEventListener("pointerup", release);
    removeEventListener("pointercancel", done);
  };
  const release = async () => {
    done();
    if (to) {
      await known;
      if (!overlay.isConnected) return;
      reach();
    }
    if (!to && hit) document.dispatchEvent(new CustomEvent("to-passage", { detail: hit.dataset.passage }));
    else if (!start) {
      // also a drag where no word has a place: on scanned pages
      const box = boxAt(overlay, from);
      if (box) selection.takeBlock(Number(box.dataset.block));
      else if (to) tellNoWords(selection);
    } else if (selection.chosen) selection.open();
  };
  overlay.addEventListener("pointermove", move);
  addEventListener("pointerup", release);
  addEventListener("pointercancel", done);
}
