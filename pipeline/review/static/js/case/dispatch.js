// From keys, clicks and forms to what they do: names of acts in, functions of the other parts out.
import { Selection } from "../select.js";
import {
  askReopen,
  confirmAndGo,
  currentPassage,
  decide,
  edit,
  finish,
  judge,
  remove,
  reopen,
  saveEdit,
  send,
} from "./deciding.js";
import { ask, settle, writeNote } from "./fields.js";
import { chooseOrder, closePopUps, fold } from "./folding.js";
import { goToNumber, leaf } from "./leafing.js";
import { openPoint, stepPassage, stepPoint, toPassage } from "./moving.js";
import { unfold } from "./placing.js";
import { acts } from "./saving.js";
import { openSearch, toFinding } from "./searching.js";
import { main, panel, say, viewer, words } from "./shared.js";
import { askColleague } from "./talking.js";
import { hush, tell } from "./telling.js";

export const selection = acts && new Selection(viewer, { onAdd: (body) => acts.push(body), say, tell, words });

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
  note: writeNote,
  undo: () => acts.push({}, "undo"),
  redo: () => acts.push({}, "redo"),
  skip: () => ask("skip"),
  flag: () => ask("second_opinion"),
  finish,
  send,
  reveal: finish,
  reopen: askReopen,
  reopen_now: reopen,
};
// What still works on a case that is finished; the server would refuse the rest.
const AFTER_FINISH = new Set(["confirm", "note", "undo", "redo", "finish", "reopen", "reopen_now", "cancel_adding"]);
const views = {
  next_point: () => stepPoint(1),
  previous_point: () => stepPoint(-1),
  next_passage: () => stepPassage(1) || tell(words.no_passages),
  previous_passage: () => stepPassage(-1) || tell(words.no_passages),
  next_block: () => selection?.step(1),
  previous_block: () => selection?.step(-1),
  next_sheet: (event) => (event.type === "keydown" ? leaf(1) : viewer.turn(1)),
  previous_sheet: (event) => (event.type === "keydown" ? leaf(-1) : viewer.turn(-1)),
  find: openSearch,
  zoom: () => viewer.zoom.toggle(),
  zoom_in: () => viewer.zoom.step(1),
  zoom_out: () => viewer.zoom.step(-1),
  text: () => viewer.toggleText(),
  next_document: () => viewer.switchDocument(1),
  previous_document: () => viewer.switchDocument(-1),
  queue: () => location.assign("/"),
  help: () => document.getElementById("help").showModal(),
  legend: () => document.getElementById("legend").showModal(),
  ask_colleague: askColleague,
  asked: () => fold(panel().querySelector(".asked")),
  score_table: () => fold(document.querySelector(".score-table")),
  order: (event) => chooseOrder(event.target.closest("[data-order]")),
  escape: (event) => {
    const form = event.target.closest?.(".editing");
    if (form) edit(form.closest(".passage"), false);
    else if (closePopUps()) return;
    else if (selection && !selection.form.hidden) selection.close();
    else if (event.target.matches?.("textarea, input")) event.target.blur();
  },
};

export function act(name, event) {
  hush();
  if (views[name]) views[name](event);
  else if (!acts || main.dataset.acting !== "yes") tell(words.looking);
  else if (document.querySelector("#outcome[data-finished=yes]") && !AFTER_FINISH.has(name)) tell(words.finished);
  else deeds[name]?.(event);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button && !button.disabled) {
    act(button.dataset.act, event);
    return;
  }
  const conflict = event.target.closest("[data-conflict]");
  if (conflict) {
    settle(conflict.dataset.conflict, conflict.closest(".conflict"));
    return;
  }
  const opener = event.target.closest(".card"); // all of it: people press beside the title
  if (opener) {
    openPoint(Number(opener.closest(".card").dataset.point));
    return;
  }
  const chosen = event.target.closest(".document");
  if (chosen) {
    viewer.openDocument(Number(chosen.dataset.document));
    return;
  }
  closePopUps(event.target);
  const link = event.target.closest(".to-page, [data-goto-sheet], [data-open], .back");
  if (!link) {
    const gist = event.target.closest(".passage .gist");
    if (gist && getSelection().isCollapsed) toPassage(gist.closest(".passage"));
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (link.dataset.open) openPoint(Number(link.dataset.open));
  else if (link.dataset.gotoSheet) viewer.go(viewer.documentId, Number(link.dataset.gotoSheet));
  else if (link.dataset.passage)
    document.dispatchEvent(new CustomEvent("to-passage", { detail: link.dataset.passage }));
  else if (link.dataset.placeOf) toFinding(link);
  else if (link.dataset.document) viewer.go(Number(link.dataset.document), Number(link.dataset.sheet));
  else toPassage(link.closest(".passage"));
});

document.addEventListener("keydown", (event) => {
  const hit = event.target.closest?.(".hit");
  if (hit && event.code === "Enter") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("to-passage", { detail: hit.dataset.passage }));
  }
});

document.addEventListener("focusin", ({ target }) => {
  if (target.matches(".passage .to-page")) unfold(target.closest(".passage")); // by Tab: what it holds can be reached then
});

document.addEventListener("to-passage", ({ detail }) => {
  const item = document.getElementById(detail);
  if (!item) return;
  if (Number(item.dataset.point) !== viewer.point) openPoint(Number(item.dataset.point), { jump: false });
  toPassage(item, false);
  viewer.light();
});

document.addEventListener("submit", (event) => {
  if (event.target.matches(".editing")) {
    event.preventDefault();
    saveEdit(event.target);
  }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-goto]")) goToNumber(event.target);
});
