// Texts in the making, by field: in the browser at each key, on the server within a second, until they are stored.
// Each window keeps its own version, so that two windows on one field never overwrite each other.
import { post, user } from "../sending.js";
import { isOpen, keysUnder, recall, retain, windowName } from "../windows.js";

const SEND_MS = 500;
const RETRY_MS = [1000, 2000, 5000, 10000, 20000];
const PREFIX = `khetcheck.typed.${user}.`;

const mine = new Map(); // place -> { text, base, stamp, sent, kept }
const gone = new Map(); // what the server may forget: "place|page" -> stamp
const listeners = [];
let [timer, sending, failures, trouble, keptAt] = [null, false, 0, null, ""];
let lastStamp = 0;

const keyOf = (place, page = windowName) => `${PREFIX}${place}|${page}`;
const stamp = () => {
  lastStamp = Math.max(lastStamp + 1, Date.now());
  return lastStamp;
};
const tell = () => {
  for (const listener of listeners) listener(state());
};
const unsent = () => [...mine].filter(([, entry]) => entry.sent !== entry.stamp);

export const onState = (listener) => {
  listeners.push(listener);
  tell();
};

// What is true of the texts of this window: { name, at, reason }; name is idle, typing, kept, failed, login or refused.
export function state() {
  if (trouble && (unsent().length || gone.size)) return trouble;
  const told = [...mine.values()].filter(({ quiet }) => !quiet);
  if (told.some((entry) => entry.sent !== entry.stamp)) return { name: "typing" };
  return told.length ? { name: "kept", at: keptAt } : { name: "idle" };
}

export const textOf = (place) => mine.get(place)?.text;

// `quiet`: kept all the same, but nothing is said of it, since nobody has written anything yet.
export function put(place, text, base = "", quiet = false) {
  if (!user) return;
  const now = stamp();
  const kept = retain(keyOf(place), { text, base, stamp: now });
  mine.set(place, { text, base: mine.get(place)?.base ?? base, stamp: now, kept, quiet });
  gone.delete(`${place}|${windowName}`);
  if (trouble?.name === "refused") trouble = null;
  later(SEND_MS);
  tell();
}

// Forget a text that is stored now, or (without `text`) put aside. What was typed since stays.
export function forget(place, text) {
  const entry = mine.get(place);
  if (!entry) return;
  if (text !== undefined && entry.text.trim() !== text.trim()) {
    entry.base = text;
    put(place, entry.text);
    return;
  }
  mine.delete(place);
  discard(place, windowName);
}

// Keep a text that made way for another one: a version of its own, older than what stands in the field.
export function setAside(place, text, base) {
  const page = crypto.getRandomValues(new Uint32Array(3)).join("").padStart(24, "0").slice(0, 24);
  retain(keyOf(place, page), { text, base, stamp: stamp() });
  return { text, page };
}

export function discard(place, page) {
  retain(keyOf(place, page), null);
  gone.set(`${place}|${page}`, stamp());
  later(SEND_MS);
  tell();
}

// Versions that this browser kept, newest first; those of windows that are still open are theirs.
export const versionsHere = (place) =>
  keysUnder(`${PREFIX}${place}|`)
    .map((key) => ({ ...recall(key, {}), page: key.slice(key.lastIndexOf("|") + 1) }))
    .filter((one) => typeof one.text === "string" && !isOpen(one.page))
    .sort((one, other) => other.stamp - one.stamp);

// Versions that the server kept of all fields whose name begins with `under`, newest first.
export async function versionsThere(under) {
  const response = await fetch(`/typed?under=${encodeURIComponent(under)}`).catch(() => null);
  if (!response?.ok || response.redirected) return [];
  const { texts } = await response.json();
  return texts.filter((one) => !isOpen(one.page) && !(one.page === windowName && mine.has(one.place)));
}

// Take a version over as this window's own.
export function adopt(place, version) {
  put(place, version.text, version.base);
  if (version.page !== windowName) discard(place, version.page);
}

function later(wait) {
  if (timer) return; // counted from the first key: whoever types on and on is kept all the same
  timer = setTimeout(() => {
    timer = null;
    pump();
  }, wait);
}

const requests = () => [
  ...unsent().map(([place, { text, base, stamp }]) => ({ place, page: windowName, text, base, stamp })),
  ...[...gone].map(([name, stamp]) => {
    const at = name.lastIndexOf("|");
    return { place: name.slice(0, at), page: name.slice(at + 1), text: null, base: "", stamp };
  }),
];

async function pump() {
  const texts = requests().slice(0, 50);
  if (sending || !texts.length) return;
  sending = true;
  const { status, answer } = await post("/typed", { texts });
  sending = false;
  if (status === 200) {
    for (const { place, page, text, stamp } of texts) {
      const entry = mine.get(place);
      if (text !== null && entry?.stamp === stamp) entry.sent = stamp;
      if (text === null && gone.get(`${place}|${page}`) === stamp) gone.delete(`${place}|${page}`);
    }
    [failures, trouble, keptAt] = [0, null, answer.kept];
    if (requests().length) later(SEND_MS);
  } else if (status === 401) {
    trouble = { name: "login" };
    again();
  } else if (status === 0 || status >= 500) {
    trouble = { name: "failed" };
    again();
  } else trouble = { name: "refused", reason: answer.detail || String(status) };
  tell();
}

function again() {
  clearTimeout(timer);
  timer = null;
  later(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
}

const hurry = () => {
  clearTimeout(timer);
  timer = null;
  pump();
};
addEventListener("online", hurry);
document.addEventListener("visibilitychange", hurry);
addEventListener("pagehide", () => {
  const texts = requests().slice(0, 50);
  if (texts.length) post("/typed", { texts }, { keepalive: true });
});

// The browser's store takes it nearly always, and the server soon after: only what neither has would be lost.
addEventListener("beforeunload", (event) => {
  if (unsent().some(([, entry]) => !entry.kept)) event.preventDefault();
});

// On leaving for good nothing stays in the browser that the server has.
export function leaveNothing() {
  for (const [place, entry] of mine) if (entry.sent === entry.stamp) retain(keyOf(place), null);
}
