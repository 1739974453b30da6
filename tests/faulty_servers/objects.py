"""An S3 server (moto) on 127.0.0.1, with faults where it is told so."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from tests.faulty_servers.faults import Faults, other_content

KEY, SECRET = "S3KEYWORD", "S3SECRETWORD"
StartResponse = Callable[..., Any]


@dataclass
class ObjectStore:
    """A running server with one bucket, and what opens it."""

    endpoint: str
    bucket: str
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def options(self) -> dict[str, Any]:
        return {"key": KEY, "secret": SECRET, "endpoint_url": self.endpoint}

    def environment(self, prefix: str) -> dict[str, str]:
        """The same as variables, each name beginning with ``prefix``."""
        return {f"{prefix}__{name.upper()}": value for name, value in self.options.items()}

    def files(self) -> Any:
        import s3fs

        return s3fs.S3FileSystem(**self.options, skip_instance_cache=True, use_listings_cache=False)


class _Faulty:
    """Moto with a layer that breaks off what it sends."""

    def __init__(self, faults: Faults, asked: list[tuple[str, str]]) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._faults, self._asked = faults, asked
        self.replace: Callable[[str, bytes], None] = lambda key, content: None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode("utf-8")
        key = path.strip("/").partition("/")[2]
        self._asked.append((method, key.rpartition("/")[2]))
        if method != "GET" or not key or environ["QUERY_STRING"]:
            return list(self._app(environ, start_response))
        name = key.rpartition("/")[2]
        kind = self._faults.next(name)
        if kind == "refused":
            self._faults.note(name, kind, 0, 0)
            start_response("500 Internal Server Error", [("Content-Length", "0")])
            return [b""]
        content = b"".join(self._app(environ, start_response))
        if self._faults.replace_now(name, lambda: self.replace(key, content)):
            kind = "short"
        self._faults.note(name, kind, len(content) // 2 if kind else len(content), len(content))
        return _broken_off(content) if kind else [content]


def _broken_off(content: bytes) -> Iterator[bytes]:
    yield content[: len(content) // 2]
    raise ConnectionError("broken off as told")


@contextlib.contextmanager
def object_store(bucket: str = "", faults: Faults | None = None, port: int = 0) -> Iterator[ObjectStore]:
    """Start a server with an empty bucket, in a thread; moto keeps one set of buckets a process, so each has its own name."""
    bucket = bucket or f"khetcheck-{uuid.uuid4().hex[:8]}"
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    asked: list[tuple[str, str]] = []
    app = _Faulty(faults or Faults(), asked)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    store = ObjectStore(f"http://127.0.0.1:{server.server_port}", bucket, asked)
    app.replace = lambda key, content: _put(store, key, content)
    try:
        store.files().mkdir(bucket)
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _put(store: ObjectStore, key: str, content: bytes) -> None:
    from moto.backends import get_backend

    get_backend("s3")["123456789012"]["aws"].put_object(store.bucket, key, other_content(content))
