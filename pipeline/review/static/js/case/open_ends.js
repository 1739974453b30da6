// What is open when a result is handed in is told once: the server says what, and what happens next.
import { acts } from "./saving.js";
import { main } from "./shared.js";

const PATIENCE_MS = 3000;
let asking = false;

// What was decided a moment ago must be stored first, or it would be missing in what is told.
async function stored() {
  for (const end = Date.now() + PATIENCE_MS; acts.waiting.length && Date.now() < end; )
    await new Promise((go) => setTimeout(go, 20));
}

// Says whether it is asked: true also while the server has not answered yet. Without an answer nothing is asked.
export async function askedFirst() {
  if (asking) return true;
  asking = true;
  try {
    await stored();
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`/cases/${main.dataset.case}/sending`, { signal });
    if (response.status !== 200 || response.redirected) return false;
    show(await response.text());
    return true;
  } catch {
    return false;
  } finally {
    asking = false;
  }
}

function show(html) {
  closeAsked();
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const dialog = holder.content.firstElementChild;
  main.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  // the key that asked for it is still held: it answers nothing
  dialog.addEventListener("keydown", (event) => event.repeat && event.code.endsWith("Enter") && event.preventDefault());
  dialog.showModal();
}

export function closeAsked() {
  document.getElementById("sending")?.close();
}
