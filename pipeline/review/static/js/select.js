// Adding evidence: words selected on the page picture, in the text view, or block by block with the keyboard.

const segmenter = new Intl.Segmenter("th", { granularity: "word" });

// Python counts characters, the browser half of some: places are counted in characters here.
const letters = (text) => Array.from(text);

export class Selection {
  constructor(viewer, { onAdd, say, tell, words }) {
    Object.assign(this, { viewer, onAdd, say, tell, texts: words });
    this.form = document.getElementById("adding");
    this.quote = document.getElementById("adding-quote");
    this.cursor = null;
    this.wordsOf = new Map();
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
  }

  get sheet() {
    return this.viewer.sheet;
  }

  arrive() {
    this.close();
    this.cursor = null;
    this.wordsOf = new Map();
    this.loading = null;
    delete this.sheet.dataset.words;
    const overlay = this.sheet.querySelector(".overlay");
    overlay?.addEventListener("pointerdown", (event) => this.press(event));
    overlay?.addEventListener("pointerenter", () => this.load(), { once: true });
    this.sheet.querySelector(".text-view")?.addEventListener("pointerup", () => this.fromText());
  }

  load() {
    const { caseId, documentId, number } = this.viewer;
    const [known, sheet] = [this.wordsOf, this.sheet]; // those of this page, even where the answer comes after the next is shown
    this.loading ??= fetch(
      `/cases/${caseId}/documents/${documentId}/sheets/${number}/words?view=${this.sheet.dataset.view}`,
    )
      .then((response) => (response.ok ? response.json() : []))
      .then((blocks) => {
        for (const { block, words } of blocks) known.set(block, words);
        if (known === this.wordsOf) sheet.dataset.words = "known";
      })
      .catch(() => {});
    return this.loading;
  }

  // Drag over words; a click without a drag takes the whole block, or follows a box to its passage.
  async press(event) {
    if (event.button !== 0) return;
    const overlay = event.currentTarget;
    const from = this.place(overlay, event);
    const hit = event.target.closest(".hit");
    event.preventDefault();
    let moved = false;
    await this.load();
    const start = this.wordAt(from);
    const move = (now) => {
      const to = this.place(overlay, now);
      if (Math.hypot(to.x - from.x, to.y - from.y) < 4) return;
      moved = true;
      const end = start && this.wordAt(to, start.block);
      if (start && end)
        this.take(start.block, Math.min(start.word[0], end.word[0]), Math.max(start.word[1], end.word[1]), false);
    };
    const release = () => {
      overlay.removeEventListener("pointermove", move);
      removeEventListener("pointerup", release);
      if (!moved && hit) document.dispatchEvent(new CustomEvent("to-passage", { detail: hit.dataset.passage }));
      else if (!moved || !start) {
        // also a drag where no word has a place: on scanned pages
        const box = this.boxAt(overlay, from);
        if (box) this.takeBlock(Number(box.dataset.block));
      } else if (this.chosen) this.open();
    };
    overlay.addEventListener("pointermove", move);
    addEventListener("pointerup", release);
  }

  place(overlay, event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(overlay.getScreenCTM().inverse());
    return { x: point.x, y: point.y };
  }

  boxAt(overlay, { x, y }) {
    return [...overlay.querySelectorAll(".block-box")].find((box) => {
      const [bx, by, bw, bh] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
      return x >= bx - 2 && x <= bx + bw + 2 && y >= by - 2 && y <= by + bh + 2;
    });
  }

  wordAt({ x, y }, onlyBlock = null) {
    let best = null;
    for (const [block, words] of this.wordsOf) {
      if (onlyBlock !== null && block !== onlyBlock) continue;
      for (const word of words) {
        for (const [x0, y0, x1, y1] of word[2]) {
          const distance = Math.max(x0 - x, 0, x - x1) + 3 * Math.max(y0 - y, 0, y - y1);
          if (!best || distance < best.distance) best = { block, word, distance };
        }
      }
    }
    return best && (onlyBlock !== null || best.distance < 12) ? best : null;
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
    if (!blocks.length) return;
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
    this.chosen = { block, start, end, point: this.viewer.point };
    this.draw();
    if (open) this.open();
  }

  // Key A: first opens the form for the block under the cursor, then adds.
  key() {
    if (!this.form.hidden) this.add();
    else if (this.cursor !== null) this.takeBlock(this.cursor);
    else this.tell(this.texts.no_block);
  }

  open() {
    const point = this.viewer.point;
    this.form.hidden = false;
    this.chosen.point = point;
    document.getElementById("adding-point").textContent = point;
    let taken = false;
    for (const set of this.form.querySelectorAll("[data-facets-of]")) {
      set.hidden = set.disabled = set.dataset.facetsOf !== String(point);
      for (const box of set.hidden ? set.querySelectorAll(":checked") : []) {
        box.checked = false;
        taken = true;
      }
    }
    if (taken) this.tell(this.texts.facets_taken);
    document.getElementById("adding-scanned").hidden = !this.sheet.querySelector(
      `.text-view [data-block="${this.chosen.block}"][data-read=ocr]`,
    );
    this.form.querySelector("button.primary").focus();
    this.draw();
  }

  close() {
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
  }

  draw() {
    const group = this.sheet.querySelector(".selection");
    group?.replaceChildren();
    if (!this.chosen) return;
    const { block, start, end } = this.chosen;
    this.quote.textContent = letters(this.text(block)).slice(start, end).join("");
    if (!group) return;
    const words = (this.wordsOf.get(block) ?? [])
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
    this.close();
  }
}
