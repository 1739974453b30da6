"""What is particular to web servers: a listing is a page of links, a file's stamp comes by HEAD, a range may be refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO
from urllib.parse import quote, unquote, urlsplit

from fsspec.asyn import sync

IDENTITY = {"Accept-Encoding": "identity"}
NO_HEAD = {405, 501}
STAMPED = {"ETag": "ETag", "Last-Modified": "LastModified"}


def web_entries(files: Any, folder: str) -> list[dict[str, Any]]:
    """Return what an index page lists, named as people read it; links that sort the page are left out."""
    found = []
    for entry in files.ls(folder.rstrip("/") + "/", detail=True):
        told = urlsplit(entry["name"])
        if told.query or told.fragment:
            continue
        found.append(entry)
    return found


def readable_path(location: str) -> str:
    """Return the path of a link as people write it (``%E0%B9%81…`` is a Thai letter)."""
    return unquote(location)


def web_name(name: str) -> str:
    """Return a readable name as it stands in an address."""
    return quote(name, safe="")


def web_info(files: Any, location: str) -> dict[str, Any]:
    """Return size, ETag and time of change of a file without fetching it.

    Raises:
        FileNotFoundError: there is none.
        Exception: the server does not answer, or refuses.
    """

    async def ask() -> dict[str, Any]:
        session = await files.set_session()
        where, headers = files.encode_url(location), {**_headers(files), **IDENTITY}
        async with session.head(where, headers=headers, allow_redirects=True) as answer:
            if answer.status not in NO_HEAD:
                files._raise_not_found_for_status(answer, location)
                return _told(answer.headers, whole=True)
        first = {**headers, "Range": "bytes=0-0"}
        async with session.get(where, headers=first, allow_redirects=True) as answer:
            files._raise_not_found_for_status(answer, location)
            return _told(answer.headers, whole=answer.status != 206)

    return {"name": location, "type": "file", **sync(files.loop, ask)}


@contextmanager
def web_stream(files: Any, location: str, start: int, stamp: str) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file at ``start``; gives the stream and where it begins: at 0 where the server knows no ranges.

    Args:
        stamp: its ETag or time of change, "" where it has none: another file is never patched onto the first half of this.
    """
    headers = {**_headers(files), **IDENTITY}
    condition = _condition(stamp)
    if start and condition:
        headers |= {"Range": f"bytes={start}-", "If-Range": condition}
    stream = files.open(location, "rb", block_size=0, size=1, headers=headers)
    try:
        yield stream, start if stream.r.status == 206 else 0
    finally:
        stream.close()


def _headers(files: Any) -> Mapping[str, str]:
    held: Mapping[str, str] = files.kwargs.get("headers", {})
    return held


def _told(headers: Mapping[str, str], *, whole: bool) -> dict[str, Any]:
    told: dict[str, Any] = {ours: headers[theirs] for theirs, ours in STAMPED.items() if headers.get(theirs)}
    length = headers.get("Content-Length") if whole else headers.get("Content-Range", "").rpartition("/")[2]
    if length and length.isdecimal() and headers.get("Content-Encoding", "identity") in ("", "identity"):
        told["size"] = int(length)
    return told


def _condition(stamp: str) -> str:
    """Return what ``If-Range`` compares: a strong ETag, else the time of change."""
    parts = stamp.split("|")
    strong = [part for part in parts if part.startswith('"')]
    times = [part for part in parts if part.endswith("GMT")]
    return (strong or times or [""])[0]
