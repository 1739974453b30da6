// The case page: cards, passages and decisions put together; every act goes through Acts, every key through listen.
import { Acts } from "./acts.js";
import { listen } from "./keys.js";
import { Selection } from "./select.js";
import { Viewer } from "./viewer.js";

const main = document.getElementById("main");
const words = JSON.parse(main.dataset.words);
const keys = JSON.parse(main.dataset.keys);
const acting = main.dataset.acting === "yes";
const token = document.querySelector("meta[name=csrf]").content;
const live = document.getElementById("live");
const say = (text) => { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); };
const cards = () => [...document.querySelectorAll(".card")];
const card = (point) => document.getElementById(`card-${point}`);
const panel = () => document.getElementById(`panel-${viewer.point}`);
const viewer = new Viewer(Number(main.dataset.case), say);

const acts = acting && new Acts({
  caseId: main.dataset.case,
  user: main.dataset.user,
  version: Number(main.dataset.version),
  token,
  onAnswer: answered,
  onConflict: conflicted,
  onRefused: (reason) => { showState("failed", 0, "", `${words.refused}: ${reason}`); say(reason); refresh(); },
  onState: showState,
});

function showState(state, count, time = "", text = "") {
  const saved = document.getElementById("saved");
  const shown = { saving: words.saving, saved: `${words.saved} ${time ?? ""}`, failed: `${words.failed} · ${count} ${words.waiting}`, login: words.login };
  saved.dataset.state = state === "login" ? "failed" : state;
  saved.querySelector(".saved-text").textContent = text || shown[state];
}

function answered(answer) {
  if (answer.go) { location.assign(answer.go); return; }
  if (answer.reload) { location.reload(); return; }
  const before = document.activeElement;
  const [held, passage] = [before?.closest?.("[data-act]")?.dataset.act, before?.closest?.(".passage")?.id];
  const inPanel = before?.closest?.(".panel, .card, #outcome");
  for (const [id, html] of Object.entries(answer.pieces ?? {})) place(id, html);
  if (answer.announce) say(answer.announce);
  if (answer.redraw && viewer.sheet) viewer.go(viewer.documentId, viewer.number, true);
  light();
  if (inPanel && !before.isConnected) focusAgain(inPanel.id, passage, held);
}

function place(id, html) {
  const old = document.getElementById(id);
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  if (!old || !fresh) return;
  for (const field of old.querySelectorAll("textarea[data-note]")) {
    const same = fresh.querySelector(`#${field.id}`);
    if (same && field === document.activeElement) { same.replaceWith(field); }
  }
  const opened = [...old.querySelectorAll("details")].map((one) => one.open);
  fresh.querySelectorAll("details").forEach((one, at) => { one.open = opened[at] ?? one.open; });
  fresh.hidden = id.startsWith("panel-") && fresh.dataset.point !== String(viewer.point);
  const top = old.parentElement.scrollTop;
  old.replaceWith(fresh);
  fresh.parentElement.scrollTop = top;
  htmx.process(fresh);
  label(fresh);
}

function focusAgain(id, passage, held) {
  const where = (passage && document.getElementById(passage)) || document.getElementById(id);
  const target = (held && where?.querySelector(`[data-act="${held}"]:not(:disabled)`)) || (passage && where) || where?.querySelector("h2[tabindex], button");
  target?.focus({ preventScroll: true });
}

function conflicted(answer, body) {
  const place = document.getElementById("conflicts");
  place.innerHTML = answer.conflict ?? "";
  const box = place.querySelector(".conflict");
  if (box) { box.sent = body; box.querySelector("h2").focus(); }
  refresh();
}

// Ask for the whole case again, after a conflict or a refusal, and put in place what others changed.
async function refresh() {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const one of fresh.querySelectorAll(".card, .panel, #outcome, #last-acts")) place(one.id, one.outerHTML);
  if (acts) acts.version = Math.max(acts.version, Number(fresh.getElementById("main").dataset.version));
  light();
}

function settle(choice, box) {
  const body = box.sent;
  box.remove();
  if (choice === "mine") acts.push({ ...body, seen: acts.version, insist: true });
  if (choice === "second") ask("second_opinion");
}

function label(root) {
  for (const mark of root.querySelectorAll("[data-key-of]")) {
    const key = keys[mark.dataset.keyOf];
    if (key) mark.textContent = key[1];
  }
}

function light() {
  for (const one of cards()) {
    const current = Number(one.dataset.point) === viewer.point;
    one.classList.toggle("current", current);
    one.querySelector(".card-open").setAttribute("aria-expanded", String(current));
  }
  for (const one of document.querySelectorAll(".passage")) one.classList.toggle("current", one.id === viewer.passage);
}

