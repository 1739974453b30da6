"""What Tesseract made of a picture, kept under the picture's hash, so that a page that was recognised once is not again.

Results lie in two places: this machine's own, which all documents share, and one of the document that is being read. The
second is how results come from other machines and go there: whoever started the reading fills and empties it, since what
reads an office's file knows of no address (``pipeline.screening.shared_ocr``).
"""

from __future__ import annotations

import json
import os
from pathlib import Path

Entry = list[list[str | int | float]] | int
"""Of a picture its pieces of text, each as the fields of a ``Letter``; of a look at how it lies the quarter turns in degrees."""
TURNS = (0, 90, 180, 270)
MOST_BYTES = 8 << 20
"""Of one result; a crowded page has some hundred thousand."""
_FARTHEST = 1_000_000  # pixels, and lines
_LONGEST = 10_000  # letters of one piece
_MOST_SURE = 101.0


def is_entry(value: object) -> bool:
    """Tell whether a value is what :func:`keep` keeps; files of a cache and of other machines may hold anything.

    >>> is_entry([["ก", 1, 2, 3, 4, 0, 96.5]]), is_entry(90), is_entry([["ก", 1]]), is_entry(True)
    (True, True, False, False)
    """
    if isinstance(value, list):
        return all(_is_piece(piece) for piece in value)
    return type(value) is int and value in TURNS


def _is_piece(piece: object) -> bool:
    if not isinstance(piece, list) or len(piece) != 7:
        return False
    text, *places, sure = piece
    return (
        isinstance(text, str)
        and 0 < len(text) <= _LONGEST
        and not any("\ud800" <= letter <= "\udfff" for letter in text)
        and all(type(place) is int and abs(place) < _FARTHEST for place in places)
        and type(sure) in (int, float)
        and -1 <= sure < _MOST_SURE  # what is no number at all is not either
    )


def entry_from(path: Path) -> Entry | None:
    """Return what is kept in a file, None where it is not there or damaged."""
    try:
        return entry_of(path.read_bytes()) if path.stat().st_size <= MOST_BYTES else None
    except OSError:
        return None


def entry_of(data: bytes) -> Entry | None:
    """Return what :func:`bytes_of` wrote, None of anything else."""
    try:
        entry: Entry = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return entry if is_entry(entry) else None


def bytes_of(entry: Entry) -> bytes:
    """Return a result as one line."""
    return json.dumps(entry, ensure_ascii=False).encode()


def recall(key: str, cache: Path | None, document: Path | None) -> Entry | None:
    """Return what is known of a picture, None where nothing is.

    Args:
        key: hash of the picture and of how it is read.
        cache: this machine's folder.
        document: folder of the document that is read; what came from this machine's is put there too.
    """
    near = entry_from(_in_cache(cache, key)) if cache else None
    if near is not None:
        if document:
            _write(_of_document(document, key), near)
        return near
    return entry_from(_of_document(document, key)) if document else None


def keep(key: str, entry: Entry, cache: Path | None, document: Path | None) -> None:
    """Keep what was made of a picture."""
    for path in ([_in_cache(cache, key)] if cache else []) + (
        [_of_document(document, key)] if document else []
    ):
        _write(path, entry)


def _in_cache(cache: Path, key: str) -> Path:
    return cache / key[:2] / f"{key}.json"


def _of_document(folder: Path, key: str) -> Path:
    return folder / f"{key}.json"


def _write(path: Path, entry: Entry) -> None:
    """Write beside and rename, so that a killed child leaves no half result."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(bytes_of(entry))
        fresh.replace(path)
    except OSError:
        return  # a cache that cannot be written costs time, not results
