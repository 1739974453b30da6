// Acts that a window of this reader left behind, on a slow network or without one: sent from whatever page is open next,
// so that they count although nobody comes back to their case. What the server refuses, or somebody else decided
// meanwhile, waits for its case, where it is told; a line on this page leads there.
import { post, user } from "./sending.js";
import { whenNobodyTypes } from "./typing.js";
import { DEAD_MS, isOpen, keysUnder, recall, retain } from "./windows.js";

const PREFIX = `khetcheck.queue.${user}.`;
const AGAIN_MS = 10000;
const caseHere = /^\/cases\/(\d+)/.exec(location.pathname)?.[1];

export function sendLeftBehind(words) {
  if (!user) return;
  const round = async () => {
    const unanswered = await sendAll(words);
    if (unanswered) setTimeout(round, AGAIN_MS);
  };
  round();
  setTimeout(round, DEAD_MS + 2000); // of a window that had not said that it goes
}

// Returns whether the server did not answer, so that it is worth another try.
async function sendAll(words) {
  for (const key of keysUnder(PREFIX)) {
    const [caseId, page] = key.slice(PREFIX.length).split(".");
    if (caseId === caseHere || isOpen(page)) continue;
    const status = await sendOf(key, caseId);
    if (status === 0 || status >= 500) return true;
    if (status >= 300 && status !== 401) tell(words, caseId, recall(key, []).length);
  }
  return false;
}

// Sends what one window left, in its order; returns the status of what could not be stored, or 200.
async function sendOf(key, caseId) {
  for (;;) {
    const [act, ...rest] = recall(key, []);
    if (!act) return 200;
    const { status } = await post(`/cases/${caseId}/${act.path}`, act.body);
    if (status < 200 || status >= 300) return status;
    retain(key, rest.length ? rest : null);
  }
}

function tell(words, caseId, count) {
  const id = `left-behind-${caseId}`;
  if (document.getElementById(id)) return;
  const notice = document.createElement("div");
  notice.id = id;
  notice.className = "notice warn";
  notice.setAttribute("role", "status");
  const text = document.createElement("p");
  const link = document.createElement("a");
  text.textContent = `${words.left.replace("{count}", count)} `;
  link.href = `/cases/${caseId}`;
  link.textContent = words.left_open;
  text.append(link);
  notice.append(text);
  whenNobodyTypes(() => (document.getElementById("notices") ?? document.getElementById("main")).prepend(notice));
}
