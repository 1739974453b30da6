// What of a point's evidence has really been on the screen: each listed passage for a moment, while the page was visible.
// Kept for as long as the tab lives, so that a reload asks nobody to look twice.
import { covered, onRoom } from "./room.js";
import { main } from "./shared.js";

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

function stop(target) {
  clearTimeout(timers.get(target));
  timers.delete(target);
}

function start(target) {
  if (timers.has(target) || document.hidden) return;
  const end = () => {
    timers.delete(target);
    const item = target.closest(LISTED);
    if (!item?.isConnected || document.hidden) return;
    // a dialog lies over the page: wait until it is gone
    if (document.querySelector("dialog[open]")) start(target);
    else keep(item);
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
}
document.addEventListener("visibilitychange", anew);
onRoom(anew);
watch();

export const unseenOf = (panel) => listed(panel).filter((item) => !seen.has(nameOf(item)));
