// Whether the case is still this reader's, and whether another window went on with it: asked while somebody works here,
// and when they come back to the window. What is told of it stands in the page as the server words it.
import { whenNobodyTypes } from "../typing.js";
import { acts, refresh, showState } from "./saving.js";
import { main } from "./shared.js";

const EVERY_MS = 15000;
const BETWEEN_MS = 2000;
const STAYS_MS = 10 * 60000; // whoever has just read on is still there, though nothing was pressed

export function watchStanding() {
  let [last, asking, touched] = [Date.now(), false, Date.now()];
  const ask = async () => {
    if (asking || document.hidden) return;
    [asking, last] = [true, Date.now()];
    const response = await fetch(`/cases/${main.dataset.case}/standing`).catch(() => null);
    asking = false;
    if (response?.redirected) showState("login", acts?.waiting.length ?? 0); // the session has ended: a link leads back
    if (!response?.ok || response.redirected) return;
    const { version, holder } = await response.json();
    const theirs = main.dataset.acting === "yes";
    if (!holder && !acts) whenNobodyTypes(() => location.reload());
    else if (theirs === Boolean(holder)) refresh();
    else if (theirs && version > acts.version && !acts.waiting.length) refresh();
  };
  const back = () => Date.now() - last > BETWEEN_MS && ask();
  // Nobody there, no question: a session that nobody uses runs out as it should.
  for (const name of ["pointerdown", "keydown"])
    addEventListener(
      name,
      () => {
        touched = Date.now();
        if (Date.now() - last > EVERY_MS) ask();
      },
      { passive: true, capture: true },
    );
  setInterval(() => Date.now() - touched < STAYS_MS && ask(), EVERY_MS);
  document.addEventListener("visibilitychange", ask);
  addEventListener("focus", back);
  addEventListener("pageshow", ({ persisted }) => persisted && ask());
}
