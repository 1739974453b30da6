"""Names in another encoding than UTF-8: what Thai Windows wrote into a zip or onto a disk, as the letters it meant.

Both an inbox's folders and the members of a zip hold such names, and the same name must be read alike in both.
"""

from __future__ import annotations

import re

_BYTES = re.compile("[\ud800-\udfff]")
_THAI = re.compile("[\u0e01-\u0e5b]")
_UNLIKELY = re.compile("[\u0840-\u0dff\u1f00-\u1fff\u2840-\u2fff\u3840-\u4dff]")
"""Letters (Greek with breathings, Indic scripts, rare Chinese) as which short Thai words in TIS-620 can be read: แผน is Ἱ."""
_MARK_WITHOUT_LETTER = re.compile("(?:^|[^\u0e01-\u0e5b])[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]")


def readable(name: str) -> str:
    r"""Return ``name`` with its bytes that are not UTF-8 as the letters they were meant for.

    Python stands such bytes in as lone surrogates, which no database, page or JSON takes. Thai Windows writes
    TIS-620 (cp874), so that is tried first; a name that is partly UTF-8 (cut in mid-letter) keeps what is right.

    >>> readable("รายงาน".encode("cp874").decode("utf-8", "surrogateescape"))
    'รายงาน'
    """
    if name.isascii():
        return name
    return "/".join(_readable_part(part) for part in name.split("/"))


def _readable_part(part: str) -> str:
    broken = _BYTES.search(part) is not None
    foreign = [letter for letter in part if letter > "\x7f"]
    if not broken and not (foreign and all(map(_UNLIKELY.match, foreign))):
        return part
    thai = "" if _THAI.search(part) else _from_windows(part)
    if thai and not _MARK_WITHOUT_LETTER.search(thai):
        return thai
    if not broken:
        return part
    return bytes_of(part).decode("latin-1") if thai else _BYTES.sub("\ufffd", part)


def _from_windows(part: str) -> str:
    try:
        return bytes_of(part).decode("cp874")
    except UnicodeDecodeError:
        return ""


def holds_bytes(name: str) -> bool:
    """Tell whether bytes that are no text stand in the name."""
    return _BYTES.search(name) is not None


def bytes_of(name: str) -> bytes:
    """Return the bytes that the file system knows the name by."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except (
        UnicodeEncodeError
    ):  # a lone surrogate that stands for no byte, from a file system that is not ours
        return name.encode("utf-8", "surrogatepass")
