// A button that copies a text beside it. A page of a server in the house is often plain http, where browsers offer no
// clipboard to scripts: there the text is selected and copied as a hand would.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copies]");
  if (!button) return;
  const from = document.querySelector(button.dataset.copies);
  getSelection().selectAllChildren(from);
  const done = navigator.clipboard
    ? await navigator.clipboard.writeText(from.textContent).then(
        () => true,
        () => document.execCommand("copy"),
      )
    : document.execCommand("copy");
  if (!done) return; // it is selected, to be copied by hand
  button.textContent = button.dataset.done;
  button.setAttribute("aria-label", button.dataset.done);
  document.getElementById("live").textContent = button.dataset.done;
});
