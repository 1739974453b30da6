// Puts a fresh piece in the place of an old one around what must stay: a field in use keeps its focus, its caret and a
// half-composed letter only while neither it nor anything that holds it is moved or replaced.
import { isUnstored, offer, storedText } from "../typed/fields.js";
import { fieldInUse } from "../typing.js";

// Returns the piece that stands there now.
export function patch(old, fresh) {
  const pairs = [...lasting(old)].map((kept) => [kept, twinOf(kept, fresh)]).filter(([, twin]) => twin);
  if (!pairs.length) {
    old.replaceWith(fresh);
    return fresh;
  }
  const news = pairs.filter(([kept, twin]) => kept.dataset.note && storedText(twin) !== storedText(kept));
  around(old, fresh, pairs);
  for (const [kept, twin] of news) {
    kept.dataset.stored = twin.defaultValue;
    if (kept.value.trim() !== twin.defaultValue.trim()) offer(kept, { text: twin.defaultValue });
  }
  return old;
}

// The field in use, notes that are not stored yet, and a correction that somebody has opened.
function* lasting(piece) {
  const used = fieldInUse();
  for (const field of piece.querySelectorAll("textarea[data-note]"))
    if (field === used || isUnstored(field)) yield field;
  for (const form of piece.querySelectorAll(".passage > .editing")) yield form;
}

function twinOf(kept, fresh) {
  if (kept.id) return fresh.querySelector(`#${kept.id}`);
  const holder = fresh.querySelector(`#${kept.parentElement.id}`);
  const button = holder?.querySelector("[data-act=edit]");
  if (!button) return null;
  button.setAttribute("aria-expanded", "true");
  return holder.appendChild(document.createElement("form"));
}

const childHolding = (parent, inner) => [...parent.children].find((child) => child.contains(inner));

function around(old, fresh, pairs) {
  const branches = new Map(); // fresh child -> the old child that stays in its place, and what must stay in it
  for (const [kept, twin] of pairs) {
    const child = childHolding(fresh, twin);
    const branch = branches.get(child) ?? { stays: childHolding(old, kept), inner: [] };
    branch.inner.push([kept, twin]);
    branches.set(child, branch);
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const staying = new Set([...branches.values()].map(({ stays }) => stays));
  for (const node of [...old.childNodes]) if (!staying.has(node)) node.remove();
  let next = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const branch = branches.get(node);
    if (!branch) old.insertBefore(node, next);
    else {
      if (branch.inner[0][0] !== branch.stays) around(branch.stays, node, branch.inner);
      next = branch.stays.nextSibling;
    }
  }
}
