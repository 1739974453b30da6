// The case page: cards, passages and decisions put together; every act goes through Acts, every key through listen.
import { act, selection } from "./case/dispatch.js";
import { hint } from "./case/hinting.js";
import { openPoint } from "./case/moving.js";
import { label } from "./case/placing.js";
import { attend } from "./case/presence.js";
import { resumeText, tellLeft } from "./case/saving.js";
import { cards, keys, main, viewer, words } from "./case/shared.js";
import { watchStanding } from "./case/standing.js";
import { talk } from "./case/talking.js";
import { tell } from "./case/telling.js";
import { listen } from "./keys.js";

label(document);
listen(keys, main.dataset.singleKeys === "on", act, (place) => {
  const one = cards().find((other) => Number(other.dataset.index) === place);
  if (one) openPoint(Number(one.dataset.point));
});
viewer.point = Number(main.dataset.openPoint);
const asked = new URL(location.href).searchParams;
openPoint(viewer.point, { focus: false, jump: !asked.has("sheet") && !asked.has("doc") });

if (selection) selection.resume();
if (!document.prerendering) attend();
watchStanding();
talk();
hint();
// What an address points to may be folded away.
function toFolded() {
  const found = document.getElementById(location.hash.slice(1));
  if (!found?.closest(".about")) return;
  for (let one = found.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
  found.scrollIntoView({ block: "start" });
  (found.querySelector("h3[tabindex]") ?? found).focus({ preventScroll: true });
}
toFolded();
// While a page loads the browser itself scrolls to what stands behind #, before it is unfolded.
if (document.readyState !== "complete") addEventListener("load", () => setTimeout(toFolded), { once: true });
addEventListener("hashchange", toFolded);
document.addEventListener("click", ({ target }) => {
  if (target.closest?.(".all-findings, .to-findings")) requestAnimationFrame(toFolded); // also the second time, when the address stays
});
if (sessionStorage.getItem("khetcheck.skipped")) {
  sessionStorage.removeItem("khetcheck.skipped");
  tell(words.skipped);
}
tellLeft();
resumeText();
document.documentElement.dataset.ready = "yes";
