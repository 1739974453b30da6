// Adding evidence: words selected on the page picture, in the text view, or block by block with the keyboard.

import { drag, PageWords } from "./select/dragging.js";
import { intoSight } from "./select/in_sight.js";
import { tellNoWords, tellOfDrags } from "./select/no_words.js";
import { adopt, forget, put, versionsHere } from "./typed/texts.js";
import { fieldInUse } from "./typing.js";
import { windowName } from "./windows.js";

const segmenter = new Intl.Segmenter("th", { granularity: "word" });

// Python counts characters, the browser half of some: places are counted in characters here.
const letters = (text) => Array.from(text);

export class Selection {
  constructor(viewer, { onAdd, say, tell, words }) {
    Object.assign(this, { viewer, onAdd, say, tell, texts: words });
    this.form = document.getElementById("adding");
    this.quote = document.getElementById("adding-quote");
    this.cursor = null;
    this.words = new PageWords(viewer);
    this.typedAs = `case:${viewer.caseId}:adding`;
    viewer.onArrival(() => this.arrive());
    if (viewer.sheet) this.arrive();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
    this.form.addEventListener("click", (event) => {
      const trim = event.target.closest("[data-trim]");
      if (trim) this.trim(trim.dataset.trim);
    });
    this.form.addEventListener("change", ({ target }) => {
      if (target.id === "adding-point") this.turnTo(target.value);
      this.keep();
    });
    document.addEventListener("act-stored", ({ detail }) => {
      if (detail.kind !== "added" || !detail.value) return;
      if (this.sent || this.isChosen(detail)) this.close();
    });
    document.addEventListener("act-refused", ({ detail }) => {
      if (detail.kind !== "added" || !detail.value) return;
      this.sent = false;
      this.resume();
    });
    tellOfDrags(this);
    document.addEventListener("typed-there", ({ detail }) => {
      this.resume(detail.find(({ place }) => place === this.typedAs));
    });
  }

  get sheet() {
    return this.viewer.sheet;
  }

  // A page that arrives once more, with fresh boxes, leaves an addition in the making as it is.
  arrive() {
    const { document: documentId, sheet, view } = this.sheet.dataset;
    const here = [documentId, sheet, view].join(":");
    const again = here === this.here && this.chosen;
    this.here = here;
    if (!again && !this.form.hidden) this.tell(this.texts.adding_kept.replace("{point}", this.chosen.point));
    if (!again) this.shut();
    this.cursor = null;
    this.words = new PageWords(this.viewer);
    delete this.sheet.dataset.words;
    const overlay = this.sheet.querySelector(".overlay");
    overlay?.addEventListener("pointerdown", (event) => drag(this, event));
    overlay?.addEventListener("pointerenter", () => this.words.load(), { once: true });
    this.sheet.querySelector(".text-view")?.addEventListener("pointerup", () => this.fromText());
    if (again) this.draw();
    else this.resume();
  }

  text(block) {
    return this.sheet.querySelector(`.text-view [data-block="${block}"]`)?.textContent ?? "";
  }

  fromText() {
    const range = getSelection()?.rangeCount ? getSelection().getRangeAt(0) : null;
    const block = range?.startContainer.parentElement?.closest("[data-block]");
    if (!range || range.collapsed || !block || !this.sheet.contains(block)) return;
    const before = document.createRange();
    before.selectNodeContents(block);
    before.setEnd(range.startContainer, range.startOffset);
    const start = letters(before.toString()).length;
    const inside = block.contains(range.endContainer)
      ? letters(range.toString()).length
      : letters(block.textContent).length - start;
    if (inside > 0) this.take(Number(block.dataset.block), start, start + inside, true);
  }

