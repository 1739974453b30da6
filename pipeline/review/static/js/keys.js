// Keys by their place on the keyboard (event.code), so that a Thai layout works; single keys only outside fields.
import { belongsToField, isComposing } from "./typing.js";

const typing = (target) =>
  target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

export const listen = (keys, single, act, openPoint) => {
  const byCode = new Map(Object.entries(keys).map(([name, [code]]) => [code, name]));
  addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || isComposing(event) || document.querySelector("dialog[open]")) return;
    if (belongsToField(event)) return;
    const held = (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "");
    const name =
      byCode.get(held + event.code) ??
      {
        "Ctrl+KeyZ": "undo",
        "Ctrl+Shift+KeyZ": "redo",
        NumpadAdd: "good",
        NumpadSubtract: "bad",
        NumpadEnter: "confirm",
      }[held + event.code];
    if (event.code === "Escape") {
      act("escape", event);
      return;
    }
    if (typing(event.target)) {
      if (name === "finish") {
        event.preventDefault();
        act(name, event);
      }
      return;
    }
    if (!event.ctrlKey && !single) return;
    const control = event.target.closest?.("button, a, summary, [role=button], input");
    if (
      ["Enter", "Space", "NumpadEnter"].includes(event.code) &&
      !event.ctrlKey &&
      control &&
      control.dataset.act !== "confirm"
    )
      return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (digit && !held) {
      event.preventDefault();
      openPoint(Number(digit[1]));
      return;
    }
    if (name) {
      event.preventDefault();
      act(name, event);
    }
  });
};