function openPoint(point, { focus = true, jump = true } = {}) {
  if (!card(point)) return;
  viewer.point = point;
  for (const one of document.querySelectorAll(".panel")) one.hidden = Number(one.dataset.point) !== point;
  document.querySelector(".panels").scrollTop = 0;
  const best = panel().querySelector(".passage");
  viewer.passage = best?.id ?? null;
  light();
  card(point).scrollIntoView({ block: "nearest", inline: "nearest" });
  if (focus) panel().querySelector("h2").focus({ preventScroll: true });
  if (best && jump) viewer.show(best);
  else if (viewer.sheet) { viewer.light(); viewer.keepAddress(); }
}

function stepPoint(by) {
  const all = cards().map((one) => Number(one.dataset.point));
  openPoint(all[(all.indexOf(viewer.point) + by + all.length) % all.length]);
}

function stepPassage(by) {
  const all = [...panel().querySelectorAll(".passage")].filter((one) => one.checkVisibility());
  if (!all.length) return;
  const at = all.findIndex((one) => one.id === viewer.passage);
  toPassage(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function toPassage(item, show = true) {
  viewer.passage = item.id;
  light();
  item.closest("details")?.setAttribute("open", "");
  item.scrollIntoView({ block: "nearest" });
  item.focus({ preventScroll: true });
  if (show) viewer.show(item);
}

function decide(state) {
  const one = card(viewer.point);
  one.dataset.state = state;
  one.classList.add("pending");
  for (const button of panel().querySelectorAll(".level")) button.setAttribute("aria-pressed", String(button.dataset.act === `level_${state}`));
  acts.push({ kind: "point", point: viewer.point, value: { state, confirmed: true } });
}

function confirmAndGo() {
  const one = card(viewer.point);
  if (!one.dataset.state) {
    if (!one.dataset.draft) { say(words.first); return; }
    decide(one.dataset.draft);
  }
  const all = cards();
  const at = all.findIndex((other) => Number(other.dataset.point) === viewer.point);
  const next = [...all.slice(at + 1), ...all.slice(0, at)].find((other) => !other.dataset.state);
  if (next) openPoint(Number(next.dataset.point));
  else document.querySelector("#outcome .primary")?.focus();
}

const currentPassage = (event) => event?.target.closest?.(".passage") ?? (viewer.passage && document.getElementById(viewer.passage));

function judge(item, verdict) {
  if (!item) return;
  if (item.classList.contains("added")) { if (verdict === "bad") remove(item); return; }
  const again = item.dataset.verdict === verdict;
  const value = again ? null : { verdict, role: item.dataset.role, facets: item.dataset.facets.split(" ").filter(Boolean), detail: item.dataset.detail === "yes" };
  acts.push({ kind: "evidence", point: Number(item.dataset.point), evidence: Number(item.dataset.key.split(":")[1]), value });
}

const added = (item) => {
  const [, point, documentId, block, start, end] = item.dataset.key.split(":").map(Number);
  return { kind: "added", point, document: documentId, block, start, end };
};
const remove = (item) => acts.push({ ...added(item), value: null });

// One form per point stands in the page; a passage gets its copy when it is corrected.
function edit(item, open = !item?.querySelector(".editing")) {
  const button = item?.querySelector("[data-act=edit]");
  if (!button) return;
  button.setAttribute("aria-expanded", String(open));
  item.querySelector(".editing")?.remove();
  if (!open) { item.focus({ preventScroll: true }); return; }
  const copy = item.closest(".panel").querySelector("template").content.cloneNode(true);
  const facets = item.dataset.facets.split(" ");
  for (const box of copy.querySelectorAll("[name=facet]")) box.checked = facets.includes(box.value);
  copy.querySelector(`[name=role][value="${item.dataset.role}"]`).checked = true;
  copy.querySelector("[name=detail]").checked = item.dataset.detail === "yes";
  item.append(copy);
  item.querySelector(".editing input:checked").focus();
}

function saveEdit(form) {
  const item = form.closest(".passage");
  const data = new FormData(form);
  const value = { role: data.get("role"), facets: data.getAll("facet"), detail: data.has("detail") };
  if (item.classList.contains("added")) acts.push({ ...added(item), value });
  else acts.push({ kind: "evidence", point: Number(item.dataset.point), evidence: Number(item.dataset.key.split(":")[1]), value: { verdict: "changed", ...value } });
}

function ask(kind) {
  const dialog = document.getElementById(`ask-${kind}`);
  dialog.showModal();
  dialog.querySelector("textarea").focus();
}

function finish() {
  const button = document.querySelector("#outcome [data-act=finish], #outcome [data-act=reveal]");
  if (!button || button.disabled) return;
  acts.push({ kind: button.dataset.act, value: {} });
}

const selection = acts && new Selection(viewer, { onAdd: (body) => acts.push(body), say, words });

const deeds = {
  confirm: confirmAndGo,
  level_not_done: () => decide("not_done"),
  level_done: () => decide("done"),
  level_clear: () => decide("clear"),
  good: (event) => judge(currentPassage(event), "good"),
  bad: (event) => judge(currentPassage(event), "bad"),
  remove: (event) => remove(currentPassage(event)),
  edit: (event) => edit(currentPassage(event)),
  cancel: (event) => edit(currentPassage(event), false),
  add: () => selection.key(),
  cancel_adding: () => selection.close(),
  note: () => panel().querySelector("textarea[data-note]").focus(),
  undo: () => acts.push({}, "undo"),
  redo: () => acts.push({}, "redo"),
  skip: () => ask("skip"),
  flag: () => ask("second_opinion"),
  finish,
  reveal: finish,
  reopen: () => acts.push({ kind: "finish", value: null }),
};
const views = {
  next_point: () => stepPoint(1),
  previous_point: () => stepPoint(-1),
  next_passage: () => stepPassage(1),
  previous_passage: () => stepPassage(-1),
  next_block: () => selection?.step(1),
  previous_block: () => selection?.step(-1),
  next_sheet: () => viewer.turn(1),
  previous_sheet: () => viewer.turn(-1),
  zoom: () => viewer.toggleZoom(),
  text: () => viewer.toggleText(),
  next_document: () => viewer.switchDocument(1),
  previous_document: () => viewer.switchDocument(-1),
  queue: () => location.assign("/"),
  help: () => document.getElementById("help").showModal(),
  escape: (event) => {
    const form = event.target.closest?.(".editing");
    if (form) edit(form.closest(".passage"), false);
    else if (selection && !selection.form.hidden) selection.close();
    else if (event.target.matches?.("textarea, input")) event.target.blur();
  },
};

const act = (name, event) => (views[name] ?? (acts && deeds[name]))?.(event);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button && !button.disabled) { act(button.dataset.act, event); return; }
  const conflict = event.target.closest("[data-conflict]");
  if (conflict) { settle(conflict.dataset.conflict, conflict.closest(".conflict")); return; }
  const opener = event.target.closest(".card-open");
  if (opener) { openPoint(Number(opener.closest(".card").dataset.point)); return; }
  const chosen = event.target.closest(".document");
  if (chosen) { viewer.openDocument(Number(chosen.dataset.document)); return; }
  const link = event.target.closest(".to-page, [data-goto-sheet], [data-open], .back");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (link.dataset.open) openPoint(Number(link.dataset.open));
  else if (link.dataset.gotoSheet) viewer.go(viewer.documentId, Number(link.dataset.gotoSheet));
  else if (link.dataset.passage) document.dispatchEvent(new CustomEvent("to-passage", { detail: link.dataset.passage }));
  else if (link.dataset.document) viewer.go(Number(link.dataset.document), Number(link.dataset.sheet));
  else toPassage(link.closest(".passage"));
});

