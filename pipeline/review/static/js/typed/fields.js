// Fields with a data-typed name: what is typed is kept, and put back where it was never stored. Of several versions the
// newest stands in the field, the others are offered below it.
import { loginAddress, user } from "../sending.js";
import { fieldInUse } from "../typing.js";
import { DEAD_MS, windowName } from "../windows.js";
import {
  adopt,
  discard,
  forget,
  leaveNothing,
  onState,
  put,
  setAside,
  textOf,
  versionsHere,
  versionsThere,
} from "./texts.js";

const words = JSON.parse(document.body.dataset.typedWords || "{}");
const offers = new Map(); // place -> [{ text, page }]; without a page: what is stored
export const fields = (root = document) => [...root.querySelectorAll("[data-typed]")];
const fieldOf = (place) => document.querySelector(`[data-typed="${place}"]`);

// What is stored of a field: as the page came, or as the server has said since.
export const storedText = (field) => field.dataset.stored ?? field.defaultValue;
export const isUnstored = (field) => field.value.trim() !== storedText(field).trim();

export function keepTexts() {
  if (!user) return;
  for (const field of fields()) putBack(field);
  addEventListener("load", () => {
    const search = fieldOf("queue:search"); // put back, it is asked once more
    if (search && isUnstored(search)) htmx.trigger(search.form, "submit");
  });
  fetchOthers();
  setTimeout(() => {
    for (const field of fields()) lookAgain(field); // what a window left that had not said that it goes
  }, DEAD_MS + 2000);
  document.addEventListener("input", ({ target }) => {
    if (target.dataset?.typed) typed(target);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.getAttribute("action") === "/logout") leaveNothing();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const search = detail.target?.id === "queue-list" && fieldOf("queue:search");
    if (search && detail.successful) stored(search, new URL(detail.xhr.responseURL).searchParams.get("search") ?? "");
  });
  if (!document.getElementById("saved")) onState(showBeside);
}

function typed(field) {
  const place = field.dataset.typed;
  if (isUnstored(field)) put(place, field.value, storedText(field));
  else forget(place);
  dress(field);
}

// The server has stored this text of a field; what was typed since stays unstored.
export function stored(field, text) {
  field.dataset.stored = text;
  forget(field.dataset.typed, text);
}

