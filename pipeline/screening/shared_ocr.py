"""Results of OCR where all machines reach them: a page that one machine has recognised no other one recognises again.

They lie beside the documents, one file a document under its digest, so that another reader version or another database finds
them too. What reads an office's file never reaches that place: here, in the trusted parent, a folder of this one document is
filled before it is read and looked through afterwards, and both ways nothing is taken that is not a result of OCR. So what a
hostile document may leave there counts for no other document. A place that does not answer costs time, never a draft.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pipeline.intake.files import FileStore, relative_place
from pipeline.reading.ocr.recognised import bytes_of, entry_from, entry_of
from rubric.exceptions import KhetcheckError

_LOG = logging.getLogger(__name__)
FOLDER = "ocr"
VERSION = 1
"""Of the file's form; raised when it changes, and others are then left alone."""
MOST_PACKED, MOST_UNPACKED = 32 << 20, 64 << 20
"""Bytes of one document's results; some five hundred scanned pages. Of a longer document a part is shared."""
REST_SECONDS = 300.0
"""For so long a place that did not answer is not asked again, or each document would wait for it."""
_KEY = re.compile("[0-9a-f]{64}")
Entries = dict[str, bytes]
"""By picture what was recognised, looked at and written down again; a few megabytes, where lists would be many."""
Result = TypeVar("Result")


class SharedOcr:
    """Results of OCR in a place of files.

    Args:
        files: the place, opened with little patience.
    """

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self._rests_until = 0.0
        self._told = False

    @contextmanager
    def of(self, sha256: str) -> Iterator[Path]:
        """Give a folder with what is known of a document while it is read, and share what came to it."""
        name = f"{FOLDER}/{relative_place(sha256)}"
        with tempfile.TemporaryDirectory(prefix="khetcheck-", ignore_cleanup_errors=True) as room:
            folder = Path(room)
            found = self._asked(lambda: self._files.get_named(name, MOST_PACKED))
            known = unpacked(found, sha256) if found else {}
            for key, entry in known.items():
                (folder / f"{key}.json").write_bytes(entry)
            yield folder
            made = _left_in(folder)
            if made.keys() <= known.keys():
                return
            whole = packed(made | known, sha256)  # what is there already nobody changes
            if len(whole) <= MOST_PACKED:
                self._asked(lambda: self._files.put_named(name, whole))

    def _asked(self, work: Callable[[], Result]) -> Result | None:
        """Do something at the place; None where it does not answer, which is told once a process."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return work()
        except (KhetcheckError, OSError) as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            if not self._told:
                self._told = True
                why = (
                    (error.told("th"), error.told("en"))
                    if isinstance(error, KhetcheckError)
                    else (error,) * 2
                )
                _LOG.warning(
                    "ผล OCR ไม่ได้ใช้ร่วมกับเครื่องอื่นในขณะนี้ การอ่านทำต่อได้ / results of OCR are not shared with other "
                    "machines for now; reading goes on: %s / %s",
                    *why,
                )
            return None


def packed(entries: Mapping[str, bytes], sha256: str) -> bytes:
    """Return results of one document as a file: a line that says whose they are and proves the rest, then the rest."""
    lines, left = [], MOST_UNPACKED
    for key, entry in sorted(entries.items()):
        line = key.encode() + b" " + entry
        left -= len(line) + 1
        if left < 0:
            break
        lines.append(line)
    body = zlib.compress(b"\n".join(lines))
    return json.dumps(_head(body, sha256)).encode() + b"\n" + body


def unpacked(data: bytes, sha256: str) -> Entries:
    """Return what :func:`packed` packed; nothing of a file that is damaged, of another version or another document."""
    head, _, body = data.partition(b"\n")
    try:
        if json.loads(head) != _head(body, sha256):
            return {}
        whole = zlib.decompressobj().decompress(body, MOST_UNPACKED + 1)
    except (ValueError, zlib.error, RecursionError):
        return {}
    if len(whole) > MOST_UNPACKED:
        return {}
    lines = (line.partition(b" ") for line in whole.split(b"\n"))
    return {
        key.decode(): entry
        for key, _, entry in lines
        if _KEY.fullmatch(key.decode("ascii", "replace")) and entry_of(entry) is not None
    }


def _head(body: bytes, sha256: str) -> dict[str, str | int]:
    return {"version": VERSION, "document": sha256, "sha256": hashlib.sha256(body).hexdigest()}


def _left_in(folder: Path) -> Entries:
    """Return the results that lie in a folder; a hostile file may have left links, pipes and anything else there."""
    found: Entries = {}
    left = MOST_UNPACKED
    with suppress(OSError):  # nor need the folder be there any more
        for path in sorted(folder.iterdir()):
            name = path.name.removesuffix(".json")
            if path.is_symlink() or not path.is_file() or not _KEY.fullmatch(name):
                continue
            entry = entry_from(path)
            if entry is None:
                continue
            found[name] = bytes_of(entry)
            left -= len(name) + len(found[name]) + 2
            if left < 0:
                del found[name]
                break
    return found
