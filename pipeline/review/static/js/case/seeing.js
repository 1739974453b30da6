// What of a point's evidence has really been on the screen, in its list or in whole on the page of the document: each
// listed passage for a moment, while the page was visible.
// Kept for as long as the tab lives, so that a reload asks nobody to look twice.
import { covered, coversPage, onRoom } from "./room.js";
import { main, panel, viewer } from "./shared.js";

const MOMENT_MS = 400;
const ENOUGH = 0.6; // of a passage's words, or of a screen full of them
const KEY = `khetcheck.seen.${main.dataset.user}.${main.dataset.case}`;
// A reviewer's own addition needs no second look; what lies in a closed fold is not counted as evidence.
const LISTED = ".passages > .passage:not(.added), .not-found";

const kept = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
};
const seen = new Set(kept());
const timers = new Map();

// The words of a passage say whether it was seen: its buttons alone do not. Closed, those are its two lines.
const words = (item) => item.querySelector("blockquote") ?? item;
const nameOf = (item) => item.id || `not-found-${item.closest(".panel").dataset.point}`;
const listed = (panel) => [...panel.querySelectorAll(LISTED)].filter((item) => !item.closest(".others"));

function keep(item) {
  seen.add(nameOf(item));
  observer.unobserve(words(item));
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...seen]));
  } catch {
    // a full store costs a second look after a reload, no more
  }
}

// The passages that a target shows: the listed one that it is part of, or those of the open point whose words it has.
function itemsOf(target) {
  if (!target.isConnected) return [];
  const item = target.closest(LISTED);
  if (item) return [item];
  const [passage, block] = [target.dataset.passage, target.dataset.block];
  return listed(panel()).filter(
    (one) =>
      one.id === passage ||
      (block && one.dataset.block === block && one.dataset.document === String(viewer.documentId)),
  );
}

function stop(target) {
  clearTimeout(timers.get(target));
  timers.delete(target);
}

function start(target) {
  if (timers.has(target) || document.hidden) return;
  const end = () => {
    timers.delete(target);
    const items = itemsOf(target);
    if (!items.length || document.hidden) return;
    // a dialog lies over the page: wait until it is gone
    if (document.querySelector("dialog[open]")) start(target);
    else items.forEach(keep);
  };
  timers.set(target, setTimeout(end, MOMENT_MS));
}

function look(entries) {
  for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
    const whole = rootBounds ? intersectionRect.height / rootBounds.height : 0;
    if (intersectionRatio >= ENOUGH || whole >= ENOUGH) start(target);
    else stop(target);
  }
}

// What lies under the decision bar is not on the screen.
const opened = () =>
  new IntersectionObserver(look, {
    threshold: [0, 0.2, 0.4, ENOUGH, 0.8, 1],
    rootMargin: `-${covered()}px 0px 0px 0px`,
  });
let observer = opened();

// On the page only the open point's words count, whole ones, and only once the picture has come.
const WHOLE = 0.97;
function lookAtPage(entries) {
  for (const { target, intersectionRatio } of entries) {
    if (intersectionRatio >= WHOLE) start(target);
    else stop(target);
  }
}
let page = null;
function watchPage() {
  page?.disconnect();
  for (const target of [...timers.keys()]) if (target.closest("#sheet") || !target.isConnected) stop(target);
  const [sheet, open] = [viewer.sheet, viewer.point && panel()];
  if (!sheet || !open) return;
  const rootMargin = `-${coversPage()}px 0px 0px 0px`;
  page = new IntersectionObserver(lookAtPage, { threshold: [0, WHOLE, 1], rootMargin });
  const picture = sheet.querySelector(".paper img");
  if (picture && !picture.complete) picture.addEventListener("load", watchPage, { once: true });
  for (const item of listed(open).filter((one) => !seen.has(nameOf(one)))) {
    const [{ block, document: documentId }, hit] = [item.dataset, `.hit[data-passage="${item.id}"]`];
    if (picture?.naturalWidth) for (const box of sheet.querySelectorAll(hit)) page.observe(box);
    if (Number(documentId) !== viewer.documentId) continue;
    for (const words of sheet.querySelectorAll(`.text-view [data-block="${block}"]`)) page.observe(words);
  }
}
document.addEventListener("lit", watchPage);

function watch() {
  for (const target of [...timers.keys()]) if (!target.isConnected) stop(target);
  for (const item of document.querySelectorAll(LISTED))
    if (!seen.has(nameOf(item)) && !item.closest(".others")) observer.observe(words(item));
}

// Acts put fresh panels in place of old ones; what they list is watched anew.
new MutationObserver(watch).observe(document.querySelector(".panels"), { childList: true, subtree: true });
function anew() {
  for (const target of [...timers.keys()]) stop(target);
  observer.disconnect();
  observer = opened();
  watch();
  watchPage();
}
document.addEventListener("visibilitychange", anew);
onRoom(anew);
watch();

export const unseenOf = (panel) => listed(panel).filter((item) => !seen.has(nameOf(item)));
