// A Word file in the viewer: shown as its text at once, and as pages as soon as they are made.
export class WordPages {
  constructor(viewer) {
    this.viewer = viewer;
    this.paged = new Set(); // Word files that are shown as the pages made of them
    this.asked = new Set(); // those whose pages were asked for: what could not be made is asked for by hand only
  }

  // Pages that are not made yet are asked for until they are there, or until something else is shown; they take the
  // place of the text once nobody selects in it.
  async show() {
    const from = this.viewer.sheet;
    const documentId = this.viewer.documentId;
    this.asked.add(documentId);
    const told = from.querySelector("#converting");
    while (this.viewer.sheet === from) {
      const response = await fetch(this.address(documentId), { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!response || this.viewer.sheet !== from) return;
      const text = await response.text();
      if (response.status === 200 && !this.viewer.inUse) {
        this.paged.add(documentId);
        this.viewer.put(text);
        return;
      }
      if (response.status >= 300 || response.status === 202) told.textContent = text;
      if (response.status >= 300) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 1000);
      });
    }
  }

  // Address of the page with what is shown now: the passage, what was found, or the first block in sight.
  address(documentId) {
    const { caseId, sheet, passage, passageAsked, found, foundIn } = this.viewer;
    const item = passage && document.getElementById(passage);
    const here =
      item && Number(item.dataset.document) === documentId ? item : sheet.querySelector(".text-view [data-block]");
    const block = passageAsked || documentId !== foundIn ? undefined : found;
    const asked = new URLSearchParams({ view: "pages", block: block ?? here?.dataset.block ?? 0 });
    return `/cases/${caseId}/documents/${documentId}/sheets/1?${asked}`;
  }
}
