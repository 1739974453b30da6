// Which text field is in use. A person leaves it by Escape, Tab or a click elsewhere; what the program does to the
// focus is no leaving: the next letter still belongs to the field and is never a shortcut.

const TEXT = "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=hidden], [type=submit])";
const CONTROL = "a, button, summary, select, input, [role=button]";

// A field of a dialog that was just closed keeps the focus until the browser draws again; nobody can type in it.
export const isGone = (target) => Boolean(target?.closest?.("dialog:not([open])"));

export const isText = (target) =>
  Boolean(target?.matches?.(TEXT)) && !target.readOnly && !target.disabled && !isGone(target);

// Also the first key of a composition, which some browsers do not yet call composing.
export const isComposing = (event) => event.isComposing || event.keyCode === 229 || event.key === "Process";

let field = null; // entered last
let left = true;
let leaving = false; // from a gesture that leaves a field until the next key
let waiting = [];

addEventListener(
  "focusin",
  ({ target }) => {
    if (isText(target)) [field, left, leaving] = [target, false, false];
    else if (leaving) left = true;
  },
  true,
);
addEventListener(
  "focusout",
  ({ target }) => {
    if (target === field && leaving) left = true;
    setTimeout(goOn);
  },
  true,
);

const gesture = () => {
  leaving = true;
  if (!isText(document.activeElement)) left = true;
  setTimeout(goOn);
};
addEventListener(
  "keydown",
  (event) => {
    if (leaving && !isText(document.activeElement)) left = true; // a closed dialog need not say that its field lost the focus
    leaving = false;
    if (["Escape", "Tab"].includes(event.key) && !isComposing(event)) gesture();
  },
  true,
);
addEventListener(
  "pointerdown",
  ({ target }) => {
    if (target !== field) gesture();
  },
  true,
);

// The text field that a person is typing in, also where the program has just taken the focus away.
export const fieldInUse = () => {
  if (isText(document.activeElement)) return document.activeElement;
  return left ? null : field;
};

// Do it at once, or once nobody is typing: whatever leads away from the page or moves the focus.
export function whenNobodyTypes(deed) {
  waiting.push(deed);
  goOn();
}

function goOn() {
  if (fieldInUse()) return;
  const due = waiting;
  waiting = [];
  for (const deed of due) deed();
}

// Whether a key belongs to a field that has lost the focus to the program. The field gets the focus back, and with it
// the letter, unless a control has it by now; in neither case is the key a shortcut.
export function belongsToField(event) {
  const active = document.activeElement;
  if (left || isText(active) || event.ctrlKey || event.metaKey) return false;
  const here = field.isConnected ? field : field.id && document.getElementById(field.id);
  if (here && !active?.matches?.(CONTROL)) here.focus({ preventScroll: true });
  return true;
}
