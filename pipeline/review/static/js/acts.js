// Acts on their way to the log: each is kept in the browser until the server has said that it is stored.
// A dropped network only makes the line longer; nothing is sent twice, because each act carries its own name.

import { post } from "./sending.js";
import { DEAD_MS, isOpen, keysUnder, recall, retain, windowName } from "./windows.js";

const RETRY_MS = [1000, 2000, 5000, 10000, 20000];
const IDLE_MS = 60000;

// Seconds in which the reviewer was really there, since the last act.
const activeTime = () => {
  let total = 0;
  let last = Date.now();
  const touch = () => {
    const now = Date.now();
    if (!document.hidden && now - last < IDLE_MS) total += now - last;
    last = now;
  };
  for (const name of ["pointerdown", "keydown", "scroll", "pointermove"])
    addEventListener(name, touch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => {
    last = Date.now();
  });
  return () => {
    touch();
    const seconds = total / 1000;
    total = 0;
    return Math.round(seconds * 10) / 10;
  };
};

export class Acts {
  constructor({ caseId, user, version, onAnswer, onConflict, onState, onRefused }) {
    Object.assign(this, { caseId, version, onAnswer, onConflict, onState, onRefused });
    this.page = windowName;
    this.prefix = `khetcheck.queue.${user}.${caseId}.`;
    this.key = this.prefix + this.page;
    this.waiting = recall(this.key, []);
    this.kept = true;
    this.lastNumber = Math.max(0, ...this.waiting.map((act) => act.number || 0));
    this.take = activeTime();
    this.failures = 0;
    this.sending = this.loggedOut = false;
    addEventListener("online", () => this.pump());
    // What waits here goes out with the next visit to the case; ask only where nobody else would ever see it.
    addEventListener("beforeunload", (event) => {
      if (this.waiting.length && (this.failures || !this.kept)) event.preventDefault();
    });
    addEventListener("pagehide", () => this.leave());
    this.adopt();
    setTimeout(() => this.adopt(), DEAD_MS + 2000);
    this.pump();
  }

  // A window that was closed with unsent acts leaves them behind: the next one on the same case sends them.
  adopt() {
    for (const key of keysUnder(this.prefix)) {
      if (key === this.key || isOpen(key.slice(this.prefix.length))) continue;
      this.waiting.push(...recall(key, []));
      retain(key, null);
    }
    this.keep();
    this.pump();
  }

  keep() {
    this.kept = retain(this.key, this.waiting.length ? this.waiting : null);
  }

  // The window is closed or goes elsewhere: one last try that outlives it. What it sends twice is stored once.
  leave() {
    this.beforehand?.({ kind: "leave" });
    if (this.waiting.length) post(this.path(this.waiting[0]), this.waiting[0].body, { keepalive: true });
  }

  path = (act) => `/cases/${this.caseId}/${act.path}`;

  // Put an act in line. `path` is acts, undo or redo.
  push(body, path = "acts") {
    if (path === "acts") this.beforehand?.(body);
    this.lastNumber = Math.max(this.lastNumber + 1, Date.now());
    const name = `${this.page}.${path === "acts" ? "" : "u"}${this.lastNumber}`;
    const full =
      path === "acts" ? { seen: this.version, seconds: this.take(), ...body, act_id: name } : { act_id: name };
    this.waiting.push({ path, body: full, number: this.lastNumber });
    this.keep();
    // While the session is over the way back in stays as it is: a link that is drawn anew under the pointer takes no click.
    this.onState(this.loggedOut ? "login" : "saving", this.waiting.length);
    this.pump();
  }

  async pump() {
    if (this.sending || !this.waiting.length) return;
    this.sending = true;
    clearTimeout(this.timer);
    try {
      while (this.waiting.length) {
        if (!(await this.send(this.waiting[0]))) return;
        this.failures = 0;
      }
    } finally {
      this.sending = false;
    }
  }

  // Returns true where the act is done with (stored, refused, or shown as a conflict).
  async send(act) {
    const { status, answer } = await post(this.path(act), act.body);
    this.loggedOut = status === 401;
    if (this.loggedOut) {
      this.onState("login", this.waiting.length);
      return this.later(false);
    }
    if (status === 0 || status >= 500) return this.later();
    const ok = status < 300;
    this.waiting.shift();
    this.keep();
    if (answer.version) this.version = answer.version;
    if (!ok) this.afterwards = null; // what was to follow it does not follow
    if (status === 409) this.onConflict(answer, act.body);
    else if (!ok) this.onRefused(answer.detail || String(status), act.body);
    else this.onAnswer(answer, act);
    if (!this.waiting.length && ok) {
      this.onState("saved", 0, answer.saved);
      this.afterwards?.();
    }
    return true;
  }

  later(tell = true) {
    if (tell) this.onState("failed", this.waiting.length);
    this.timer = setTimeout(() => this.pump(), RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
    return false;
  }
}
