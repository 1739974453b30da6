// On every page: htmx sends the session's token, and a key field takes the key that is pressed.
const token = document.querySelector("meta[name=csrf]").content;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = token;
});

const HELD_ALONE = ["Control", "Shift", "Alt", "Meta"];

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-key-input]");
  if (!field || event.key === "Tab" || HELD_ALONE.includes(event.key)) return;
  event.preventDefault();
  field.value = (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + event.code;
});
