"""Sara am (ำ), the letter that PDF writers break most: split, doubled, swapped with sara aa, or read as a blank.

What real files do (shares of damaged words in docs/reading.md): Word 2007 writes its ring as a glyph without code, so
``ดำเนิน`` reads ``ด าเนิน``; Word 2016 codes า as ำ and ำ as blank + ำ, so ``เจ้าของ อำนาจ`` reads ``เจ้ำของ อ ำนำจ``; others split
it into nikhahit and sara aa, with the tone before, between or after.
"""

from __future__ import annotations

import re

from pipeline.reading.thai.alphabet import AA, AM, CONSONANTS, NIKHAHIT
from pipeline.reading.thai.mapped import Mapped

_TONE = "[\u0e48-\u0e4b]"
_LOST_RING = re.compile(f"(?<=[{CONSONANTS}]) +{AA}|(?<=[{CONSONANTS}]{_TONE}) +{AA}")
_SET_APART = re.compile(f"[{CONSONANTS}]{_TONE}? +{AM}")
_AM_AFTER_BLANK = re.compile(f"(?<=[{CONSONANTS}\u0e48-\u0e4b])( +){AM}")
_PARTS = re.compile(f"{NIKHAHIT} *({_TONE}?) *{AA}|({_TONE}) *{NIKHAHIT} *{AA}")
_VOWEL_AS_RING = re.compile(f"(?<=[{CONSONANTS}])[\u0e34\u0e35]({_TONE}?){AA}")
_TONE_TWICE = re.compile(f"({_TONE})\\1{AA}")
_DOUBLED = re.compile(f"{AM}({_TONE}?)[{AA}{AM}]+")
_TONE_LATE = re.compile(f"{AM}({_TONE})")
_LONE_RING = re.compile(f"{NIKHAHIT}{AM}|{NIKHAHIT}({_TONE}){AM}")
_SWAPPED = str.maketrans({AA: AM, AM: AA})

# Where every า reads as ำ the true ำ can only be told by the word: the commonest stems of official Thai.
STEMS = re.compile(
    "(?:ส(?=านัก|าเร็จ|าคัญ|าหรับ|ารวจ|าเนา|ารอง|ารวม)|ก(?=าหนด|าลัง|ากับ|าจัด|าแพง)|จ(?=านวน|าเป็น|าแนก|ากัด|าหน่าย|าปี|าวัน|าตัว)"
    "|ด(?=าเนิน|ารง|าริ)|อ(?=าเภอ|านวย|านาจ)|ต(?=าบล|าแหน่ง|ารวจ|ารา)|ล(?=าดับ|าปาง|าพูน|าเลียง)|บ(?=ารุง|าเหน็จ|านาญ|าบัด)"
    "|ช(?=านาญ|าระ|ารุด)|ค(?=าสั่ง|านึง|านวณ|าแนะนา|าถาม|าตอบ|ารับรอง)|ท(?=างาน|าให้|าการ|าหน้าที่|าเนียบ|าลาย)|น(?=าไป|ามา|าเสนอ|าเข้า|าร่อง)"
    "|(?<=แนะ)น|(?<=ประ)จ|(?<=ผู้)น|(?<=จัด)ท|(?<=การ)น|(?<=น)้|(?<=ซ)้|(?<=ต)่|(?<=ม)่(?=าเสมอ))า"
)


def lost_ring(text: Mapped) -> Mapped:
    """Repair what Word does: ``ด าเนิน`` → ``ดำเนิน``."""
    if f" {AA}" not in text.text:
        return text
    return text.replace(_LOST_RING, lambda match: (AM, (len(match[0]) - 1,)))


def parts(text: Mapped) -> Mapped:
    """Join nikhahit and sara aa, undo doubling, and put the tone before ำ where Thai has it."""
    if NIKHAHIT in text.text:
        text = text.replace(_PARTS, _join_parts)
        text = text.replace(
            _LONE_RING, lambda m: ((m[1] or "") + AM, range(len(m[0]) - len(m[1] or "") - 1, len(m[0])))
        )
    text = text.replace(_VOWEL_AS_RING, lambda m: (m[1] + AM, (*range(1, 1 + len(m[1])), len(m[0]) - 1)))
    if AM in text.text:
        text = text.replace(_DOUBLED, lambda m: (m[1] + AM, (*range(1, 1 + len(m[1])), 0)))
        text = text.replace(_TONE_LATE, lambda m: (m[1] + AM, (1, 0)))
    return text


def ring_as_tone(text: Mapped) -> Mapped:
    """Undo how OCR reads the ring of ำ beside a tone: as that tone once more (``น้้า`` for น้ำ)."""
    return text.replace(_TONE_TWICE, lambda match: (match[0][0] + AM, (0, 2)))


def _join_parts(match: re.Match[str]) -> tuple[str, tuple[int, ...]]:
    tone, last = match[1] or match[2] or "", len(match[0]) - 1
    if not tone:
        return AM, (last,)
    return tone + AM, (match.start(1 if match[1] else 2) - match.start(), last)


def exchanged(text: Mapped) -> Mapped:
    """Undo a font that codes า as ำ; told by a page where ำ is commoner than า, as it never is in Thai."""
    am, aa = text.text.count(AM), text.text.count(AA)
    if am < 8 or aa > 0.34 * am:
        return text
    apart = len(_SET_APART.findall(text.text))
    if apart >= 2 and aa < 0.2 * am and apart < 0.6 * am:
        return _exchange_set_apart(text)
    if aa:
        return Mapped(text.text.translate(_SWAPPED), text.origin)
    plain = Mapped(text.text.replace(AM, AA), text.origin)
    return plain.replace(STEMS, lambda match: (match[0][:-1] + AM, range(len(match[0]))))


def _exchange_set_apart(text: Mapped) -> Mapped:
    """Blank + ำ is the true ำ, every other ำ is า."""
    keep = "\ue000"
    held = text.replace(_AM_AFTER_BLANK, lambda match: (keep, (len(match[0]) - 1,)))
    return Mapped(held.text.replace(AM, AA).replace(keep, AM), held.origin)
