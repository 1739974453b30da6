// On every page: htmx sends the session's token, a held key presses nothing twice, and a key field takes the key that is pressed.
const token = document.querySelector("meta[name=csrf]").content;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = token;
});

// Held down on a button or a link, the browser would press it again and again.
document.addEventListener("keydown", (event) => {
  const pressing = ["Enter", "NumpadEnter", "Space"].includes(event.code);
  if (event.repeat && pressing && event.target.closest?.("button, a, summary, [role=button]")) event.preventDefault();
});

const HELD_ALONE = ["Control", "Shift", "Alt", "Meta"];

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-key-input]");
  if (!field || event.key === "Tab" || HELD_ALONE.includes(event.key)) return;
  event.preventDefault();
  field.value = (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + event.code;
});
