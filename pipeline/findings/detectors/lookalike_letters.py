"""Letters put in place of others that look the same: Latin, Greek or Cyrillic in Thai words, mixed alphabets in Latin words.

Thai text runs into Latin words without blanks ("ระบบITAของ"), so a foreign letter counts only where the word is a word of
the dictionary once it is put right. Zero-width spaces are how Thai marks line breaks and count never; other invisible
letters count inside a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.text.tokenizer import is_word, segment
from pipeline.blocks import Block
from pipeline.drafts import Finding
from pipeline.findings.detected import Submitted, found
from rubric.language import Bilingual

MOST = 20
TWINS = {
    "n": "ทก", "u": "นบ", "W": "พผ", "w": "พผ", "s": "ร", "S": "ร", "a": "ล", "H": "ห", "M": "ฬ", "U": "บ", "N": "ฑท",
    "o": "๐", "v": "ง", "ω": "พ", "υ": "บ", "η": "ก", "п": "ก", "н": "ห", "и": "บ", "ш": "พ", "м": "ม",
    "J": "ง", "I": "เ", "l": "เ", "ı": "เ", "Ι": "เ", "І": "เ", "c": "ด", "σ": "ด", "о": "๐", "ο": "๐",
}  # fmt: skip
"""A foreign letter and the Thai ones that it is taken for."""
_INSIDE = re.compile("(?<=[\u0e01-\u0e4e])([A-Za-zı\u0370-\u03ff\u0400-\u04ff]{1,2})(?=[\u0e01-\u0e4e])")
_THAI = "".join(chr(code) for code in range(0x0E01, 0x0E4F) if code not in range(0x0E3B, 0x0E40))
_LABELS = re.compile(r"[A-Z]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏͰ-ϿЀ-ӿ]{3,}")
_GREEK_CYRILLIC = re.compile(r"[Ͱ-ϿЀ-ӿ]")
_PLAIN_LATIN = re.compile(r"[A-Za-z]")
_LAO_OR_OTHER = re.compile(
    r"(?<=[\u0e01-\u0e4e])[\u0e80-\u0eff\u1780-\u17ff]+|[\u0e80-\u0eff\u1780-\u17ff]+(?=[\u0e01-\u0e4e])"
)
_INVISIBLE = re.compile(
    "(?<=[\u0e01-\u0e4eA-Za-z])[\u200c\u200d\u034f\u115f\u1160\u17b4\u17b5\u180e\u2061-\u2064\u3164\uffa0\U000e0000-\U000e007f]+(?=[\u0e01-\u0e4eA-Za-z])"
)
_SCIENCE = frozenset("αβγδεθλμπρσφψωΔΣΩ")
_AROUND = 24
"""Letters on each side of a foreign one that are looked at as words."""


def lookalike_letters(submitted: Submitted) -> Iterator[Finding]:
    """Tell of each passage that holds letters in the place of others, with the words as they should be."""
    for held in submitted.documents:
        told = 0
        for block in held.reading.blocks:
            if block.read_by == "ocr" or block.doubtful:
                continue  # a misread letter is the reader's, not the office's
            if told < MOST and (words := _words(block)):
                told += 1
                yield _told(held.reading.file, block, words)


def _words(block: Block) -> list[str]:
    """Return the words of a block that hold such letters."""
    text = block.text
    if text.isascii():
        return []
    return [
        *_mixed_latin(text),
        *(_at(text, match) for match in _LAO_OR_OTHER.finditer(text)),
        *(_at(text, match) for match in _INVISIBLE.finditer(text)),
        *_foreign_in_thai(text),
    ]


def _mixed_latin(text: str) -> Iterator[str]:
    """Words of Latin letters with Greek or Cyrillic ones among them."""
    for match in _LATIN.finditer(text):
        word = match[0]
        foreign = _GREEK_CYRILLIC.findall(word)
        if foreign and _PLAIN_LATIN.search(word) and not set(foreign) <= _SCIENCE:
            yield word


def _foreign_in_thai(text: str) -> Iterator[str]:
    """Thai words in which a foreign letter stands: only where putting it right makes a word of the dictionary."""
    for match in _INSIDE.finditer(text):
        start, end = match.span(1)
        if _put_right(text, start, end) is not None:
            yield _at(text, match)


def _put_right(text: str, start: int, end: int) -> str | None:
    """Return the word of the dictionary that a foreign letter stands in, once it is put right."""
    before = _thai_run(text[max(0, start - _AROUND) : start], end=True)
    after = _thai_run(text[end : end + _AROUND], end=False)
    letters = text[start:end]
    for twins in _choices(letters):
        if word := _word_across(before, twins, after, shortest=4):
            return word
    if len(letters) > 1 or _LABELS.fullmatch(letters):
        return None  # "AI", "กลุ่มA": a word or a label of its own
    # any other letter put in the place of one: only a long word can be meant
    return next((word for one in _THAI if (word := _word_across(before, one, after, shortest=6))), None)


def _word_across(before: str, letters: str, after: str, shortest: int) -> str | None:
    first, last = len(before), len(before) + len(letters)
    at = 0
    for word in segment(before + letters + after):
        inside = at < first and at + len(word) >= last
        if inside and len(word) >= shortest and is_word(word):
            return word
        at += len(word)
    return None


def _choices(letters: str) -> Iterator[str]:
    if not letters:
        yield ""
        return
    for twin in TWINS.get(letters[0], ""):
        for rest in _choices(letters[1:]):
            yield twin + rest


def _thai_run(text: str, *, end: bool) -> str:
    found = re.search(r"[\u0e01-\u0e4e]+$" if end else r"^[\u0e01-\u0e4e]+", text)
    return found[0] if found else ""


def _at(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 8) : match.end() + 8].strip()


def _told(file: str, block: Block, words: list[str]) -> Finding:
    shown = ", ".join(dict.fromkeys(words[:5]))
    return found(
        "lookalike_letters",
        Bilingual(
            f"มีตัวอักษรภาษาอื่นที่ดูคล้ายหรือมองไม่เห็นแทรกอยู่ในคำ ({shown}) จึงค้นคำไม่พบ โปรดตรวจสอบว่าตั้งใจหรือไม่",
            f"Letters of another script that look alike, or cannot be seen, stand in words here ({shown}), so that they "
            "are not found by searching. Please check whether that is meant.",
        ),
        file,
        block,
        certainty="likely" if len(words) > 1 else "possible",
    )
