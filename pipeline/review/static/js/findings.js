// Dismissing a finding and opening it again: what changed is put in place, the focus stays there, and a live region tells it.
// Without this script the same forms load the page anew.
import { loginAddress, token } from "./sending.js";

const tell = (words) => {
  document.getElementById("live").textContent = words;
};

function refused(form, words) {
  const problem = form.querySelector(".problem") ?? document.createElement("p");
  problem.className = "problem";
  problem.setAttribute("role", "alert");
  problem.textContent = words;
  form.append(problem);
}

// Returns what took the place of the row or of the case's findings.
function put(form, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  if (form.dataset.finding === "row") {
    const fresh = holder.content.querySelector("tr");
    form.closest("tr").replaceWith(fresh);
    return fresh;
  }
  const fresh = holder.content.querySelector("#findings");
  const above = holder.content.querySelector(".decisive-bar");
  const bar = document.querySelector(".decisive-bar");
  if (bar && above) bar.replaceWith(above);
  else {
    bar?.remove();
    document.getElementById("before-sending")?.remove();
  }
  document.getElementById("findings").replaceWith(fresh);
  const count = document.querySelector(".about > summary .count");
  if (count) count.textContent = fresh.dataset.waiting;
  const short = document.querySelector(".to-findings");
  if (short) short.textContent = fresh.dataset.told;
  return fresh;
}

// What is counted over all findings (how many of each kind and state, how often a kind was right) is put in place, too.
// Where it does not come, the old counts stay until the page is loaded anew; the act itself is stored.
async function recount() {
  if (!document.getElementById("findings-records")) return;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(20000) });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["findings-records", "findings-count"]) {
      document.getElementById(id).replaceWith(fresh.getElementById(id));
    }
    for (const option of document.querySelectorAll("#kind option, #state option")) {
      const same = fresh.querySelector(`#${option.parentElement.id} option[value="${CSS.escape(option.value)}"]`);
      if (same) option.textContent = same.textContent;
    }
  } catch {
    // told above: nothing is lost
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-finding]");
  if (!form) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form));
    const headers = { "X-CSRF-Token": token(), "X-Part": form.dataset.finding };
    const answer = await fetch(form.action, { method: "POST", body, headers, signal: AbortSignal.timeout(20000) });
    if (answer.redirected || answer.status === 401) return location.assign(loginAddress());
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = put(form, await answer.text());
    const told = fresh.matches("[data-announce]") ? fresh : fresh.querySelector("[data-announce]");
    tell(told.dataset.announce);
    const next = told.querySelector("button.link, .dismissing summary, button") ?? told;
    if (next === told) told.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    if (form.dataset.finding === "row") recount();
  } catch {
    refused(form, document.body.dataset.notSaid);
  } finally {
    form.removeAttribute("aria-busy");
  }
});
