// A facet with parts: all parts ticked are the whole, some leave its box half ticked; ticking the whole ticks all parts.
const boxes = (root) => [...root.querySelectorAll(".editing input[name=facet]")];
const partsOf = (whole, all) => all.filter((one) => one.value.startsWith(`${whole.value}:`));

// Returns what is ticked, the whole instead of all its parts.
export function facetsIn(form) {
  const all = [...form.querySelectorAll("input[name=facet]:checked")].map((box) => box.value);
  return all.filter((key) => !key.includes(":") || !all.includes(key.split(":")[0]));
}

// A passage of the whole facet names no part: its parts are shown ticked, too.
export function showParts(form) {
  const all = boxes(form);
  for (const whole of all.filter((one) => !one.value.includes(":"))) {
    const parts = partsOf(whole, all);
    if (whole.checked) for (const one of parts) one.checked = true;
    sumUp(whole, parts);
  }
}

function sumUp(whole, parts) {
  if (!parts.length) return;
  const ticked = parts.filter((one) => one.checked).length;
  whole.checked = ticked === parts.length;
  whole.indeterminate = ticked > 0 && ticked < parts.length;
}

document.addEventListener("change", ({ target }) => {
  const form = target.matches?.("input[name=facet]") && target.closest(".editing");
  if (!form) return;
  const all = boxes(form.parentElement);
  const whole = all.find((one) => one.value === target.value.split(":")[0]);
  const parts = partsOf(whole, all);
  if (target === whole) for (const one of parts) one.checked = whole.checked;
  sumUp(whole, parts);
});
