// The middle pane: one page of a document, the boxes over it, and jumps between a passage and its place.

export class Viewer {
  constructor(caseId, say) {
    this.caseId = caseId;
    this.say = say;
    this.point = null;
    this.passage = null;
    this.zoomed = false;
    this.places = new Map(); // document -> sheet last seen, so that switching loses nothing
    this.paged = new Set(); // Word files that are shown as the pages made of them
    this.asText = this.sheet?.dataset.paged === "yes" && this.sheet.classList.contains("as-text");
    this.shown = [];
    if (this.sheet) this.arrive();
  }

  get sheet() {
    return document.getElementById("sheet");
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
    if (this.paged.has(documentId)) asked.set("view", "pages");
    else if (this.asText) asked.set("view", "text");
    if (block !== undefined) asked.set("block", block);
    return `/cases/${this.caseId}/documents/${documentId}/sheets/${number}?${asked}`;
  }

  async go(documentId, number, force = false, block = undefined) {
    if (!this.sheet) return;
    const mine = Symbol(); // also where the page is here already: one that is under way must not replace it
    this.asked = mine;
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
    if (mine !== this.asked) return;
    if (response.status === 200) this.put(await response.text(), () => mine === this.asked);
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

  // Pages of a Word file are made on demand; ask again until they are there, or until something else is shown.
  async showPages() {
    const from = this.sheet;
    const documentId = this.documentId;
    const item = this.passage && document.getElementById(this.passage);
    const here =
      item && Number(item.dataset.document) === documentId ? item : from.querySelector(".text-view [data-block]");
    this.paged.add(documentId);
    const address = this.address(documentId, 1, here?.dataset.block ?? 0);
    this.paged.delete(documentId);
    const told = from.querySelector("#converting");
    while (this.sheet === from) {
      const response = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!response || this.sheet !== from) return;
      const text = await response.text();
      if (response.status === 200) {
        this.paged.add(documentId);
        this.put(text);
        return;
      }
      if (told.textContent !== text) told.textContent = text;
      if (response.status !== 202) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 1500);
      });
    }
  }

  arrive() {
    this.places.set(this.documentId, this.number);
    if (this.sheet.dataset.view === "pages") this.paged.add(this.documentId);
    if (this.sheet.dataset.paged === "yes") this.showText(this.asText);
    this.sheet.classList.toggle("zoomed", this.zoomed);
    if (this.zoomed) this.finer();
    for (const button of document.querySelectorAll(".document")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.document) === this.documentId));
    }
    this.keepAddress();
    this.light();
    this.ahead();
    for (const listener of this.shown) listener();
  }

  keepAddress() {
    const url = new URL(location.href);
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

  turn(by) {
    const number = this.number + by;
    const there = number >= 1 && number <= this.sheets;
    if (there) this.go(this.documentId, number);
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
    const current = this.sheet.querySelector(".hit.current, .text-view .block.current-passage");
    if (this.inText) this.lightText();
    else if (current) current.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  }

  lightText() {
    const item = this.passage && document.getElementById(this.passage);
    const block =
      item &&
      Number(item.dataset.document) === this.documentId &&
      this.sheet.querySelector(`.text-view [data-block="${item.dataset.block}"]`);
    if (block) block.scrollIntoView({ block: "center" });
  }

  async show(item) {
    this.passage = item.id;
    const documentId = Number(item.dataset.document);
    if (!this.paged.has(documentId)) await this.go(documentId, Number(item.dataset.sheet));
    else if (documentId === this.documentId && this.sheet.querySelector(`.hit[data-passage="${item.id}"]`))
      this.light();
    else await this.go(documentId, 1, true, item.dataset.block);
  }

  toggleZoom() {
    this.zoomed = !this.zoomed;
    this.sheet.classList.toggle("zoomed", this.zoomed);
    if (this.zoomed) this.finer();
    this.light();
  }

  finer() {
    const image = this.sheet.querySelector(".paper img");
    if (image?.dataset.fine) {
      image.removeAttribute("srcset");
      image.src = image.dataset.fine;
    }
  }

  // A Word file has its text first and pages on demand; all others have pages first.
  toggleText() {
    if (this.sheet.dataset.paged !== "yes") {
      this.showPages();
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
