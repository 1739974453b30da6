"""Names that come from outside, made harmless: file names, folder names, names inside an archive.

A name is only ever text for us (files are kept under their content's hash), but it is printed on terminals,
written into Excel sheets and web pages, and compared: so no control characters, no reversed direction, one
Unicode form, and no bytes that are no text. What becomes equal by that is told apart again.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from urllib.parse import quote

from pipeline.encoded_names import bytes_of, holds_bytes, readable

LONGEST = 200
LONGEST_ADDRESS = 800
"""Letters of an address that a database takes as a key (PostgreSQL's index rows hold 2,700 bytes)."""
UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
HIDDEN = {
    *("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "@eadir"),
    "system volume information",
}
TEMPORARY = re.compile(r"~.*\.tmp$", re.IGNORECASE | re.DOTALL)
SPOOFING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f", "\u061c"}


def safe_name(name: str) -> str:
    r"""Return ``name`` without control and direction characters, in NFC, cut to a length that can be shown.

    >>> safe_name("รายงาน\x1b[31m.pdf")
    'รายงาน�[31m.pdf'
    """
    clean = "".join(
        "\ufffd" if letter in SPOOFING or unicodedata.category(letter) in UNPRINTABLE else letter
        for letter in full_name(name)
    )
    if len(clean) <= LONGEST:
        return clean
    stem, dot, extension = clean.rpartition(".")
    if not dot or len(extension) > 10:
        return clean[: LONGEST - 1] + "…"
    return stem[: LONGEST - len(extension) - 2] + "…." + extension


def full_name(name: str) -> str:
    """Return the name in the one form in which names are compared, of any length."""
    return unicodedata.normalize("NFC", readable(name))


def told_apart(
    names: Iterable[str], owner: Callable[[str], str | None] = lambda name: None
) -> dict[str, str]:
    """Return each name as it is shown, no two alike: raw name -> shown name.

    Where several become alike by :func:`safe_name`, one keeps the plain name and the others get a mark that depends on
    their own bytes alone, so that it is the same at each run.

    Args:
        names: as the file system gives them, each once.
        owner: which of several raw names bore the shown name before; without one the plainest keeps it.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for raw in names:
        alike[safe_name(raw)].append(raw)
    taken = set(alike)
    shown: dict[str, str] = {}
    for name in sorted(alike):
        raws = sorted(alike[name], key=lambda raw: (raw != name, bytes_of(raw)))
        if len(raws) > 1 and (before := owner(name)) in raws:
            raws.sort(key=lambda raw: raw != before)
        shown[raws[0]] = name
        for raw in raws[1:]:
            shown[raw] = marked(name, bytes_of(raw), taken)
            taken.add(shown[raw])
    return shown


def marked(name: str, identity: bytes, taken: Iterable[str] = ()) -> str:
    """Return ``name`` with a short mark made of ``identity`` before its ending, longer where it is taken.

    >>> marked("แผน.docx", b"2")
    'แผน~d4735e.docx'
    """
    digest, used = hashlib.sha256(identity).hexdigest(), set(taken)
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10 or not stem:
        stem, dot, extension = name, "", ""
    made = name
    for length in range(6, 65, 2):
        mark = f"~{digest[:length]}{dot}{extension}"
        made = stem[: LONGEST - len(mark)] + mark
        if made not in used:
            break
    return made


def address(url: str) -> str:
    """Return an address as a key that every database takes; different addresses stay different.

    An ordinary one stays as it is; one that is no text, or too long, is told by its bytes.
    """
    raw = bytes_of(url)
    if not holds_bytes(url) and "\0" not in url and len(raw) <= LONGEST_ADDRESS:
        return url
    quoted = "bytes:" + quote(raw, safe="/:")
    return quoted if len(quoted) <= LONGEST_ADDRESS else "sha256:" + hashlib.sha256(raw).hexdigest()


def is_clutter(name: str) -> bool:
    """Tell whether a file is a lock file, a thumbnail or the like, and no document of the office.

    >>> is_clutter("~$รายงาน.docx"), is_clutter("~WRL0001.tmp"), is_clutter("รายงาน.docx")
    (True, True, False)
    """
    parts = name.replace("\\", "/").split("/")
    return any(
        part.startswith((".", "~$")) or part.lower() in HIDDEN or TEMPORARY.match(part) for part in parts
    )
