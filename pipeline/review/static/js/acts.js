// Acts on their way to the log: each is kept in the browser until the server has said that it is stored.
// A dropped network only makes the line longer; nothing is sent twice, because each act carries its own name.

const RETRY_MS = [1000, 2000, 5000, 10000, 20000];
const IDLE_MS = 60000;

const remember = (store, key, fallback) => {
  try {
    return JSON.parse(store.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
};

const pageName = () => {
  let name = sessionStorage.getItem("khetcheck.page");
  if (!name) {
    name = [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("khetcheck.page", name);
  }
  return name;
};

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
  constructor({ caseId, user, version, token, onAnswer, onConflict, onState, onRefused }) {
    Object.assign(this, { caseId, version, token, onAnswer, onConflict, onState, onRefused });
    this.page = pageName();
    this.prefix = `khetcheck.queue.${user}.${caseId}.`;
    this.key = this.prefix + this.page;
    this.waiting = remember(localStorage, this.key, []);
    this.lastNumber = Math.max(0, ...this.waiting.map((act) => act.number || 0));
    this.take = activeTime();
    this.failures = 0;
    this.sending = false;
    addEventListener("online", () => this.pump());
    addEventListener("beforeunload", (event) => {
      if (this.waiting.length) event.preventDefault();
    });
    setInterval(() => this.beat(), 3000);
    this.beat();
    this.adopt();
    setTimeout(() => this.adopt(), 12000);
    this.pump();
  }

  // A window that was closed with unsent acts leaves them behind: the next one on the same case sends them.
  beat() {
    localStorage.setItem(`khetcheck.alive.${this.page}`, String(Date.now()));
  }

  adopt() {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(this.prefix) || key === this.key) continue;
      const alive = Number(localStorage.getItem(`khetcheck.alive.${key.slice(this.prefix.length)}`) || 0);
      if (Date.now() - alive < 10000) continue;
      this.waiting.push(...remember(localStorage, key, []));
      localStorage.removeItem(key);
    }
    this.keep();
    this.pump();
  }

  keep() {
    if (this.waiting.length) localStorage.setItem(this.key, JSON.stringify(this.waiting));
    else localStorage.removeItem(this.key);
  }

  // Put an act in line. `path` is acts, undo or redo.
  push(body, path = "acts") {
    this.lastNumber = Math.max(this.lastNumber + 1, Date.now());
    const name = `${this.page}.${path === "acts" ? "" : "u"}${this.lastNumber}`;
    const full =
      path === "acts" ? { seen: this.version, seconds: this.take(), ...body, act_id: name } : { act_id: name };
    this.waiting.push({ path, body: full, number: this.lastNumber });
    this.keep();
    this.onState("saving", this.waiting.length);
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
    let response;
    try {
      response = await fetch(`/cases/${this.caseId}/${act.path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": this.token },
        body: JSON.stringify(act.body),
        signal: AbortSignal.timeout(20000),
      });
    } catch {
      return this.later();
    }
    if (response.status === 401) {
      this.onState("login", this.waiting.length);
      return this.later(false);
    }
    if (response.status >= 500) return this.later();
    const answer = await response.json().catch(() => ({}));
    this.waiting.shift();
    this.keep();
    if (answer.version) this.version = answer.version;
    if (response.status === 409) this.onConflict(answer, act.body);
    else if (!response.ok) this.onRefused(answer.detail || String(response.status));
    else this.onAnswer(answer, act);
    if (!this.waiting.length && response.ok) {
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
