// What is about to be sent, by name: each ZIP and each folder, with a way to take it out again.
const MOST = 30;

const filled = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const topOf = ({ name }) => name.split("/")[0];

export function listChosen(form, words, files, keep) {
  const list = form.querySelector("#chosen-files");
  const tops = [...new Set(files.map(topOf))];
  list.hidden = !tops.length;
  list.replaceChildren(
    ...tops.slice(0, MOST).map((top) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = words.take_out;
      button.setAttribute("aria-label", filled(words.take_out_of, { name: top }));
      button.addEventListener("click", () => {
        keep(files.filter((file) => topOf(file) !== top));
        (list.querySelector("button") ?? form.querySelector("input[type=file]")).focus();
      });
      item.append(`${top} `, button);
      return item;
    }),
  );
  if (tops.length <= MOST) return;
  const more = document.createElement("li");
  more.textContent = filled(words.others, { count: tops.length - MOST });
  list.append(more);
}
