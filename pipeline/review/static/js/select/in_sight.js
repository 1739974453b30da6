// The form of an addition takes room from the page: what was selected stays in sight above it.

const MARGIN_PX = 12;

// Scrolls the page of a sheet until all that `chosen` finds on it is seen, or its beginning where it is taller.
export function intoSight(sheet, chosen) {
  const boxes = [...sheet.querySelectorAll(chosen)].map((one) => one.getBoundingClientRect());
  if (!boxes.length) return;
  const frame = sheet.querySelector(".paper-frame");
  const room = frame.getBoundingClientRect();
  const top = Math.min(...boxes.map((box) => box.top)) - MARGIN_PX - room.top;
  const bottom = Math.max(...boxes.map((box) => box.bottom)) + MARGIN_PX - room.bottom;
  if (top < 0) frame.scrollTop += top;
  else if (bottom > 0) frame.scrollTop += Math.min(bottom, top);
}
