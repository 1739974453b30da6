"""Headers that every answer carries: nothing from elsewhere is loaded, run, framed or told."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.review.settings import is_loopback

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
LARGEST_BODY = 1 << 20


class SafeHeaders:
    """Adds the headers, refuses bodies of more than a megabyte and, on this machine alone, foreign host names.

    A page of another site may point its own name at 127.0.0.1 and would then speak to a page without a password;
    its requests still carry that name as their Host, and are refused.
    """

    def __init__(self, app: ASGIApp, *, local_only: bool) -> None:
        self.app = app
        self.local_only = local_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        if b"%00" in scope["query_string"]:  # nobody types NUL, and PostgreSQL cannot look for it
            scope = {**scope, "query_string": scope["query_string"].replace(b"%00", b"")}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refused = self._refusal(scope["method"], Headers(scope=scope))
        await (refused or self.app)(scope, receive, with_headers)

    def _refusal(self, method: str, headers: Headers) -> ASGIApp | None:
        if self.local_only and not is_loopback(_host_name(headers.get("host", ""))):
            return PlainTextResponse("This page answers on this machine only.", 421)
        length = headers.get("content-length", "" if method == "POST" else "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return PlainTextResponse("Too large.", 413)
        return None


def _host_name(host: str) -> str:
    """Return a Host header without its port: ``[::1]:80`` is ``::1``, ``localhost:80`` is ``localhost``."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
