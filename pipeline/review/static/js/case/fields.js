// What reviewers write in words: the note of a point, and the reasons that some acts ask for.
import { acts } from "./saving.js";
import { main, panel } from "./shared.js";

export function ask(kind) {
  const dialog = document.getElementById(`ask-${kind}`);
  dialog.showModal();
  dialog.querySelector("textarea").focus();
}

export const writeNote = () => panel().querySelector("textarea[data-note]").focus();

export function saveNote(field) {
  const note = field.dataset.note;
  if (note && acts)
    acts.push({ kind: "note", point: Number(note), value: field.value.trim() ? { text: field.value } : null });
}

// What was chosen where somebody else had decided meanwhile: one's own act once more, or a second opinion.
export function settle(choice, box) {
  const body = box.sent;
  box.remove();
  if (choice === "mine") acts.push({ ...body, seen: acts.version, insist: true });
  if (choice === "second") ask("second_opinion");
}

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
