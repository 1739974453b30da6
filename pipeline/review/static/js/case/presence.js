// Being there: tells the server that a case is being looked at. Looking claims nothing; it only keeps "next case" from
// handing the same untouched case to two people. What became of the case meanwhile, standing.js asks.

import { token } from "../sending.js";
import { main } from "./shared.js";

const BEAT_MS = 60000;
const BETWEEN_MS = 2000;
// A name for this life of the page: on a reload the old one may say good-bye after the new one has come.
const life = crypto.getRandomValues(new Uint32Array(2)).join("");
let stirred = false;
let last = 0;

function look() {
  if (Date.now() - last < BETWEEN_MS) return;
  last = Date.now();
  stirred = false;
  post("open").catch(() => {}); // without a network, the next look tells it
}

const post = (what, more = {}) =>
  fetch(`/cases/${main.dataset.case}/${what}`, {
    method: "POST",
    headers: { "X-CSRF-Token": token(), "Content-Type": "application/json" },
    body: JSON.stringify({ page: life }),
    ...more,
  });

const stir = () => {
  stirred = true;
};

export function attend() {
  for (const name of ["pointerdown", "pointermove", "keydown", "scroll"])
    addEventListener(name, stir, { passive: true, capture: true });
  setInterval(() => {
    if (stirred && !document.hidden) look();
  }, BEAT_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
  addEventListener("focus", look);
  addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
  addEventListener("pagehide", () => {
    post("leave", { keepalive: true }).catch(() => {});
  });
  look();
}
