// Puts fresh pieces of the case into the page, and shows which point and which passage are open.
import { dress, fields } from "../typed/fields.js";
import { patch } from "./patching.js";
import { card, cards, keys, viewer } from "./shared.js";
import { showBeside } from "./telling.js";

export function place(id, html) {
  const old = document.getElementById(id);
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  if (!old || !fresh) return;
  const opened = [...old.querySelectorAll("details")].map((one) => one.open);
  for (const { id: one } of old.querySelectorAll(".passage.open")) {
    const twin = fresh.querySelector(`#${one}`);
    if (twin) unfold(twin);
  }
  fresh.querySelectorAll("details").forEach((one, at) => {
    one.open = opened[at] ?? one.open;
  });
  fresh.hidden = id.startsWith("panel-") && fresh.dataset.point !== String(viewer.point);
  const top = old.parentElement.scrollTop;
  const here = patch(old, fresh);
  here.parentElement.scrollTop = top;
  htmx.process(here);
  label(here);
  showBeside(here);
  for (const field of fields(here)) dress(field);
}

export function focusAgain(id, passage, held) {
  const where = (passage && document.getElementById(passage)) || document.getElementById(id);
  const target =
    (held && where?.querySelector(`[data-act="${held}"]:not(:disabled)`)) ||
    (passage && where) ||
    where?.querySelector("h2[tabindex], button");
  target?.focus({ preventScroll: true });
}

// Show a level as chosen before the server has said so.
export function showChosen(point, state) {
  card(point).dataset.state = state;
  card(point).classList.add("pending");
  for (const button of document.querySelectorAll(`#panel-${point} .level`))
    button.setAttribute("aria-pressed", String(button.dataset.act === `level_${state}`));
}

// A passage is two lines until it is gone to; one is open at a time.
export function unfold(item) {
  for (const one of item.closest(".panel").querySelectorAll(".passage.open")) {
    if (one !== item && !one.querySelector(".editing")) one.classList.remove("open");
  }
  item.classList.add("open");
}

export function label(root) {
  for (const mark of root.querySelectorAll("[data-key-of]")) {
    const key = keys[mark.dataset.keyOf];
    if (key) mark.textContent = key[1];
  }
}

export function light() {
  for (const one of cards()) {
    const current = Number(one.dataset.point) === viewer.point;
    one.classList.toggle("current", current);
    one.querySelector(".card-open").setAttribute("aria-expanded", String(current));
  }
  for (const one of document.querySelectorAll(".passage")) one.classList.toggle("current", one.id === viewer.passage);
}
