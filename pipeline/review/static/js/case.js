// The case page: cards, passages and decisions put together; every act goes through Acts, every key through listen.
import { act, selection } from "./case/dispatch.js";
import { openPoint } from "./case/moving.js";
import { label } from "./case/placing.js";
import { attend } from "./case/presence.js";
import { cards, keys, main, viewer } from "./case/shared.js";
import { watchStanding } from "./case/standing.js";
import { listen } from "./keys.js";

label(document);
listen(keys, main.dataset.singleKeys === "on", act, (place) => {
  const one = cards().find((other) => Number(other.dataset.index) === place);
  if (one) openPoint(Number(one.dataset.point));
});
viewer.point = Number(main.dataset.openPoint);
const asked = new URL(location.href).searchParams;
openPoint(viewer.point, { focus: false, jump: !asked.has("sheet") && !asked.has("doc") });

if (selection) selection.resume();
if (!document.prerendering) attend();
watchStanding();
document.documentElement.dataset.ready = "yes";
