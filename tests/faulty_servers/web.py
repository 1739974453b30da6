"""A web server with an index page a folder, ETags, ranges, a password, and faults."""

from __future__ import annotations

import base64
import contextlib
import html
import os
import socket
import threading
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

from tests.faulty_servers.faults import Faults, Kind, other_content

USER, PASSWORD = "bob", "SECRETPW"
_PROTECTED = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


class WebServer(ThreadingHTTPServer):
    """Serves a folder.

    Args:
        ranges, stamps, heads, lengths: what it can do; not every server can.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        root: Path,
        faults: Faults | None = None,
        *,
        port: int = 0,
        protected: bool = False,
        ranges: bool = True,
        stamps: bool = True,
        heads: bool = True,
        lengths: bool = True,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.root, self.faults, self.protected = root, faults or Faults(), protected
        self.ranges, self.stamps, self.heads, self.lengths = ranges, stamps, heads, lengths
        self.asked: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WebServer

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        path = self.server.root / unquote(self.path.split("?")[0]).strip("/")
        self.server.asked.append((self.command, path.name))
        if self.server.protected and self.headers.get("Authorization") != _PROTECTED:
            self._refuse(401)
        elif path.is_dir():
            self._index(path)
        elif not path.is_file():
            self._refuse(404)
        elif not body and not self.server.heads:
            self._refuse(405)
        else:
            self._file(path, body)

    def _refuse(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _index(self, folder: Path) -> None:
        names = sorted(entry.name + ("/" if entry.is_dir() else "") for entry in folder.iterdir())
        links = [f'<a href="{quote(name)}">{html.escape(name)}</a>' for name in names]
        page = "\n".join(['<a href="?C=N;O=D">Name</a>', '<a href="../">up</a>', *links]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(page)

    def _file(self, path: Path, body: bool) -> None:
        content, known = path.read_bytes(), path.stat()
        tag = f'"{known.st_mtime_ns:x}-{known.st_size:x}"'
        start = self._start(tag)
        kind = self.server.faults.next(path.name) if body else ""
        if kind == "refused":
            self.server.faults.note(path.name, kind, 0, len(content))
            self._refuse(500)
            return
        self.send_response(206 if start else 200)
        if self.server.stamps:
            self.send_header("ETag", tag)
            self.send_header("Last-Modified", formatdate(known.st_mtime, usegmt=True))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if self.server.lengths:
            self.send_header("Content-Length", str(len(content) - start))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if body:
            self._send(path, content, start, kind)

    def _send(self, path: Path, content: bytes, start: int, kind: Kind) -> None:
        faults = self.server.faults
        half = start + (len(content) - start) // 2
        end = half if kind in ("short", "reset") else len(content)
        self.wfile.write(content[start:half])
        self.wfile.flush()
        if faults.replace_now(path.name, lambda: replaced(path, content)):
            kind, end = "short", half
        faults.note(path.name, kind, end - start, len(content))  # before its client can be done with it
        self.wfile.write(content[half:end])
        if kind:
            self.close_connection = True
        if kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _start(self, tag: str) -> int:
        wanted = self.headers.get("Range", "")
        same = self.headers.get("If-Range", tag) == tag
        if not (self.server.ranges and self.server.stamps and same and wanted.startswith("bytes=")):
            return 0
        return int(wanted.removeprefix("bytes=").split("-")[0])


def replaced(path: Path, content: bytes) -> None:
    """Put another file in its place, as an office does that uploads once more."""
    beside = path.with_name(f".{path.name}")
    beside.write_bytes(other_content(content))
    os.utime(beside, (path.stat().st_mtime + 60,) * 2)
    beside.replace(path)


@contextlib.contextmanager
def web_server(root: Path, faults: Faults | None = None, **able: bool) -> Iterator[WebServer]:
    """Run a server in a thread."""
    with WebServer(root, faults, **able) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
