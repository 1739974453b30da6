// What reviewers write in words: the note of a point, and the reasons that some acts ask for.
import { isUnstored, offer, stored, storedText, write } from "../typed/fields.js";
import { forget, textOf } from "../typed/texts.js";
import { fieldInUse, whenNobodyTypes } from "../typing.js";
import { acts, showState } from "./saving.js";
import { main, panel, words } from "./shared.js";

const noteOf = (point) => document.getElementById(`note-${point}`);
const reasonOf = (kind) => document.getElementById(`reason-${kind}`);

export function ask(kind) {
  document.getElementById(`ask-${kind}`).showModal();
  reasonOf(kind).focus();
}

export const writeNote = () => panel().querySelector("textarea[data-note]").focus();

// A visit to a note is one entry in the log: it ends when the field is left, another act is made, or the page goes away.
// Until then the text is kept as one in the making (typed/texts.js).
function saveNote(field) {
  const text = field.value.trim();
  if (!acts || field.readOnly || field.dataset.sent === text || (!("sent" in field.dataset) && !isUnstored(field)))
    return;
  field.dataset.sent = text;
  acts.push({ kind: "note", point: Number(field.dataset.note), value: text ? { text } : null });
}

if (acts) {
  document.addEventListener("focusout", ({ target }) => {
    if (!target.dataset?.note) return;
    setTimeout(() => {
      // what the program does to the focus, or another window in front, does not end the visit
      if (fieldInUse() === target) whenNobodyTypes(() => saveNote(target));
      else saveNote(target);
    });
  });
  acts.beforehand = (body) => {
    if (body.kind !== "note") for (const field of document.querySelectorAll("textarea[data-note]")) saveNote(field);
  };
}

// What the server said of an act that carried words.
document.addEventListener("act-stored", ({ detail: { kind, point, value } }) => {
  if (kind === "note") {
    const [field, text] = [noteOf(point), value?.text ?? ""];
    if (field.dataset.sent === text) delete field.dataset.sent;
    const untouched = !isUnstored(field) && fieldInUse() !== field; // an act of a window that is closed by now
    if (untouched) field.value = text;
    stored(field, text);
  } else if (kind === "skip" || kind === "second_opinion") {
    const field = reasonOf(kind);
    forget(field.dataset.typed, value?.reason ?? "");
    field.value = textOf(field.dataset.typed) ?? "";
  }
});
document.addEventListener("act-refused", ({ detail: { kind, point } }) => {
  if (kind === "note") delete noteOf(point).dataset.sent;
});

// Two windows of one person: what was typed last stands, and the other text is offered below the field.
document.addEventListener("note-overtaken", ({ detail: { body, theirs } }) => {
  offer(noteOf(body.point), { text: theirs?.text ?? "" });
  acts.push({ ...body, seen: acts.version, insist: true });
});

// What was chosen where somebody else had decided meanwhile: one's own act once more, or a second opinion.
export function settle(choice, box) {
  const body = box.sent;
  box.remove();
  if (!acts.waiting.length) showState("idle", 0, "", words.idle);
  if (choice === "theirs" && body.kind === "note") write(noteOf(body.point), storedText(noteOf(body.point)));
  if (choice === "mine") acts.push({ ...body, seen: acts.version, insist: true });
  if (choice === "second") ask("second_opinion");
}

// Closed without an answer, a dialog keeps its text for the next time.
for (const dialog of document.querySelectorAll("dialog[id^=ask-]")) {
  dialog.addEventListener("close", () => {
    const field = dialog.querySelector("textarea");
    if (dialog.returnValue === "ok" && field.value.trim()) {
      const kind = dialog.querySelector("form").dataset.reasonFor;
      acts.push({ kind, value: { reason: field.value.trim() } });
      if (kind === "skip" && main.dataset.next)
        acts.afterwards = () =>
          whenNobodyTypes(() => {
            sessionStorage.setItem("khetcheck.skipped", "yes"); // the next page says why it is another case
            location.assign(main.dataset.next);
          });
    }
    dialog.returnValue = "";
  });
}
