"""Names that come from outside, made harmless: file names, folder names, names inside an archive.

A name is only ever text for us (files are kept under their content's hash), but it is printed on terminals,
written into Excel sheets and web pages, and compared: so no control characters, no reversed direction, one
Unicode form.
"""

from __future__ import annotations

import unicodedata

LONGEST = 200
UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
HIDDEN = {"thumbs.db", "desktop.ini", "__macosx"}
SPOOFING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f", "\u061c"}


def safe_name(name: str) -> str:
    r"""Return ``name`` without control and direction characters, in NFC, cut to a length that can be shown.

    >>> safe_name("รายงาน\x1b[31m.pdf")
    'รายงาน�[31m.pdf'
    """
    clean = "".join(
        "\ufffd" if letter in SPOOFING or unicodedata.category(letter) in UNPRINTABLE else letter
        for letter in unicodedata.normalize("NFC", name)
    )
    if len(clean) <= LONGEST:
        return clean
    stem, dot, extension = clean.rpartition(".")
    if not dot or len(extension) > 10:
        return clean[: LONGEST - 1] + "…"
    return stem[: LONGEST - len(extension) - 2] + "…." + extension


def is_clutter(name: str) -> bool:
    """Tell whether a file is a lock file, a thumbnail or the like, and no document of the office.

    >>> is_clutter("~$รายงาน.docx"), is_clutter("รายงาน.docx")
    (True, False)
    """
    parts = name.replace("\\", "/").split("/")
    return any(part.startswith((".", "~$")) or part.lower() in HIDDEN for part in parts)
