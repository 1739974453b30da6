"""Cheap signs that a font's codes may be wrong: only where one is seen is the dictionary asked.

Each sign is something that right Thai hardly ever holds. A sign alone changes nothing: a page of right Thai may show one.
"""

from __future__ import annotations

import re

from pipeline.reading.thai.alphabet import AA, AM, CONSONANTS, MARKS, NIKHAHIT

FLOATING = 0xF0000
"""Added to the code of a glyph that is no Thai mark and yet floats over or under a Thai letter."""

UNKNOWN = "\ufffd\ufffe"
"""What readers write for a glyph without a code."""

_THAI = f"{CONSONANTS}\u0e2f-\u0e3a\u0e40-\u0e4e"
_FOREIGN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u0dff\u0e80-\u1fff\u2c00-\u2fdf\ua000-\ud7ff\ue000-\uf8ff"
)
FOREIGN = re.compile(
    f"[\ufffd\U000f0000-\U000fffff]|\ufffe(?!\\s|$)|(?<=[{_THAI}])[{_FOREIGN}]|[{_FOREIGN}](?=[{_THAI}])"
)
"""Codes that are no Thai and stand in a Thai word, or float over its letters."""
_ANY_FOREIGN = re.compile(f"[{_FOREIGN}\ufffd\ufffe\U000f0000-\U000fffff]")

LONE_RING = re.compile(f"{NIKHAHIT}(?! ?[\u0e48-\u0e4b]? ?{AA})|\u0e4e")
"""Nikhahit and yamakkan, which only Pali needs, where they are no part of sara am."""

# Where ำ stands in no Thai word, or in few.
_AM_FOR_AA = re.compile(
    f"[ฐษศญภผวมถฝฟห]{AM}|[ฐษศธญภผพวห][\u0e48\u0e49]{AM}|ง(?<!ครอบง){AM}|ย(?<!แม่นย){AM}|พ{AM}(?!นัก)|ธ{AM}(?!รง)|ข{AM}[วย]"
    f"|ร{AM}(?!คาญ|ลึก|วง|พัน|ไร|ไทย|มวย)|{AM}[{MARKS}{AM}]"
)
NO_RING = re.compile(
    "สานัก|ดาเนิน|จานวน|กาหนด|สาคัญ|สาหรับ|สาเร็จ|ตาแหน่ง|อาเภอ|ตาบล|ประจาปี|คาสั่ง|อานวย|อานาจ|ลาดับ|บารุง|จาเป็น|ทางาน(?=ของ)|กากับ|ชานาญ"
)
"""Words of right length that lack the ring of sara am."""
ECHO = re.compile(f"(?<![เ-ไ][{CONSONANTS}])(?<![เ-ไ][{CONSONANTS}]{{2}})([\u0e48-\u0e4b])[{CONSONANTS}]\\1")
"""A tone on two consonants in a row (``ไม่ต่ำ`` has a vowel in front); words side by side show it now and then."""
SURE_ECHO = re.compile(f"(?<=[{CONSONANTS}]){ECHO.pattern}")
"""The same where no vowel can stand between the two tones."""
_TWICE = re.compile(f"([\u0e48-\u0e4b])[{CONSONANTS}]\\1")  # the fast part of the two
_ECHOES = 4  # on one page: more than chance brings together
AFTER_AM = re.compile(f"{AM} +(?=[{CONSONANTS}เ-ไ])")


def has_signs(text: str) -> bool:
    """Tell whether a page's text holds anything that asks for a closer look at its fonts."""
    if AM in text:
        count = text.count(AM)
        if _AM_FOR_AA.search(text) or (count > 3 and count > 0.5 * text.count(AA)):
            return True
        apart = len(AFTER_AM.findall(text))
        if apart >= 2 and apart > 0.4 * (count - text.count(AM + AM)):
            return True
    if is_foreign(text) or LONE_RING.search(text) or NO_RING.search(text):
        return True
    if not _TWICE.search(text):
        return False
    return bool(SURE_ECHO.search(text)) or len(ECHO.findall(text)) >= _ECHOES


def is_foreign(text: str) -> bool:
    """Tell whether any of the :data:`FOREIGN` codes stands in the text."""
    return bool(_ANY_FOREIGN.search(text) and FOREIGN.search(text))


def foreign_codes(text: str) -> list[str]:
    """Return all of the :data:`FOREIGN` codes in the text."""
    return FOREIGN.findall(text) if _ANY_FOREIGN.search(text) else []
