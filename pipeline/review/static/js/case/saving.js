// The line of acts and what comes back: saved, answered with fresh pieces, in conflict with others, or refused.
import { Acts } from "../acts.js";
import { focusAgain, light, place } from "./placing.js";
import { acting, main, say, token, viewer, words } from "./shared.js";
import { tell } from "./telling.js";

export const acts =
  acting &&
  new Acts({
    caseId: main.dataset.case,
    user: main.dataset.user,
    version: Number(main.dataset.version),
    token,
    onAnswer: answered,
    onConflict: conflicted,
    onRefused: (reason) => {
      showState("failed", 0, "", `${words.refused}: ${reason}`);
      tell(`${words.refused}: ${reason}`);
      refresh();
    },
    onState: showState,
  });

function showState(state, count, time = "", text = "") {
  const saved = document.getElementById("saved");
  const shown = {
    saving: words.saving,
    saved: `${words.saved} ${time ?? ""}`,
    failed: `${words.failed} · ${count} ${words.waiting}`,
    login: words.login,
  };
  saved.dataset.state = state === "login" ? "failed" : state;
  saved.querySelector(".saved-text").textContent = text || shown[state];
}

function answered(answer) {
  if (answer.go) {
    location.assign(answer.go);
    return;
  }
  if (answer.reload) {
    if (answer.finished) sessionStorage.setItem(JUST_FINISHED, main.dataset.case);
    location.reload();
    return;
  }
  const before = document.activeElement;
  const [held, passage] = [before?.closest?.("[data-act]")?.dataset.act, before?.closest?.(".passage")?.id];
  const inPanel = before?.closest?.(".panel, .card, #outcome");
  for (const [id, html] of Object.entries(answer.pieces ?? {})) place(id, html);
  if (answer.announce) say(answer.announce);
  if (answer.refused) tell(answer.refused);
  if (answer.redraw && viewer.sheet) viewer.go(viewer.documentId, viewer.number, true);
  light();
  if (answer.finished && !before?.matches?.("textarea, input")) nextCase()?.focus();
  else if (inPanel && !before.isConnected) focusAgain(inPanel.id, passage, held);
}

// Where a finished case leads: never back into itself.
const JUST_FINISHED = "khetcheck.finished";
export const nextCase = () => document.querySelector("#outcome .next-case");
if (sessionStorage.getItem(JUST_FINISHED) === main.dataset.case) nextCase()?.focus();
sessionStorage.removeItem(JUST_FINISHED);

function conflicted(answer, body) {
  const place = document.getElementById("conflicts");
  place.innerHTML = answer.conflict ?? "";
  const box = place.querySelector(".conflict");
  if (box) {
    box.sent = body;
    box.querySelector("h2").focus();
  }
  refresh();
}

// Ask for the whole case again, after a conflict or a refusal, and put in place what others changed.
export async function refresh() {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const one of fresh.querySelectorAll(".card, .panel, #outcome, #last-acts, #standing"))
    place(one.id, one.outerHTML);
  const now = fresh.getElementById("main").dataset.acting;
  if (now === "no" && main.dataset.acting === "yes") tell(words.taken);
  main.dataset.acting = now;
  if (acts) acts.version = Math.max(acts.version, Number(fresh.getElementById("main").dataset.version));
  light();
}
