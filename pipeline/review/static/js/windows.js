// Which window of the browser this is, whether others are still open, and what all of them keep in the browser.

const NAME = "khetcheck.page";
const LEFT = "khetcheck.left";
const BEAT_MS = 3000;
export const DEAD_MS = 10000;

export const recall = (key, fallback = null) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
};

// Says whether the browser really keeps it: its store may be full or switched off.
export const retain = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
};

const remembered = (key, value) => {
  try {
    if (value === undefined) return sessionStorage.getItem(key);
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    return null; // the name then lasts as long as the page
  }
  return value;
};

// A doubled tab copies the name of a window that is still open; only one that was left hands its name on.
const named = () => {
  let name = remembered(LEFT) ? remembered(NAME) : null;
  name ??= [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
  remembered(NAME, name);
  remembered(LEFT, null);
  return name;
};

export const windowName = named();

const beat = (at = Date.now()) => retain(`khetcheck.alive.${windowName}`, at);
beat();
setInterval(() => beat(), BEAT_MS);
addEventListener("pagehide", () => {
  remembered(LEFT, "yes");
  beat(null);
});
addEventListener("pageshow", () => {
  remembered(LEFT, null);
  beat();
});

export const isOpen = (name) =>
  name !== windowName && Date.now() - Number(recall(`khetcheck.alive.${name}`, 0)) < DEAD_MS;

// Keys of the browser's store that begin with `prefix`.
export const keysUnder = (prefix) => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
};
