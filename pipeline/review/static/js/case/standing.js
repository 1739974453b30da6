// Whether the case is still this reader's, and whether another window went on with it: asked while somebody works here.
import { acts, refresh } from "./saving.js";
import { main, say, words } from "./shared.js";

const EVERY_MS = 15000;

export function watchStanding() {
  let [last, asking, touched] = [Date.now(), false, false];
  const ask = async () => {
    if (asking || document.hidden) return;
    [asking, touched, last] = [true, false, Date.now()];
    const response = await fetch(`/cases/${main.dataset.case}/standing`).catch(() => null);
    asking = false;
    if (!response?.ok || response.redirected) return; // an ended session is told by what is typed or decided next
    const { version, holder } = await response.json();
    tell(holder);
    if (!holder && version > acts.version && !acts.waiting.length) refresh();
  };
  // Nobody there, no question: a session that nobody uses runs out as it should.
  for (const name of ["pointerdown", "keydown"])
    addEventListener(
      name,
      () => {
        touched = true;
        if (Date.now() - last > EVERY_MS) ask();
      },
      { passive: true, capture: true },
    );
  setInterval(() => touched && ask(), EVERY_MS);
  document.addEventListener("visibilitychange", ask);
}

function tell(holder) {
  const told = document.getElementById("taken-over");
  if (!holder) {
    told?.remove();
    return;
  }
  if (told) return;
  const notice = document.createElement("div");
  notice.id = "taken-over";
  notice.className = "notice warn";
  const text = document.createElement("p");
  text.textContent = words.taken_over.replace("{name}", holder);
  const again = document.createElement("a");
  again.href = location.href;
  again.textContent = words.look;
  notice.append(text, again);
  document.getElementById("notices").prepend(notice);
  say(text.textContent);
}
