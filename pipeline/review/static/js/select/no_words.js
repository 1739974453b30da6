// Where no words were read there is nothing to select: that is said, with what can be done instead.

const wordless = (selection) => !selection.sheet.querySelector(".text-view [data-block]");

// `here` is what is said where the page itself has words.
export function tellNoWords(selection, here = selection.texts.no_words_here) {
  selection.tell(wordless(selection) ? selection.texts.no_words_page : here);
}

// A drag beside the words moves the page; where it could not, or there are no words, something else was meant.
export function tellOfDrags(selection) {
  document.addEventListener("dragged-beside", ({ detail }) => {
    if (wordless(selection) || !detail.moved) tellNoWords(selection);
  });
}
