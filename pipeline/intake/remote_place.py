"""A folder at an fsspec URL: what lies there, and its files fetched whole or not at all.

A download that broke off goes on where it stopped, also in the next run; a file that was replaced meanwhile is begun
anew, so that no half of one is ever joined to a half of another.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pipeline.intake.files import FileStore, Kept
from pipeline.intake.listing import (
    DEEPEST,
    LARGEST_FILE,
    MOST_ENTRIES,
    UNKNOWN,
    Listed,
    is_same,
    stamp_of,
    too_many,
)
from pipeline.intake.pace import Pace
from pipeline.intake.patience import Pauses, Pulse
from pipeline.intake.reach import is_http
from pipeline.intake.remote_connections import AskingAhead, Connections, Reached, is_final
from pipeline.intake.web import readable_path, web_entries, web_info, web_name, web_stream
from pipeline.secrecy import shown_address

PIECE = 4 << 20
WEB_PIECE = 128 << 10
"""The client for the web holds back some two of the pieces that it is asked for, and forgets them when the line breaks."""
AT_ONCE = 8
"""Files that a web server is asked about at a time."""
MOST_REPLACED = 5
Result = TypeVar("Result")


class Stream(Protocol):
    """What is read in pieces."""

    def read(self, most: int, /) -> bytes:
        """Return the next bytes, none at the end."""
        ...


class Replaced(Exception):
    """The file is another one now; ``now`` says how it is listed."""

    def __init__(self, now: Listed) -> None:
        super().__init__("it was replaced meanwhile")
        self.now = now


class Restless(OSError):
    """The file was replaced again and again while it was fetched."""


class RemotePlace:
    """A folder of a remote file system.

    Args:
        url: any fsspec URL.
        options: what the file system is opened with.
        pace: how quickly it is asked.
        pauses: how often and when what failed is tried again.
    """

    def __init__(self, url: str, options: Mapping[str, Any], pace: Pace, pauses: Pauses) -> None:
        self._pace, self._pauses = pace, pauses
        self._connections = Connections(url, options, pauses)
        self._web, self._shown = is_http(url), shown_address(url)
        self.root = ""

    def open(self, pulse: Pulse) -> bool:
        """Reach it, and tell whether the folder exists."""

        def look(reached: Reached) -> bool:
            self.root = reached.root
            reached.files.invalidate_cache()
            if self._web:  # its own ``isdir`` takes every failure for "no"
                web_entries(reached.files, reached.root)
                return True
            return bool(reached.files.isdir(reached.root))

        try:
            return self._ask(look, pulse)
        except FileNotFoundError:
            return False

    def entries(self, pulse: Pulse, folder: str = "") -> list[dict[str, Any]]:
        """Return what lies in the folder itself."""
        where = folder or self.root

        def look(reached: Reached) -> list[dict[str, Any]]:
            if self._web:
                return web_entries(reached.files, where)
            return list(reached.files.ls(where, detail=True))

        return self._ask(look, pulse)

    def find(self, folder: str, pulse: Pulse) -> dict[str, dict[str, Any]]:
        """Return all files below ``folder`` with what is known of each.

        Raises:
            InboxError: it holds more than any honest one.
        """
        found: dict[str, dict[str, Any]] = {}
        self._walk(folder, pulse, found, 0)
        if self._web:
            return self._stamped(found, pulse)
        return found

    def info(self, location: str, pulse: Pulse) -> dict[str, Any]:
        """Return what is known of one file now."""

        def look(reached: Reached) -> dict[str, Any]:
            if self._web:
                return web_info(reached.files, location)
            reached.files.invalidate_cache()
            return dict(reached.files.info(location))

        return self._ask(look, pulse)

    def fetch(self, file: Listed, files: FileStore, pulse: Pulse) -> tuple[Listed, Kept]:
        """Fetch a file into the store of files; returns it with the stamp of what was fetched.

        Raises:
            Restless: it is replaced again and again.
        """
        for _ in range(MOST_REPLACED):
            with files.partial(f"{self._shown}|{file.location}|{file.stamp}|{file.size}") as path:
                if not file.stamp:  # nothing tells whether what came earlier is of the same file
                    path.unlink(missing_ok=True)
                try:
                    self._download(file, path, pulse)
                    now = self._now(file, pulse)
                    if is_same(now, file):
                        kept = files.put_file(path)
                        path.unlink()
                        return file, kept
                except Replaced as replaced:
                    now = replaced.now
                path.unlink(missing_ok=True)
                file = now
        raise Restless("it is replaced again and again while it is fetched")

    def close(self) -> None:
        """End the connections."""
        self._connections.close()

    def _ask(self, work: Callable[[Reached], Result], pulse: Pulse) -> Result:
        self._pace.request(pulse)
        pulse.beat()
        return self._connections.ask(work, pulse)

    def _walk(self, folder: str, pulse: Pulse, found: dict[str, dict[str, Any]], depth: int) -> None:
        for entry in self.entries(pulse, folder):
            location = entry["name"]
            if location.rstrip("/") == folder.rstrip("/"):
                continue  # object stores list the folder itself
            if entry.get("type") == "directory":
                if depth < DEEPEST:
                    self._walk(location, pulse, found, depth + 1)
                continue
            found[location] = entry
            if len(found) > MOST_ENTRIES:
                raise too_many(folder, len(found))

    def _stamped(self, found: dict[str, dict[str, Any]], pulse: Pulse) -> dict[str, dict[str, Any]]:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            told = threads.map(lambda location: self.info(location, pulse), found)
            return dict(zip(found, told, strict=True))

    def _now(self, file: Listed, pulse: Pulse) -> Listed:
        info = self.info(file.location, pulse)
        size = info.get("size")
        return replace(file, stamp=stamp_of(info), size=UNKNOWN if size is None else int(size))

    def _download(self, file: Listed, path: Path, pulse: Pulse) -> None:
        """Append to ``path`` until it is whole, over as many connections as it takes."""
        pauses, before = self._pauses.each(), -1
        while True:
            have = path.stat().st_size if path.exists() else 0
            if file.size != UNKNOWN and have > file.size:
                path.unlink()
                have = 0
            if have == file.size:
                path.touch()
                return
            if have > before:  # as long as something comes it goes on
                pauses, before = self._pauses.each(), have
            pause = next(pauses)
            try:
                self._append(file, path, have, pulse)
                if file.size == UNKNOWN or path.stat().st_size == file.size:
                    return
                raise ConnectionError("the connection ended before the file did")
            except Exception as error:  # fsspec's many back ends raise what they like
                if is_final(error):
                    raise
                now = self._now(file, pulse)
                if not is_same(now, file):
                    raise Replaced(now) from None
                if pause is None:
                    raise
            self._pauses.rest(pause, pulse)

    def _append(self, file: Listed, path: Path, start: int, pulse: Pulse) -> None:
        self._pace.request(pulse)
        with (
            self._connections.lent(pulse) as reached,
            self._stream(reached, file, start) as (stream, begins),
            path.open("ab") as target,
        ):
            if begins != start:
                target.truncate(0)
            left = LARGEST_FILE - begins
            while piece := stream.read(WEB_PIECE if self._web else PIECE):
                pulse.beat()
                self._pace.received(len(piece), pulse)
                left -= len(piece)
                if left < 0:
                    raise PermissionError("it grows without end")
                target.write(piece)

    @contextlib.contextmanager
    def _stream(self, reached: Reached, file: Listed, start: int) -> Iterator[tuple[Stream, int]]:
        if self._web:
            with web_stream(reached.files, file.location, start, file.stamp) as opened:
                yield opened
            return
        with reached.files.open(file.location, "rb", block_size=PIECE, cache_type="none") as stream:
            stream.seek(start)
            over_sftp = hasattr(stream, "prefetch")
            yield (AskingAhead(stream, start, file.size) if over_sftp else stream), start

    def name_of(self, location: str) -> str:
        """Return a location as people read it."""
        return readable_path(location) if self._web else location

    def folder_of(self, name: str) -> str:
        """Return the location of a folder that lies here, by its readable name."""
        return f"{self.root.rstrip('/')}/{web_name(name) if self._web else name}"
