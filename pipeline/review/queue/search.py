"""Finding an office however it is written: สพป.ศรีธารา 2, สพป ศรีธารา เขต ๒, สำนักงานเขตพื้นที่การศึกษาประถมศึกษา…, ประถม ศรีธารา."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_, func, or_

from models.text.offices import parse_office
from models.text.tokenizer import normalise
from pipeline.store.tables import Submission

_LEVELS = (
    (re.compile(r"^(?:สพ\.?ป\.?|ประถมศึกษา|ประถม)\s*(?=\S|$)"), "สพป."),
    (re.compile(r"^(?:สพ\.?ม\.?|มัธยมศึกษา|มัธยม)\s*(?=\S|$)"), "สพม."),
    (re.compile(r"^(?:สพ\.?ท\.?|สนง\.?\s*เขต)\s*(?=\S|$)"), "สพท."),
)
_LEADING = re.compile("([เแโใไ])([ก-ฮ])")
_TONES = re.compile("[็-์]")
_CASE = re.compile(r"\s*(?:กรณี(?:ที่)?|case)\s*0*(\d{1,9})\s*", re.IGNORECASE)
LONGEST = 120


def case_number(search: str) -> int | None:
    """Return the case that is asked for by its number, Thai digits too; None where an office is meant.

    >>> case_number("กรณี ๐๐๑๒"), case_number("case 7"), case_number("ศรีธารา 2")
    (12, 7, None)
    """
    found = _CASE.fullmatch(search)
    return int(found[1]) if found else None


def where_office(search: str) -> ColumnElement[bool]:
    """Return the condition that a submission's office or name is meant by ``search``."""
    text = " ".join(normalise(search[:LONGEST]).split())
    written = (
        _contains(Submission.office, text)
        | _contains(Submission.name, text)
        | _contains(Submission.province, text)
    )
    for pattern, title in _LEVELS:
        if pattern.match(text):
            text = title + pattern.sub("", text)
            break
    office = parse_office(text)
    parts: list[ColumnElement[bool]] = []
    if office.level:
        parts.append(Submission.office_key.startswith(f"สพ{office.level}.", autoescape=True))
    if office.area:
        area, number = _area_and_number(office.area, office.number)
        bare = func.replace(Submission.office_key, " ", "")
        parts.append(or_(bare.contains(area, autoescape=True), _contains(Submission.province, area)))
    else:
        number = office.number
    if number is not None:
        parts.append(Submission.office_key.endswith(f" {number}", autoescape=True))
    return or_(written, and_(*parts)) if parts else written


def thai_order(name: str) -> tuple[str, str]:
    """Return the key by which Thai names sort: a leading vowel after its consonant, tones only between equals.

    The order is that of ``pythainlp.util.collate``, which is not called because it sets a name's tone behind the whole name:
    there "น่าน 21" comes before "น่าน 2", as offices' numbers do not among names without a tone. It also sorts lists only.

    >>> sorted(["แพร่", "กรุงเทพ", "เชียงใหม่", "ชลบุรี"], key=thai_order)
    ['กรุงเทพ', 'ชลบุรี', 'เชียงใหม่', 'แพร่']
    """
    moved = _LEADING.sub(r"\2\1", name)
    return _TONES.sub("", moved), moved


def _area_and_number(area: str, number: int | None) -> tuple[str, int | None]:
    """Part ``ศรีธารา2`` or ``ศรีธาราเขต2``, as an office without its title is parsed."""
    found = re.fullmatch(r"(.*?)(?:เขต(?:ที่)?)?(\d{1,2})", area)
    return (found[1], int(found[2])) if found and number is None and found[1] else (area, number)


def _contains(column: object, text: str) -> ColumnElement[bool]:
    return func.lower(column).contains(text, autoescape=True)