// Put a text into a field as if it had been typed.
export function write(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function putBack(field) {
  const place = field.dataset.typed;
  const touched = field.value !== field.defaultValue; // typed before this script ran, or put back by the browser
  if (touched) put(place, field.value, storedText(field));
  arrange(field, versionsHere(place), touched);
}

function lookAgain(field) {
  const place = field.dataset.typed;
  const others = versionsHere(place).filter((one) => one.page !== windowName && !isOffered(place, one));
  if (others.length) arrange(field, others, textOf(place) !== undefined || fieldInUse() === field);
}

const isOffered = (place, version) => (offers.get(place) ?? []).some((one) => one.page === version.page);

async function fetchOthers() {
  const [kind, id] = fields()[0]?.dataset.typed.split(":") ?? [];
  if (!kind) return;
  const under = kind === "queue" ? "queue:" : `${kind}:${id}:`;
  const there = await versionsThere(under);
  document.dispatchEvent(new CustomEvent("typed-there", { detail: there }));
  for (const field of fields()) {
    const versions = there.filter((one) => one.place === field.dataset.typed);
    if (versions.length) arrange(field, versions, textOf(field.dataset.typed) !== undefined || fieldInUse() === field);
  }
}

// Versions come newest first. An untouched field gets the newest that is not stored; the rest is offered.
function arrange(field, versions, touched) {
  const place = field.dataset.typed;
  let full = touched || field.readOnly;
  for (const version of versions) {
    const same = version.text.trim();
    if (same === storedText(field).trim() || (full && same === field.value.trim())) {
      if (textOf(place) !== version.text) discard(place, version.page);
    } else if (full) offer(field, version);
    else {
      full = true;
      adopt(place, version);
      if (storedText(field).trim() && version.base?.trim() !== storedText(field).trim())
        offer(field, { text: storedText(field) });
      write(field, version.text);
    }
  }
  dress(field);
}

// Show another text of this field below it, to be taken or put aside.
export function offer(field, version) {
  const place = field.dataset.typed;
  const all = (offers.get(place) ?? []).filter((one) => one.text.trim() !== version.text.trim());
  offers.set(place, [...all, version]);
  dress(field);
}

const button = (text, deed) => {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", deed);
  return made;
};

export function dress(field) {
  const place = field.dataset.typed;
  const shown = (offers.get(place) ?? []).filter(({ text }) => text.trim() !== field.value.trim());
  const full = field.maxLength > 0 && field.value.length >= field.maxLength;
  let box = field.parentElement.querySelector(":scope > .typed-offers");
  if (!box && (shown.length || full)) {
    box = document.createElement("div");
    box.className = "typed-offers";
    box.setAttribute("role", "status");
    field.after(box);
  }
  box?.replaceChildren(
    ...(full ? [paragraph(words.full)] : []),
    ...shown.map((version) => {
      const one = document.createElement("div");
      const quote = document.createElement("blockquote");
      quote.textContent = version.text || "–";
      one.append(paragraph(version.page ? words.other : words.stored), quote);
      if (!field.readOnly) one.append(button(words.take, () => take(field, version)));
      one.append(button(words.drop, () => drop(field, version)));
      return one;
    }),
  );
}

const paragraph = (text) => {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
};

function take(field, version) {
  const place = field.dataset.typed;
  remove(place, version);
  if (isUnstored(field)) offer(field, setAside(place, field.value, storedText(field)));
  else if (field.value.trim()) offer(field, { text: field.value });
  write(field, version.text);
  if (version.page) discard(place, version.page);
  field.focus();
}

function drop(field, version) {
  remove(field.dataset.typed, version);
  if (version.page) discard(field.dataset.typed, version.page);
  dress(field);
}

const remove = (place, version) =>
  offers.set(
    place,
    (offers.get(place) ?? []).filter((one) => one !== version),
  );

// Words for a state of the texts: { text, link } for a mark.
export function told({ name, at = "", reason = "" }) {
  return { text: (words[name] ?? "").replace("{at}", at).replace("{reason}", reason), login: name === "login" };
}

// Fill a mark; typing is not spoken at each key, whatever went wrong is.
export function fillMark(mark, name, { text, login }) {
  mark.setAttribute("aria-live", ["typing", "kept", "saving"].includes(name) ? "off" : "polite");
  mark.dataset.state = ["login", "refused"].includes(name) ? "failed" : name;
  if (mark.dataset.told === text) return;
  mark.dataset.told = text;
  const shown = mark.querySelector(".saved-text") ?? mark;
  if (login && shown.querySelector("a")) {
    shown.firstChild.data = `${text} `;
    return;
  }
  shown.textContent = text;
  if (!login) return;
  const link = document.createElement("a");
  link.href = loginAddress();
  link.textContent = words.enter;
  shown.replaceChildren(`${text} `, link);
}

// A page without a mark of its own says it below the field that is in use.
function showBeside(state) {
  const field = fieldInUse()?.dataset?.typed ? fieldInUse() : fields().find((one) => textOf(one.dataset.typed));
  const trouble = !["idle", "typing", "kept"].includes(state.name);
  // A search is answered at once; only what goes wrong is said, so that nothing moves while somebody types.
  if (!field || state.name === "idle" || (field.dataset.typed.startsWith("queue:") && !trouble)) {
    for (const old of document.querySelectorAll(".typed-state")) old.remove();
    return;
  }
  let mark = document.querySelector(".typed-state");
  if (!mark) {
    mark = document.createElement("p");
    mark.className = "saved typed-state quiet";
    mark.setAttribute("role", "status");
  }
  if (mark.previousElementSibling !== field) field.after(mark);
  fillMark(mark, state.name, told(state));
}
