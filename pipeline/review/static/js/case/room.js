// The decision bar stays in sight while evidence scrolls beneath it: what is scrolled to must stop below it, and what it
// covers has not been seen.
import { panel, viewer } from "./shared.js";

const scroller = document.querySelector(".panels");
const listeners = [];
let told = null;
let onPage = 0;

// How much of the window's top the bar takes once it sticks there.
export const covered = () => told ?? 0;
// The same of the pane with the page, which the bar covers only where all panes scroll together.
export const coversPage = () => onPage;
export const onRoom = (listener) => listeners.push(listener);

export function makeRoom() {
  const bar = viewer.point && panel()?.querySelector(".decision");
  if (!bar) return;
  const sticks = getComputedStyle(bar).position === "sticky";
  const height = sticks ? bar.offsetHeight : 0;
  const apart = getComputedStyle(scroller).overflowY !== "visible";
  scroller.style.scrollPaddingTop = `${height + 4}px`;
  document.documentElement.style.scrollPaddingTop = apart ? "" : `${height + 4}px`;
  const covers = Math.max(0, Math.round(height + (apart ? scroller.getBoundingClientRect().top : 0)));
  onPage = apart ? 0 : Math.round(height);
  if (covers === told) return;
  told = covers;
  for (const listener of listeners) listener();
}

const watched = new ResizeObserver(makeRoom);
watched.observe(scroller);
for (const bar of document.querySelectorAll(".decision")) watched.observe(bar);
