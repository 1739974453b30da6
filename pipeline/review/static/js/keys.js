// Keys by their place on the keyboard (event.code), so that a Thai layout works; single keys only outside fields.
import { belongsToField, isComposing, isGone } from "./typing.js";

const typing = (target) =>
  !isGone(target) && target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// A key that is held down moves on and on, but never acts twice: nobody decides thirty times a second.
const MAY_REPEAT = new Set(
  ["point", "passage", "block", "sheet"].flatMap((what) => [`next_${what}`, `previous_${what}`]),
);
// What takes the draft over is done when its key is let go, and not at all when it was held: by then it is on purpose.
const ON_RELEASE = "confirm";
const PRESSES = ["Enter", "Space", "NumpadEnter"];

export const listen = (keys, single, act, openPoint) => {
  const byCode = new Map(Object.entries(keys).map(([name, [code]]) => [code, name]));
  let down = null; // code of the key that is down for it
  addEventListener("blur", () => {
    down = null;
  });
  addEventListener("keyup", (event) => {
    if (event.code !== down) return;
    down = null;
    act(ON_RELEASE, event);
  });
  addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || isComposing(event) || document.querySelector("dialog[open]")) return;
    if (belongsToField(event)) return;
    const held = (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "");
    const name =
      byCode.get(held + event.code) ??
      {
        "Ctrl+KeyZ": "undo",
        "Ctrl+Shift+KeyZ": "redo",
        "Ctrl+NumpadEnter": "finish",
        NumpadAdd: "good",
        NumpadSubtract: "bad",
        NumpadEnter: "confirm",
        Space: "next_sheet",
        "Shift+Space": "previous_sheet",
      }[held + event.code];
    if (event.code === "Escape") {
      if (!event.repeat) act("escape", event);
      return;
    }
    if (typing(event.target)) {
      if (name === "finish") {
        event.preventDefault();
        if (!event.repeat) act(name, event);
      }
      return;
    }
    if (!event.ctrlKey && !single) return;
    const control = event.target.closest?.("button, a, summary, [role=button], input");
    const pressed = control && (event.code === "Space" || control.dataset.act !== "confirm");
    if (PRESSES.includes(event.code) && !event.ctrlKey && pressed) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (digit && !held) {
      event.preventDefault();
      if (!event.repeat) openPoint(Number(digit[1]));
      return;
    }
    if (name) {
      event.preventDefault();
      if (name === ON_RELEASE) down = event.repeat ? null : event.code;
      else if (!event.repeat || MAY_REPEAT.has(name)) act(name, event);
    }
  });
};
