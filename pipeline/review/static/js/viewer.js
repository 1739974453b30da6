// The middle pane: one page of a document, the boxes over it, and jumps between a passage and its place.

export class Viewer {
  constructor(caseId, say) {
    this.caseId = caseId;
    this.say = say;
    this.point = null;
    this.passage = null;
    this.zoomed = false;
    this.places = new Map(); // document -> sheet last seen, so that switching loses nothing
    this.asText = this.sheet?.classList.contains("as-text") ?? false;
    this.shown = [];
    if (this.sheet) this.arrive();
  }

  get sheet() { return document.getElementById("sheet"); }
  get documentId() { return Number(this.sheet?.dataset.document); }
  get number() { return Number(this.sheet?.dataset.sheet); }
  get sheets() { return Number(this.sheet?.dataset.sheets); }

  onArrival(listener) { this.shown.push(listener); }

  async go(documentId, number, force = false) {
    if (!this.sheet || (!force && documentId === this.documentId && number === this.number)) { this.light(); return; }
    const mine = (this.asked = Symbol());
    const view = this.asText ? "?view=text" : "";
    let response;
    try {
      response = await fetch(`/cases/${this.caseId}/documents/${documentId}/sheets/${number}${view}`, { headers: { "HX-Request": "true" } });
    } catch { return; }
    if (!response.ok || mine !== this.asked) return;
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    const fresh = holder.content.querySelector("#sheet");
    if (!fresh || mine !== this.asked) return;
    const frame = this.sheet.querySelector(".paper-frame");
    const [left, top, same] = [frame.scrollLeft, frame.scrollTop, documentId === this.documentId && number === this.number];
    this.sheet.replaceWith(fresh);
    htmx.process(fresh);
    if (same) fresh.querySelector(".paper-frame").scrollTo(left, top);
    this.arrive();
  }

  arrive() {
    this.places.set(this.documentId, this.number);
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
    history.replaceState(null, "", url);
  }

  // Draw the neighbours' pictures before they are asked for.
  ahead() {
    const image = this.sheet.querySelector(".paper img");
    if (!image) return;
    const fetchAhead = () => {
      for (const number of [this.number + 1, this.number - 1]) {
        if (number >= 1 && number <= this.sheets) new Image().src = image.getAttribute("src").replace(/pages\/\d+\//, `pages/${number}/`);
      }
    };
    if (image.complete) fetchAhead();
    else image.addEventListener("load", fetchAhead, { once: true });
  }

  turn(by) {
    const number = this.number + by;
    if (number >= 1 && number <= this.sheets) this.go(this.documentId, number);
  }

  switchDocument(by) {
    const all = [...document.querySelectorAll(".document:not(:disabled)")];
    const at = all.findIndex((button) => Number(button.dataset.document) === this.documentId);
    const next = all[(at + by + all.length) % all.length];
    if (next) this.openDocument(Number(next.dataset.document));
  }

  openDocument(documentId) { this.go(documentId, this.places.get(documentId) ?? 1); }

  // Light the boxes of the open point; the others stay faint.
  light() {
    for (const hit of this.sheet.querySelectorAll(".hit")) {
      hit.classList.toggle("lit", hit.dataset.point === String(this.point));
      hit.classList.toggle("current", hit.dataset.passage === this.passage);
    }
    const current = this.sheet.querySelector(".hit.current, .text-view .block.current-passage");
    if (this.asText) this.lightText();
    else if (current) current.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  }

  lightText() {
    const item = this.passage && document.getElementById(this.passage);
    const block = item && Number(item.dataset.document) === this.documentId && this.sheet.querySelector(`.text-view [data-block="${item.dataset.block}"]`);
    if (block) block.scrollIntoView({ block: "center" });
  }

  async show(item) {
    this.passage = item.id;
    await this.go(Number(item.dataset.document), Number(item.dataset.sheet));
  }

  toggleZoom() {
    this.zoomed = !this.zoomed;
    this.sheet.classList.toggle("zoomed", this.zoomed);
    if (this.zoomed) this.finer();
    this.light();
  }

  finer() {
    const image = this.sheet.querySelector(".paper img");
    if (image && image.dataset.fine) { image.removeAttribute("srcset"); image.src = image.dataset.fine; }
  }

  toggleText() {
    if (this.sheet.dataset.paged !== "yes") return;
    this.asText = !this.asText;
    this.sheet.classList.toggle("as-text", this.asText);
    this.sheet.querySelector("[data-act=text]")?.setAttribute("aria-pressed", String(this.asText));
    this.light();
  }
}