  step(by) {
    const blocks = [...this.sheet.querySelectorAll(".text-view [data-block]")].map((block) =>
      Number(block.dataset.block),
    );
    if (!blocks.length) return tellNoWords(this);
    const at = blocks.indexOf(this.cursor);
    this.cursor = blocks[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : blocks.length - 1) : at + by, 0), blocks.length - 1)];
    for (const one of this.sheet.querySelectorAll(".cursor")) one.classList.remove("cursor");
    for (const one of this.sheet.querySelectorAll(`[data-block="${this.cursor}"]`)) one.classList.add("cursor");
    const seen = this.viewer.inText ? ".text-view .cursor" : ".block-box.cursor";
    this.sheet.querySelector(seen)?.scrollIntoView({ block: "nearest" });
    this.say(this.text(this.cursor));
  }

  takeBlock(block) {
    this.take(block, 0, letters(this.text(block)).length, true);
  }

  take(block, start, end, open) {
    this.sent = false;
    this.chosen = { block, start, end, point: this.viewer.point };
    this.draw();
    if (open) this.open();
  }

  // Key A: first opens the form for the block under the cursor, then adds.
  key() {
    if (!this.form.hidden) this.add();
    else if (this.cursor !== null) this.takeBlock(this.cursor);
    else tellNoWords(this, this.texts.no_block);
  }

  open(focus = true) {
    this.form.hidden = false;
    this.form.querySelector(".adding-body").scrollTop = 0;
    this.turnTo(this.chosen.point);
    document.getElementById("adding-scanned").hidden = !this.sheet.querySelector(
      `.text-view [data-block="${this.chosen.block}"][data-read=ocr]`,
    );
    if (focus && !fieldInUse()) this.form.querySelector("button.primary").focus({ preventScroll: true });
    this.draw();
    intoSight(this.sheet, this.viewer.inText ? `.text-view [data-block="${this.chosen.block}"]` : ".selection rect");
    this.keep(focus); // merely selected: that is no addition yet
  }

  // The addition is for this point; what was ticked for another one no longer counts.
  turnTo(point) {
    this.chosen.point = Number(point);
    document.getElementById("adding-point").value = point;
    let taken = false;
    for (const set of this.form.querySelectorAll("[data-facets-of]")) {
      set.hidden = set.disabled = set.dataset.facetsOf !== String(point);
      for (const box of set.hidden ? set.querySelectorAll(":checked") : []) {
        box.checked = false;
        taken = true;
      }
    }
    if (taken) this.tell(this.texts.facets_taken);
  }

  // What is being added is kept like a text that is being typed, and stands here again when its page is shown again.
  keep(quiet = false) {
    if (this.form.hidden || !this.chosen) return;
    const choices = this.choices.map((one) => (one.type === "checkbox" ? one.checked : one.value));
    put(this.typedAs, JSON.stringify({ ...this.chosen, documentId: this.viewer.documentId, choices }), "", quiet);
  }

  get choices() {
    return [...this.form.querySelectorAll("select, input")];
  }

  resume(version = versionsHere(this.typedAs)[0]) {
    const { documentId, choices, ...chosen } = JSON.parse(version?.text || "{}");
    if (this.sent || !this.form.hidden || documentId !== this.viewer.documentId) return;
    if (!this.text(chosen.block)) return;
    if (version.page !== windowName) adopt(this.typedAs, version);
    this.chosen = chosen;
    this.choices.forEach((one, at) => {
      if (one.type === "checkbox") one.checked = choices[at] === true;
      else one.value = choices[at] ?? one.value;
    });
    this.open(false);
  }

  isChosen({ document: documentId, block, start, end }) {
    const { chosen } = this;
    const same = chosen && chosen.block === block && chosen.start === start && chosen.end === end;
    return same && documentId === this.viewer.documentId;
  }

  // Put aside by the person.
  close() {
    forget(this.typedAs);
    this.sent = false;
    this.shut();
  }

  shut() {
    this.form.hidden = true;
    this.chosen = null;
    this.form.reset();
    if (this.sheet) this.draw();
  }

  trim(what) {
    const text = letters(this.text(this.chosen.block));
    const edges = [0];
    for (const part of segmenter.segment(text.join(""))) edges.push(edges.at(-1) + letters(part.segment).length);
    const { start, end } = this.chosen;
    if (what === "start+") this.chosen.start = edges.find((edge) => edge > start && edge < end) ?? start;
    if (what === "start-") this.chosen.start = edges.findLast((edge) => edge < start) ?? start;
    if (what === "end-") this.chosen.end = edges.findLast((edge) => edge < end && edge > start) ?? end;
    if (what === "end+") this.chosen.end = edges.find((edge) => edge > end) ?? end;
    this.draw();
    this.keep();
  }

  draw() {
    const group = this.sheet.querySelector(".selection");
    group?.replaceChildren();
    if (!this.chosen) return;
    const { block, start, end } = this.chosen;
    this.quote.textContent = letters(this.text(block)).slice(start, end).join("");
    if (!group) return;
    const words = (this.words.of.get(block) ?? [])
      .filter((word) => word[0] < end && word[1] > start)
      .flatMap((word) => word[2]);
    const boxes = words.length
      ? words
      : [...this.sheet.querySelectorAll(`.block-box[data-block="${block}"]`)].map((box) => {
          const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
          return [x, y, x + w, y + h];
        });
    for (const [x0, y0, x1, y1] of boxes) {
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }))
        rect.setAttribute(name, value);
      group.append(rect);
    }
  }

  add() {
    if (!this.chosen) return;
    const { block, start, end, point } = this.chosen;
    // all that is ticked: what does not fit the point is refused in words by the server, never left out
    const facets = [...this.form.querySelectorAll("[data-facets-of] input:checked")].map((box) => box.value);
    const value = {
      role: document.getElementById("adding-role").value,
      facets,
      detail: document.getElementById("adding-detail").checked,
    };
    this.onAdd({ kind: "added", point, document: this.viewer.documentId, block, start, end, value });
    getSelection()?.removeAllRanges();
    this.sent = true; // kept until it is stored
    this.shut();
  }
}