document.addEventListener("keydown", (event) => {
  const hit = event.target.closest?.(".hit");
  if (hit && event.code === "Enter") { event.preventDefault(); document.dispatchEvent(new CustomEvent("to-passage", { detail: hit.dataset.passage })); }
});

document.addEventListener("to-passage", ({ detail }) => {
  const item = document.getElementById(detail);
  if (!item) return;
  if (Number(item.dataset.point) !== viewer.point) openPoint(Number(item.dataset.point), { jump: false });
  toPassage(item, false);
  viewer.light();
});

document.addEventListener("submit", (event) => {
  if (event.target.matches(".editing")) { event.preventDefault(); saveEdit(event.target); }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-goto]")) viewer.go(viewer.documentId, Number(event.target.value));
  const note = event.target.dataset.note;
  if (note && acts) acts.push({ kind: "note", point: Number(note), value: event.target.value.trim() ? { text: event.target.value } : null });
});
for (const dialog of document.querySelectorAll("dialog[id^=ask-]")) {
  dialog.addEventListener("close", () => {
    const field = dialog.querySelector("textarea");
    if (dialog.returnValue === "ok" && field.value.trim()) {
      const kind = dialog.querySelector("form").dataset.reasonFor;
      acts.push({ kind, value: { reason: field.value } });
      if (kind === "skip" && main.dataset.next) acts.afterwards = () => location.assign(main.dataset.next);
    }
    field.value = "";
    dialog.returnValue = "";
  });
}

label(document);
listen(keys, main.dataset.singleKeys === "on", act, (place) => {
  const one = cards().find((other) => Number(other.dataset.index) === place);
  if (one) openPoint(Number(one.dataset.point));
});
viewer.point = Number(main.dataset.openPoint);
const asked = new URL(location.href).searchParams;
openPoint(viewer.point, { focus: false, jump: !asked.has("sheet") && !asked.has("doc") });

if (acting && !document.prerendering) {
  fetch(`/cases/${main.dataset.case}/open`, { method: "POST", headers: { "X-CSRF-Token": token, "Content-Type": "application/json" }, body: "{}" }).catch(() => {});
}
document.documentElement.dataset.ready = "yes";
