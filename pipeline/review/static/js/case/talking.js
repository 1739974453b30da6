// Asking a colleague and answering: the talk alone is put in place, so that nothing else in the panel moves.
import { loginAddress, token } from "../sending.js";
import { stored } from "../typed/fields.js";
import { light, place } from "./placing.js";
import { panel, words } from "./shared.js";
import { tell } from "./telling.js";

// From the head of a point to its talk, which stands below the evidence: to whom the question goes is chosen first.
export function askColleague() {
  const box = panel().querySelector(".talk");
  if (!box) return tell(words.nobody_to_ask);
  box.open = true;
  const field = box.querySelector("select") ?? box.querySelector("summary");
  field.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
}

export function talk() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches(".talking")) return;
    event.preventDefault();
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRF-Token": token(), "X-Part": "talk" },
      body: new URLSearchParams(new FormData(form)),
    }).catch(() => null);
    if (!response) return tell(words.failed);
    if (!response.ok) {
      const answer = await response.json().catch(() => ({}));
      if (response.status === 401 || answer.forged) location.assign(loginAddress());
      else tell(answer.detail ?? String(response.status));
      return;
    }
    const field = form.querySelector("textarea");
    stored(field, field.value); // what was said needs no keeping any more
    field.value = "";
    const box = form.closest(".talk");
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const [fresh, itsCard] = [answer.querySelector(".talk"), answer.querySelector(".card")];
    fresh.open = true;
    box.replaceWith(document.adoptNode(fresh));
    document.querySelector(`#${fresh.id} summary`).focus();
    if (itsCard) {
      place(itsCard.id, itsCard.outerHTML);
      light();
    }
  });
}
