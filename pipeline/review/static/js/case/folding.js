// What opens and closes on the case page: what a point asks, the score's table; and the order in which passages stand.
import { post } from "../sending.js";
import { refresh } from "./saving.js";

// What a point asks stays open from point to point and from case to case, until its reader closes it.
const GUIDE = "khetcheck.guide";
let guideOpen = sessionStorage.getItem(GUIDE) === "open";

export function showGuide(panel) {
  const guide = panel.querySelector(".asked");
  if (guide) guide.open = guideOpen;
}

function keepGuide(guide) {
  guideOpen = guide.open;
  sessionStorage.setItem(GUIDE, guideOpen ? "open" : "closed");
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.matches(".asked") && !target.closest(".panel").hidden) keepGuide(target);
    // what was opened is brought into sight; whoever came to a passage in it is there already
    if (target.matches(".others") && target.open && !target.querySelector(".current"))
      target.scrollIntoView({ block: "start" });
  },
  true,
);

export function fold(details) {
  if (!details) return;
  details.open = !details.open;
  if (details.matches(".asked")) keepGuide(details);
  if (!details.open) return;
  const why = details.previousElementSibling; // what explains the figures inside stays in sight with them
  if (why?.matches(".held-back")) why.scrollIntoView({ block: "start" });
  else details.scrollIntoView({ block: "nearest" });
}

// Pop-ups lie over the page: Escape and a click elsewhere close them. Says whether one was open.
export function closePopUps(except = null) {
  const open = [...document.querySelectorAll("details.pop-up[open]")].filter((one) => !one.contains(except));
  for (const one of open) {
    if (one.contains(document.activeElement)) one.querySelector("summary").focus();
    one.open = false;
  }
  return open.length > 0;
}

export async function chooseOrder(button) {
  for (const one of document.querySelectorAll("[data-order]"))
    one.setAttribute("aria-pressed", String(one.dataset.order === button.dataset.order));
  await post("/preferences/order", { order: button.dataset.order }, { keepalive: true }); // outlives a reload
  await refresh();
}
