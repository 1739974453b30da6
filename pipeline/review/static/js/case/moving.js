// From point to point and from passage to passage, with the document pane following.
import { showGuide } from "./folding.js";
import { light, unfold } from "./placing.js";
import { makeRoom } from "./room.js";
import { card, cards, panel, viewer } from "./shared.js";

export function openPoint(point, { focus = true, jump = true } = {}) {
  if (!card(point)) return;
  viewer.point = point;
  for (const one of document.querySelectorAll(".panel")) one.hidden = Number(one.dataset.point) !== point;
  showGuide(panel());
  document.querySelector(".panels").scrollTop = 0;
  for (const one of panel().querySelectorAll(".passage.open")) one.classList.remove("open");
  makeRoom();
  const best = panel().querySelector(".passage");
  viewer.passage = best?.id ?? null;
  light();
  card(point).scrollIntoView({ block: "nearest", inline: "nearest" });
  if (focus) panel().querySelector("h2").focus({ preventScroll: true });
  if (best && jump) viewer.show(best);
  else if (viewer.sheet) {
    viewer.light();
    viewer.keepAddress();
  }
}

export function stepPoint(by) {
  const all = cards().map((one) => Number(one.dataset.point));
  openPoint(all[(all.indexOf(viewer.point) + by + all.length) % all.length]);
}

export function stepPassage(by) {
  const all = [...panel().querySelectorAll(".passage")].filter((one) => one.checkVisibility());
  if (!all.length) return false;
  const at = all.findIndex((one) => one.id === viewer.passage);
  toPassage(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  return true;
}

export function toPassage(item, show = true) {
  viewer.passage = item.id;
  light();
  item.closest("details")?.setAttribute("open", "");
  unfold(item);
  item.scrollIntoView({ block: "nearest" });
  item.focus({ preventScroll: true });
  if (show) viewer.show(item);
}
