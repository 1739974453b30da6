// The middle pane: one page of a document, the boxes over it, and jumps between a passage and its place.
import { WordPages } from "./word_pages.js";
import { Zoom } from "./zoom.js";

export class Viewer {
  constructor(caseId, say) {
    this.caseId = caseId;
    this.say = say;
    this.point = null;
    this.passage = null;
    this.zoom = new Zoom(this);
    this.places = new Map(); // document -> sheet last seen, so that switching loses nothing
    this.word = new WordPages(this);
    this.asText = this.sheet?.dataset.paged === "yes" && this.sheet.classList.contains("as-text");
    this.shown = [];
    this.found = /^#block-(\d+)$/.exec(location.hash)?.[1]; // what a search in the documents found
    this.foundIn = this.documentId;
    this.passageAsked = false;
    if (this.sheet) this.arrive();
    // While a page loads the browser itself scrolls to what stands behind #, which is the block in the hidden text.
    if (this.sheet && document.readyState !== "complete")
      addEventListener("load", () => setTimeout(() => this.lightFound()), { once: true });
  }

  get sheet() {
    return document.getElementById("sheet");
  }
  get frame() {
    return this.sheet?.querySelector(".paper-frame");
  }
  get documentId() {
    return Number(this.sheet?.dataset.document);
  }
  get number() {
    return Number(this.sheet?.dataset.sheet);
  }
  get inText() {
    return this.sheet.classList.contains("as-text");
  }
  get sheets() {
    return Number(this.sheet?.dataset.sheets);
  }

  onArrival(listener) {
    this.shown.push(listener);
  }

  // Address of a page; `block` asks for the page on which a block stands.
  address(documentId, number, block) {
    const asked = new URLSearchParams();
    if (this.word.paged.has(documentId)) asked.set("view", "pages");
    if (block !== undefined) asked.set("block", block);
    return `/cases/${this.caseId}/documents/${documentId}/sheets/${number}?${asked}`;
  }

  async go(documentId, number, force = false, block = undefined) {
    if (!this.sheet) return;
    const mine = Symbol(); // also where the page is here already: one that is under way must not replace it
    this.awaited = mine;
    if (!force && documentId === this.documentId && number === this.number) {
      this.light();
      return;
    }
    let response;
    try {
      response = await fetch(this.address(documentId, number, block), { headers: { "HX-Request": "true" } });
    } catch {
      return;
    }
    if (mine !== this.awaited) return;
    if (response.status === 200) this.put(await response.text(), () => mine === this.awaited);
  }

