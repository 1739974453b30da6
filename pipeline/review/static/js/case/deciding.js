// Acts of a point: its level, what a passage is worth and shows, and the end of the case.
import { openPoint } from "./moving.js";
import { askedFirst, closeAsked } from "./open_ends.js";
import { facetsIn, showParts } from "./parts.js";
import { light, showChosen, unfold } from "./placing.js";
import { makeRoom } from "./room.js";
import { acts, nextCase } from "./saving.js";
import { unseenOf } from "./seeing.js";
import { card, cards, panel, viewer, words } from "./shared.js";
import { filled, tell, tellBeside } from "./telling.js";

export function decide(state) {
  showChosen(viewer.point, state);
  const value = { state, confirmed: true };
  const unseen = unseenOf(panel());
  if (unseen.length) {
    value.unseen = true;
    tellBeside(viewer.point, filled(words.chosen_unseen, { what: named(unseen) }));
  }
  acts.push({ kind: "point", point: viewer.point, value });
}

// What was not looked at yet, by what it is: nobody looks for evidence where only near misses are meant.
const KINDS = [
  ["unseen_looked", ".not-found"],
  ["unseen_against", ".against > *"],
  ["unseen_near", ".near > *"],
  ["unseen_evidence", ".passage"],
];
const MOST_NAMED = 4;
function named(waiting) {
  const found = new Map();
  for (const one of waiting) {
    const [kind] = KINDS.find(([, which]) => one.matches(which));
    found.set(kind, [...(found.get(kind) ?? []), one.querySelector(".label")?.textContent ?? ""]);
  }
  const told = (kind, labels) => {
    const count = filled(words.unseen_count, { count: labels.length });
    return filled(words[kind], { labels: labels.length > MOST_NAMED ? count : labels.join(", ") });
  };
  return [...found].map((one) => told(...one)).join(" · ");
}

// Bring what was not yet looked at onto the screen, the first of it on top; as much as fits is seen at once.
function showUnseen(waiting) {
  const [first] = waiting;
  tellBeside(viewer.point, filled(words.unseen, { what: named(waiting) }));
  makeRoom(); // the line takes some of what is scrolled to
  const show = () => first.scrollIntoView({ block: "start" });
  if (first.matches(".passage")) {
    viewer.passage = first.id;
    light();
    first.focus({ preventScroll: true });
    viewer.show(first).then(show); // in a small window the page of the document has taken its place meanwhile
  }
  show();
}

export function confirmAndGo() {
  const one = card(viewer.point);
  if (!one.dataset.state) {
    if (!one.dataset.draft) {
      tell(words.first);
      return;
    }
    const waiting = unseenOf(panel());
    if (waiting.length) {
      showUnseen(waiting);
      return;
    }
    decide(one.dataset.draft);
  }
  const all = cards();
  const at = all.findIndex((other) => Number(other.dataset.point) === viewer.point);
  const next = [...all.slice(at + 1), ...all.slice(0, at)].find((other) => !other.dataset.state);
  if (next) openPoint(Number(next.dataset.point));
  else if (document.querySelector("#outcome [data-act=reveal]")) finish();
  else if (nextCase()) nextCase().focus();
  else tellBeside(viewer.point, words.all_decided); // handing in has its own key: an Enter too many does nothing
}

export const currentPassage = (event) =>
  event?.target.closest?.(".passage") ?? (viewer.passage && document.getElementById(viewer.passage));

export function judge(item, verdict) {
  if (!item) {
    tell(words.no_passage);
    return;
  }
  if (item.classList.contains("added")) {
    if (verdict === "bad") remove(item);
    return;
  }
  const again = item.dataset.verdict === verdict;
  const value = again
    ? null
    : {
        verdict,
        role: item.dataset.role,
        facets: item.dataset.facets.split(" ").filter(Boolean),
        detail: item.dataset.detail === "yes",
      };
  acts.push({
    kind: "evidence",
    point: Number(item.dataset.point),
    evidence: Number(item.dataset.key.split(":")[1]),
    value,
  });
}

const added = (item) => {
  const [, point, documentId, block, start, end] = item.dataset.key.split(":").map(Number);
  return { kind: "added", point, document: documentId, block, start, end };
};
export const remove = (item) => acts.push({ ...added(item), value: null });

// One form per point stands in the page; a passage gets its copy when it is corrected.
export function edit(item, open = !item?.querySelector(".editing")) {
  const button = item?.querySelector("[data-act=edit]");
  if (!button) {
    tell(words.no_passage);
    return;
  }
  button.setAttribute("aria-expanded", String(open));
  item.querySelector(".editing")?.remove();
  if (!open) {
    item.focus({ preventScroll: true });
    return;
  }
  unfold(item);
  const copy = item.closest(".panel").querySelector("template").content.cloneNode(true);
  const facets = item.dataset.facets.split(" ");
  for (const box of copy.querySelectorAll("[name=facet]")) box.checked = facets.includes(box.value);
  copy.querySelector(`[name=role][value="${item.dataset.role}"]`).checked = true;
  copy.querySelector("[name=detail]").checked = item.dataset.detail === "yes";
  showParts(copy);
  item.append(copy);
  item.querySelector(".editing input:checked").focus();
}

function sayWhenStored(text) {
  const answered = ({ type, detail }) => {
    if (detail.kind === "note") return; // one in the making is stored first
    for (const name of ["act-stored", "act-refused"]) document.removeEventListener(name, answered);
    if (type === "act-stored") tell(text);
  };
  for (const name of ["act-stored", "act-refused"]) document.addEventListener(name, answered);
}

// The form is done with at once; that it is stored is said when it is.
export function saveEdit(form) {
  const item = form.closest(".passage");
  const data = new FormData(form);
  const value = { role: data.get("role"), facets: facetsIn(form), detail: data.has("detail") };
  sayWhenStored(words.edit_saved);
  edit(item, false);
  if (item.classList.contains("added")) acts.push({ ...added(item), value });
  else
    acts.push({
      kind: "evidence",
      point: Number(item.dataset.point),
      evidence: Number(item.dataset.key.split(":")[1]),
      value: { verdict: "changed", ...value },
    });
}

export async function finish() {
  const button = document.querySelector("#outcome [data-act=finish], #outcome [data-act=reveal]");
  if (!button) {
    nextCase()?.click();
    return;
  }
  const open = cards().filter((one) => !one.dataset.state);
  if (open.length) {
    const points = open.map((one) => one.dataset.point).join(", ");
    tell(filled(words.undecided, { count: open.length, points }));
    return;
  }
  if (button.dataset.act === "finish" && (await askedFirst())) return;
  acts.push({ kind: button.dataset.act, value: {} });
}
// Asked and answered: what is open stays open.
export function send() {
  closeAsked();
  acts.push({ kind: "finish", value: {} });
}

// Nobody opens a finished case again by a key too many: it is asked for once more.
export const askReopen = () => document.getElementById("reopen").showModal();
export function reopen() {
  document.getElementById("reopen").close();
  acts.push({ kind: "finish", value: null });
}
