// Deciding between two readers: the page of a passage opens beside the columns, and deciding one point changes that point
// and the score alone, so that reasons in the making on the others stay as they are.
import { loginAddress, token } from "./sending.js";
import { stored, write } from "./typed/fields.js";

const beside = document.getElementById("beside");
const told = document.getElementById("told");
const RETRY_MS = 1500;
let asked = 0;

function tell(text) {
  const line = document.createElement("p");
  line.textContent = text;
  told.replaceChildren(...(text ? [line] : []));
}

async function show(address, block) {
  const mine = ++asked;
  const query = block === undefined ? "" : `?block=${block}`;
  const response = await fetch(address + query).catch(() => null);
  if (mine !== asked) return;
  if (response?.status === 202) {
    beside.textContent = beside.dataset.converting;
    setTimeout(() => mine === asked && show(address, block), RETRY_MS);
    return;
  }
  if (!response?.ok) {
    beside.textContent = beside.dataset.failed;
    return;
  }
  if (response.redirected) {
    location.assign(loginAddress());
    return;
  }
  beside.innerHTML = await response.text();
  beside.dataset.address = address.replace(/\d+$/, "");
  if (block !== undefined) mark(block);
}

function mark(block) {
  const places = [...beside.querySelectorAll(`[data-block="${block}"]`)];
  for (const place of places) place.classList.add("cursor");
  const seen = places.find((place) => place.getClientRects().length && place.getBoundingClientRect().height > 1);
  const frame = beside.querySelector(".paper-frame");
  if (!seen || !frame) return;
  const picture = beside.querySelector(".paper img");
  const scroll = () => {
    const gap = seen.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    frame.scrollTop += gap - frame.clientHeight / 4;
  };
  if (picture?.complete === false) picture.addEventListener("load", scroll, { once: true });
  scroll();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-page-of]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    for (const old of document.querySelectorAll(".to-page[aria-current]")) old.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    show(link.dataset.pageOf, link.dataset.block);
    if (beside.getBoundingClientRect().top > innerHeight - 80) beside.scrollIntoView({ block: "nearest" });
  }
});

// The tools of a page that make sense here: forth and back.
beside.addEventListener("click", (event) => {
  const sheet = beside.querySelector("#sheet");
  const step = { next_sheet: 1, previous_sheet: -1 }[event.target.closest("[data-act]")?.dataset.act];
  const tick = event.target.closest("[data-goto-sheet]");
  const number = tick ? Number(tick.dataset.gotoSheet) : step && Number(sheet.dataset.sheet) + step;
  if (event.target.closest("a")) event.preventDefault();
  if (number) show(beside.dataset.address + number);
});
beside.addEventListener("change", ({ target }) => {
  if (target.matches("[data-goto]") && target.checkValidity()) show(beside.dataset.address + target.value);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".deciding")) return;
  event.preventDefault();
  const response = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRF-Token": token(), "X-Part": "point" },
    body: new URLSearchParams(new FormData(form, event.submitter)),
  }).catch(() => null);
  if (!response) return tell(document.body.dataset.typedWords && JSON.parse(document.body.dataset.typedWords).failed);
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    if (response.status === 401 || answer.forged) location.assign(loginAddress());
    else tell(answer.detail ?? String(response.status));
    return;
  }
  tell("");
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const one of fresh.querySelectorAll(".dispute, #adjudication-outcome"))
    document.getElementById(one.id).replaceWith(document.adoptNode(one));
  const field = document.getElementById(form.querySelector("textarea").id);
  stored(field, field.value);
  field.closest(".dispute").querySelector("summary").focus();
});

// One reason for all that is still open: into empty fields only; each point is still decided on its own.
document.getElementById("same-reason")?.addEventListener("click", () => {
  const reason = document.getElementById("reason-all").value;
  for (const field of document.querySelectorAll(".deciding[data-decided=no] textarea"))
    if (!field.value.trim()) write(field, reason);
});
