// The line of acts and what comes back: saved, answered with fresh pieces, in conflict with others, or refused.
import { Acts } from "../acts.js";
import { fillMark, told } from "../typed/fields.js";
import { onState } from "../typed/texts.js";
import { fieldInUse, whenNobodyTypes } from "../typing.js";
import { focusAgain, light, place, showChosen, unfold } from "./placing.js";
import { acting, main, say, viewer, words } from "./shared.js";
import { tell } from "./telling.js";

export const acts =
  acting &&
  new Acts({
    caseId: main.dataset.case,
    user: main.dataset.user,
    version: Number(main.dataset.version),
    onAnswer: answered,
    onConflict: conflicted,
    onRefused: (reason, body) => {
      document.dispatchEvent(new CustomEvent("act-refused", { detail: body }));
      showState("failed", 0, "", `${words.refused}: ${reason}`);
      tell(`${words.refused}: ${reason}`);
      refresh();
    },
    onState: showState,
  });

// What was done in another case is told there.
const TOLD_THERE = "khetcheck.told";
export function tellLeft() {
  const left = sessionStorage.getItem(TOLD_THERE);
  sessionStorage.removeItem(TOLD_THERE);
  if (left) tell(left);
}

// The page that is loaded anew stands in the same view.
const IN_TEXT = "khetcheck.in-text";
function reloadAsSeen() {
  if (viewer.asText) sessionStorage.setItem(IN_TEXT, main.dataset.case);
  location.reload();
}
export function resumeText() {
  if (sessionStorage.getItem(IN_TEXT) === main.dataset.case && viewer.sheet && !viewer.inText) viewer.toggleText();
  sessionStorage.removeItem(IN_TEXT);
}

let ofActs = { name: "idle", text: words.idle };
let ofTexts = { name: "idle" };
const GRAVEST = ["login", "failed", "refused", "typing", "saving", "kept", "saved", "idle"];

// Says how the acts stand; the reader's own words may say it better.
export function showState(name, count, time = "", text = "") {
  const texts = {
    saving: words.saving,
    saved: `${words.saved} ${time ?? ""}`,
    failed: `${words.failed} · ${count} ${words.waiting}`,
    login: words.login,
  };
  ofActs = { name, text: text || texts[name] };
  showMark();
}

// One mark for acts and for texts in the making: it says the gravest of both.
function showMark() {
  const textsCount = GRAVEST.indexOf(ofTexts.name) < GRAVEST.indexOf(ofActs.name);
  const shown = textsCount ? told(ofTexts) : { text: ofActs.text, login: ofActs.name === "login" };
  fillMark(document.getElementById("saved"), textsCount ? ofTexts.name : ofActs.name, shown);
}

onState((state) => {
  ofTexts = state;
  showMark();
});

function answered(answer, { body }) {
  document.dispatchEvent(new CustomEvent("act-stored", { detail: body }));
  if (answer.reload && answer.finished) sessionStorage.setItem(JUST_FINISHED, main.dataset.case);
  if (answer.go && answer.told) sessionStorage.setItem(TOLD_THERE, answer.told);
  if (answer.go) whenNobodyTypes(() => location.assign(answer.go));
  else if (answer.reload) whenNobodyTypes(reloadAsSeen);
  if (answer.go || answer.reload) return;
  const before = document.activeElement;
  const [held, passage] = [before?.closest?.("[data-act]")?.dataset.act, before?.closest?.(".passage")?.id];
  const inPanel = before?.closest?.(".panel, .card, #outcome");
  for (const [id, html] of Object.entries(answer.pieces ?? {})) place(id, html);
  if (body.kind === "added" && body.value) openAdded(body);
  // Decided on: it is no longer put off.
  if (!["note", "skip"].includes(body.kind)) document.querySelector("#standing .put-off")?.remove();
  showWaiting();
  if (answer.announce) say(answer.announce);
  if (answer.told || answer.refused) tell(answer.told || answer.refused);
  if (answer.redraw && viewer.sheet) viewer.go(viewer.documentId, viewer.number, true);
  light();
  if (answer.finished && !fieldInUse()) nextCase()?.focus();
  else if (inPanel && !before.isConnected && !fieldInUse()) focusAgain(inPanel.id, passage, held);
}

// What was added just now stands open, to be looked at or taken off again.
function openAdded({ point, document: documentId, block, start, end }) {
  const item = document.getElementById(`p-added-${point}-${documentId}-${block}-${start}-${end}`);
  if (!item || point !== viewer.point) return;
  viewer.passage = item.id;
  unfold(item);
}

// Where a finished case leads: never back into itself.
const JUST_FINISHED = "khetcheck.finished";
export const nextCase = () => document.querySelector("#outcome .next-case");
if (sessionStorage.getItem(JUST_FINISHED) === main.dataset.case) {
  nextCase()?.focus();
  say(document.querySelector("#standing .sent")?.textContent.trim() ?? "");
}
sessionStorage.removeItem(JUST_FINISHED);

function conflicted(answer, body) {
  if (body.kind === "note" && answer.same_person) {
    document.dispatchEvent(new CustomEvent("note-overtaken", { detail: { body, theirs: answer.theirs } }));
    return;
  }
  const place = document.getElementById("conflicts");
  place.innerHTML = answer.conflict ?? "";
  const box = place.querySelector(".conflict");
  if (box) {
    showState("failed", 0, "", words.conflict);
    box.sent = body;
    whenNobodyTypes(() => box.querySelector("h2").focus());
  }
  refresh();
}

// Ask for the whole case again, after a conflict or a refusal, and put in place what others changed.
export async function refresh() {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const version = Number(fresh.getElementById("main").dataset.version);
  const now = fresh.getElementById("main").dataset.acting;
  // on its way it was overtaken by the answer to an act, which shows the case as it is
  if (acts && now === "yes" && version < acts.version) return;
  for (const one of fresh.querySelectorAll(".card, .panel, #outcome, #last-acts, #standing"))
    place(one.id, one.outerHTML);
  if (now === "yes") showWaiting();
  if (now === "no" && main.dataset.acting === "yes") takenOver();
  main.dataset.acting = now;
  if (acts) acts.version = Math.max(acts.version, version);
  light();
}

// Told at once and for good: the page is only to be looked at from now on.
function takenOver() {
  tell(words.taken);
  const box = document.createElement("div");
  box.className = "notice warn taken";
  box.textContent = words.taken;
  document.getElementById("conflicts").replaceChildren(box);
  document.getElementById("adding")?.setAttribute("hidden", "");
}

// A level that was chosen and is still on its way stays chosen, whatever older state arrives meanwhile: else a second
// Enter would take the point for undecided and confirm the draft over it.
function showWaiting() {
  for (const { path, body } of acts?.waiting ?? [])
    if (path === "acts" && body.kind === "point" && body.value) showChosen(body.point, body.value.state);
}
