// What opens and closes on the case page: what a point asks, the score's table; and the order in which passages stand.
import { post } from "../sending.js";
import { refresh } from "./saving.js";

export function fold(details) {
  if (!details) return;
  details.open = !details.open;
  if (details.open) details.scrollIntoView({ block: "nearest" });
}

// Pop-ups lie over the page: Escape and a click elsewhere close them. Says whether one was open.
export function closePopUps(except = null) {
  const open = [...document.querySelectorAll("details.pop-up[open]")].filter((one) => !one.contains(except));
  for (const one of open) one.open = false;
  return open.length > 0;
}

export async function chooseOrder(button) {
  for (const one of document.querySelectorAll("[data-order]"))
    one.setAttribute("aria-pressed", String(one.dataset.order === button.dataset.order));
  await post("/preferences/order", { order: button.dataset.order });
  await refresh();
}
