// How large a page is shown: its width in that of the pane, up to four times; remembered by this browser. Ctrl and the
// wheel, two fingers, buttons and keys; a drag beside the words, or with the middle button, moves the page.
import { recall, retain } from "./windows.js";

const STEPS = [1, 1.25, 1.5, 2, 3, 4];
const [LEAST, MOST] = [STEPS[0], STEPS.at(-1)];
const KEY = "khetcheck.zoom";
const A_DRAG_PX = 12;
const ENOUGH = 0.9; // of the dots that the screen could show
const ON_PAPER = ".block-box, .hit, a, button, input";

export class Zoom {
  constructor(viewer) {
    this.viewer = viewer;
    const kept = recall(KEY, {});
    this.now = clamp(kept.now);
    this.last = clamp(kept.last ?? 2); // what Z goes back to
    this.fingers = new Map();
    const pane = document.querySelector(".viewer");
    pane.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    pane.addEventListener("pointerdown", (event) => this.press(event), true);
    new ResizeObserver(() => this.finer()).observe(pane);
  }

  get frame() {
    return this.viewer.sheet?.querySelector(".paper-frame");
  }
  get paper() {
    return this.viewer.sheet?.querySelector(".paper");
  }

  // A page has arrived, or the size has changed.
  apply() {
    if (!this.paper) return;
    this.paper.style.setProperty("--zoom", this.now);
    this.viewer.sheet.classList.toggle("zoomed", this.now > 1);
    this.viewer.sheet.querySelector("#zoom-now").textContent = `${Math.round(100 * this.now)} %`;
    this.viewer.sheet.querySelector("[data-act=zoom_out]").disabled = this.now <= LEAST;
    this.viewer.sheet.querySelector("[data-act=zoom_in]").disabled = this.now >= MOST;
    this.finer();
  }

  // To a size, with the point under `at` (in the window) staying where it is; without, the middle of the pane.
  to(size, at = null) {
    const { frame, paper } = this;
    if (!frame || !paper?.offsetWidth) return;
    const pane = frame.getBoundingClientRect();
    const place = at ?? { x: pane.left + frame.clientWidth / 2, y: pane.top + frame.clientHeight / 2 };
    const before = paper.getBoundingClientRect();
    const [across, down] = [(place.x - before.left) / before.width, (place.y - before.top) / before.height];
    this.now = clamp(size);
    if (this.now > 1) this.last = this.now;
    retain(KEY, { now: this.now, last: this.last });
    this.apply();
    const after = paper.getBoundingClientRect();
    frame.scrollLeft += after.left + across * after.width - place.x;
    frame.scrollTop += after.top + down * after.height - place.y;
  }

  toggle() {
    this.to(this.now > 1 ? 1 : this.last);
    this.viewer.light();
  }

  step(by) {
    const next = by > 0 ? STEPS.find((one) => one > this.now + 0.01) : STEPS.findLast((one) => one < this.now - 0.01);
    if (next) this.to(next);
  }

  wheel(event) {
    if (!event.ctrlKey || !event.target.closest(".paper-frame") || this.viewer.inText) return;
    event.preventDefault();
    this.to(this.now * Math.exp(-event.deltaY / 400), { x: event.clientX, y: event.clientY });
  }

  press(event) {
    if (!event.target.closest(".paper-frame") || this.viewer.inText) return;
    if (event.pointerType === "touch") this.touch(event);
    else if (event.button === 1 || (event.button === 0 && !event.target.closest(ON_PAPER))) this.drag(event);
  }

  drag(event) {
    const { frame } = this;
    if (frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight) return;
    if (event.offsetX > frame.clientWidth && event.target === frame) return; // its scroll bar
    event.preventDefault();
    event.stopPropagation();
    frame.classList.add("dragged");
    let [x, y] = [event.clientX, event.clientY];
    const [from, stood] = [{ x, y }, [frame.scrollLeft, frame.scrollTop]];
    const move = (now) => {
      frame.scrollBy(x - now.clientX, y - now.clientY);
      [x, y] = [now.clientX, now.clientY];
    };
    const done = () => {
      frame.classList.remove("dragged");
      removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) removeEventListener(name, done);
      const far = Math.hypot(x - from.x, y - from.y) >= A_DRAG_PX;
      const moved = stood[0] !== frame.scrollLeft || stood[1] !== frame.scrollTop;
      if (far && event.button === 0) document.dispatchEvent(new CustomEvent("dragged-beside", { detail: { moved } }));
    };
    addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, done);
  }

  // One finger scrolls, which the browser does; two make the page larger or smaller.
  touch(event) {
    this.fingers.set(event.pointerId, event);
    if (this.fingers.size !== 2) {
      if (this.fingers.size === 1) addEventListener("pointerup", this.lift, { once: true });
      return;
    }
    event.stopPropagation();
    const [size, apart] = [this.now, distance(this.fingers)];
    const move = (now) => {
      if (!this.fingers.has(now.pointerId)) return;
      this.fingers.set(now.pointerId, now);
      const [one, other] = [...this.fingers.values()];
      const middle = { x: (one.clientX + other.clientX) / 2, y: (one.clientY + other.clientY) / 2 };
      this.to((size * distance(this.fingers)) / apart, middle);
    };
    const done = () => {
      this.fingers.clear();
      removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) removeEventListener(name, done);
    };
    addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, done);
  }

  lift = (event) => this.fingers.delete(event.pointerId);

  // A picture with as many dots as the size asks for; the one that stands there stays until the finer one has come.
  finer() {
    const image = this.paper?.querySelector("img");
    const width = this.paper?.querySelector(".overlay")?.viewBox.baseVal.width;
    if (!image || !width || !image.offsetWidth) return;
    const wanted = (image.offsetWidth * devicePixelRatio) / (width / 72);
    const all = image.dataset.dpi.split(" ").map(Number);
    const dpi = all.find((one) => one >= ENOUGH * wanted) ?? all.at(-1);
    if (dpi <= (Number(image.dataset.drawn) || all[0])) return;
    image.dataset.drawn = dpi;
    const finer = new Image();
    finer.src = `${image.dataset.pictures}${dpi}.webp${image.dataset.tag}`;
    finer
      .decode()
      .then(() => {
        if (Number(image.dataset.drawn) !== dpi) return;
        image.removeAttribute("srcset");
        image.src = finer.src;
      })
      .catch(() => {
        delete image.dataset.drawn; // no network, say: the next change of size asks again
      });
  }
}

const clamp = (size) => Math.min(Math.max(Number(size) || 1, LEAST), MOST);

const distance = (fingers) => {
  const [one, other] = [...fingers.values()];
  return Math.max(Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY), 1);
};
