// Sends files piece by piece: each piece is small, is sent again after a lost network, and is counted once.
import { loginAddress, token } from "../sending.js";

const PIECE = 1000 * 1000; // below the largest request that the server takes
const AGAIN_MS = 2000;
const MOST_TRIES = 30;

export class Refused extends Error {}

async function asked(path, body, type) {
  for (let tries = 1; ; tries += 1) {
    let answer;
    try {
      answer = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": type, Accept: "application/json", "X-CSRF-Token": token() },
        body,
      });
    } catch {
      if (tries >= MOST_TRIES) throw new Refused("");
      await new Promise((done) => setTimeout(done, AGAIN_MS));
      continue;
    }
    if (answer.ok) return answer.status === 204 ? {} : answer.json();
    if (answer.status === 401) location.assign(loginAddress());
    if (answer.status === 503 && tries < MOST_TRIES) {
      await new Promise((done) => setTimeout(done, AGAIN_MS));
      continue;
    }
    const told = await answer.json().catch(() => ({}));
    throw new Refused(typeof told.detail === "string" ? told.detail : "");
  }
}

export const ask = (path, body) => asked(path, JSON.stringify(body), "application/json");

// Sends [{ name, file }]; calls `onBytes` with the bytes that have gone out of all of them.
export async function sendFiles(round, files, onBytes) {
  let before = 0;
  for (const { name, file } of files) {
    let at = 0;
    do {
      const query = new URLSearchParams({ name, at, size: file.size });
      const piece = file.slice(at, at + PIECE);
      const { have } = await asked(`/rounds/${round}/files?${query}`, piece, "application/octet-stream");
      if (have <= at && file.size > 0 && at > 0) throw new Refused("");
      at = have;
      onBytes(before + at);
    } while (at < file.size);
    before += file.size;
  }
}