  put(html, wanted = () => true) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.querySelector("#sheet");
    if (!fresh || !wanted()) return;
    const frame = this.sheet.querySelector(".paper-frame");
    const same = ["document", "sheet", "view"].every((name) => fresh.dataset[name] === this.sheet.dataset[name]);
    const [left, top] = [frame.scrollLeft, frame.scrollTop];
    this.sheet.replaceWith(fresh);
    htmx.process(fresh);
    if (same) fresh.querySelector(".paper-frame").scrollTo(left, top);
    this.arrive();
  }

  // Whether somebody is selecting in the page that is shown.
  get inUse() {
    const selection = getSelection();
    const selects = selection && !selection.isCollapsed && this.sheet.contains(selection.anchorNode);
    return (
      selects || document.getElementById("adding")?.hidden === false || Boolean(this.sheet.querySelector(".cursor"))
    );
  }

  arrive() {
    this.places.set(this.documentId, this.number);
    if (this.sheet.dataset.view === "pages") this.word.paged.add(this.documentId);
    if (this.sheet.dataset.paged === "yes") this.showText(this.asText);
    else if (this.sheets && !this.word.asked.has(this.documentId)) this.word.show();
    this.zoom.apply();
    for (const button of document.querySelectorAll(".document")) {
      const chosen = Number(button.dataset.document) === this.documentId;
      button.setAttribute("aria-pressed", String(chosen));
      if (chosen) button.parentElement.scrollLeft = button.offsetLeft - button.parentElement.offsetLeft - 8;
    }
    this.keepAddress();
    this.light();
    this.ahead();
    for (const listener of this.shown) listener();
  }

  keepAddress() {
    const url = new URL(location.href);
    const stays = [
      ["doc", this.documentId],
      ["sheet", this.number],
    ].every(([name, value]) => url.searchParams.get(name) === String(value));
    if (!stays) url.searchParams.delete("block"); // named the page that the address asked for
    if (this.point) url.searchParams.set("point", this.point);
    url.searchParams.set("doc", this.documentId);
    url.searchParams.set("sheet", this.number);
    if (this.sheet.dataset.view === "pages") url.searchParams.set("view", "pages");
    else if (url.searchParams.get("view") === "pages") url.searchParams.delete("view");
    history.replaceState(null, "", url);
  }

  // Draw the neighbours' pictures before they are asked for.
  ahead() {
    const image = this.sheet.querySelector(".paper img");
    if (!image) return;
    const fetchAhead = () => {
      for (const number of [this.number + 1, this.number - 1]) {
        if (number >= 1 && number <= this.sheets)
          new Image().src = image.getAttribute("src").replace(/pages\/\d+\//, `pages/${number}/`);
      }
    };
    if (image.complete) fetchAhead();
    else image.addEventListener("load", fetchAhead, { once: true });
  }

  // `end`: where on the page to begin, for whoever reads on from page to page; without it, where its evidence stands.
  turn(by, end = null) {
    const number = this.number + by;
    const there = number >= 1 && number <= this.sheets;
    const begin = () => {
      if (end && this.number === number) this.frame.scrollTop = end === "top" ? 0 : this.frame.scrollHeight;
    };
    if (there) this.go(this.documentId, number).then(begin);
    return there;
  }

  switchDocument(by) {
    const all = [...document.querySelectorAll(".document:not(:disabled)")];
    const at = all.findIndex((button) => Number(button.dataset.document) === this.documentId);
    const next = all[(at + by + all.length) % all.length];
    if (next) this.openDocument(Number(next.dataset.document));
  }

  openDocument(documentId) {
    this.go(documentId, this.places.get(documentId) ?? 1);
  }

  // Light the boxes of the open point; the others stay faint.
  light() {
    for (const hit of this.sheet.querySelectorAll(".hit")) {
      hit.classList.toggle("lit", hit.dataset.point === String(this.point));
      hit.classList.toggle("current", hit.dataset.passage === this.passage);
    }
    const current = this.sheet.querySelector(".hit.current");
    if (this.inText) this.lightText();
    else if (current) current.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    this.lightFound();
    document.dispatchEvent(new Event("lit")); // what is looked at on the page now: seeing.js
  }

  // Mark the block that a search found, and bring it into sight until a passage is asked for.
  lightFound() {
    if (this.found === undefined || this.foundIn !== this.documentId) return;
    for (const place of this.sheet.querySelectorAll(`[data-block="${this.found}"]`)) place.classList.add("found");
    const seen = this.sheet.querySelector(this.inText ? ".text-view .found" : ".block-box.found");
    if (!this.passageAsked) seen?.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  }

  // What was looked for: framed on its page, and in sight until a passage is asked for.
  async showFound(documentId, number, block) {
    for (const old of this.sheet.querySelectorAll(".found")) old.classList.remove("found");
    [this.found, this.foundIn, this.passageAsked] = [String(block), documentId, false];
    const word = this.isWord(documentId);
    const here = documentId === this.documentId && this.sheet.querySelector(`.text-view [data-block="${block}"]`);
    await this.go(documentId, word && here ? this.number : number, word && !here, word ? block : undefined);
  }

  lightText() {
    for (const old of this.sheet.querySelectorAll(".current-passage")) old.classList.remove("current-passage");
    const item = this.passage && document.getElementById(this.passage);
    const block =
      item &&
      Number(item.dataset.document) === this.documentId &&
      this.sheet.querySelector(`.text-view [data-block="${item.dataset.block}"]`);
    if (!block) return;
    block.classList.add("current-passage");
    block.scrollIntoView({ block: "center" });
  }

  async show(item) {
    this.passage = item.id;
    this.passageAsked = true;
    const documentId = Number(item.dataset.document);
    if (!this.isWord(documentId)) await this.go(documentId, Number(item.dataset.sheet));
    else if (documentId === this.documentId && this.holds(item)) this.light();
    else await this.go(documentId, Number(item.dataset.sheet), true, item.dataset.block);
  }

  // A file that has no pages of its own: where a block stands in it only the server knows.
  isWord(documentId) {
    return document.querySelector(`.document[data-document="${documentId}"]`)?.dataset.paged === "no";
  }

  holds(item) {
    if (this.inText) return Boolean(this.sheet.querySelector(`.text-view [data-block="${item.dataset.block}"]`));
    return Boolean(this.sheet.querySelector(`.hit[data-passage="${item.id}"]`));
  }

  // All files are shown as pages first; a Word file whose pages could not be made is tried once more.
  toggleText() {
    if (!this.sheets) return;
    if (this.sheet.dataset.paged !== "yes") {
      this.word.show();
      return;
    }
    this.asText = !this.asText;
    this.showText(this.asText);
    this.light();
  }

  showText(on) {
    this.sheet.classList.toggle("as-text", on);
    this.sheet.querySelector("[data-act=text]")?.setAttribute("aria-pressed", String(on));
  }
}
