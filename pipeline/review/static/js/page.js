// On every page: texts are kept as they are typed, htmx sends the session's token, a held key presses nothing twice, and
// a key field takes the key pressed.
import "./copying.js";
import "./days.js";
import "./findings.js";
import { sendLeftBehind } from "./left_behind.js";
import { loginAddress, token } from "./sending.js";
import { keepTexts } from "./typed/fields.js";
import { fieldInUse, whenNobodyTypes } from "./typing.js";

const SEARCH_AGAIN_MS = 3000;

keepTexts();
sendLeftBehind(JSON.parse(document.body.dataset.typedWords || "{}"));

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = token();
});

// A session that has ended leads to log-in and back, once the field is left; its text is kept meanwhile.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status !== 401 || !fieldInUse()) return;
  event.preventDefault();
  whenNobodyTypes(() => location.assign(loginAddress()));
});

// A list that arrives never replaces the field that somebody is typing in; it is asked for again afterwards.
document.addEventListener("htmx:beforeSwap", (event) => {
  const field = fieldInUse();
  if (!field || !event.detail.target.contains(field)) return;
  event.detail.shouldSwap = false;
  const form = event.detail.requestConfig.elt;
  whenNobodyTypes(() => htmx.trigger(form, "submit"));
});

// Until a search is answered, the list is shown as that of an older one; without an answer it is asked for again.
const isList = ({ target }) => target?.id === "queue-list";
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (isList(detail)) document.getElementById("queue-list").setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { status } = detail.xhr;
  if (isList(detail) && (status === 0 || status >= 500))
    setTimeout(() => htmx.trigger(detail.requestConfig.elt, "submit"), SEARCH_AGAIN_MS);
});

document.addEventListener("click", ({ target }) => {
  const opener = target.closest?.("[data-opens]");
  if (opener?.dataset.opens) document.getElementById(opener.dataset.opens).showModal();
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
  const held = (event.ctrlKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "");
  const code = held + event.code;
  // shown as it stands on the key, kept by its place
  const caps = JSON.parse(field.form.dataset.keycaps);
  const plain = event.code.replace(/^(Key|Digit)/, "");
  field.value = caps[code] ?? (caps[event.code] ?? plain).replaceAll(/\S+/g, (cap) => held + cap);
  field.form.elements[field.dataset.keyInput].value = code;
  tellUnsaved();
});

// What was saved is said no longer once something else is chosen.
function tellUnsaved() {
  const kept = document.getElementById("kept");
  if (!kept?.dataset.changed) return;
  kept.textContent = kept.dataset.changed;
  kept.classList.add("warn");
}
document.addEventListener("change", ({ target }) => {
  if (target.closest?.(".sight-form, .key-form")) tellUnsaved();
});
