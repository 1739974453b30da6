// Writing requests: each carries the session's token, and asks for the new one where somebody has logged in again.

const meta = (name) => document.querySelector(`meta[name=${name}]`);
export const token = () => meta("csrf").content;
export const user = meta("user")?.content ?? "";
export const loginAddress = () => `/login?next=${encodeURIComponent(location.pathname + location.search)}`;

const send = (path, body, keepalive) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
    body: JSON.stringify(body),
    keepalive,
    signal: keepalive ? undefined : AbortSignal.timeout(20000),
  });

// The token of the session that this browser has now; false where nobody, or somebody else, is logged in.
async function renewed() {
  const response = await fetch("/session", { headers: { "Content-Type": "application/json" } });
  if (response.status === 401) return false;
  if (!response.ok) throw new Error(String(response.status));
  const session = await response.json();
  if (String(session.user) !== user) return false;
  meta("csrf").content = session.token;
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = session.token;
  return true;
}

// Returns { status, answer }; status 0: no network, 401: nobody, or somebody else, is logged in.
export async function post(path, body, { keepalive = false } = {}) {
  try {
    let response = await send(path, body, keepalive);
    let answer = await response.json().catch(() => ({}));
    if (response.status === 403 && answer.forged) {
      if (!(await renewed())) return { status: 401, answer };
      response = await send(path, body, keepalive);
      answer = await response.json().catch(() => ({}));
    }
    return { status: response.status, answer };
  } catch {
    return { status: 0, answer: {} };
  }
}
