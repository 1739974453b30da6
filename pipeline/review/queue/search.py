"""Finding an office however it is written: สพป.ศรีธารา 2, สพป ศรีธารา เขต ๒, สำนักงานเขตพื้นที่การศึกษาประถมศึกษา…, ประถม ศรีธารา.

Also by fiscal year and by the names of its files; missing tone marks and two เ for แ make no difference.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models.text.folding import TONES, folded
from models.text.offices import parse_office
from models.text.tokenizer import normalise
from pipeline.store.tables import Document, DraftRow, Submission

_LEVELS = (
    (re.compile(r"^(?:สพ\.?ป\.?|ประถมศึกษา|ประถม)\s*(?=\S|$)"), "สพป."),
    (re.compile(r"^(?:สพ\.?ม\.?|มัธยมศึกษา|มัธยม)\s*(?=\S|$)"), "สพม."),
    (re.compile(r"^(?:สพ\.?ท\.?|สนง\.?\s*เขต)\s*(?=\S|$)"), "สพท."),
)
_LEADING = re.compile("([เแโใไ])([ก-ฮ])")
_TONES = re.compile("[็-์]")
_CASE = re.compile(r"\s*(?:กรณี(?:ที่)?|case)\s*0*(\d{1,9})\s*", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(25\d\d|20\d\d)(?!\d)")
_YEAR_WORD = re.compile(r"(?:ปี\s*)?(?:งบประมาณ)?\s*(?:พ\.?\s*ศ\.?|b\.?e\.?)?\s*$", re.IGNORECASE)
_BUDDHIST = 543
_BETWEEN = f"[ {TONES}]*"
_WRITTEN = {"แ": f"(แ|เ{_BETWEEN}เ)", "ฏ": "[ฎฏ]"}
LONGEST = 120


def case_number(search: str) -> int | None:
    """Return the case that is asked for by its number, Thai digits too; None where an office is meant.

    >>> case_number("กรณี ๐๐๑๒"), case_number("case 7"), case_number("ศรีธารา 2")
    (12, 7, None)
    """
    found = _CASE.fullmatch(search)
    return int(found[1]) if found else None


def where_named(search: str) -> ColumnElement[bool]:
    """Return the condition that a case is meant by ``search``: by office, fiscal year or the name of one of its files."""
    text = " ".join(normalise(search[:LONGEST]).split())
    by_file = DraftRow.delivery_id.in_(select(Document.delivery_id).where(_contains(Document.file, text)))
    year, rest = year_in(text)
    if year is None:
        return or_(where_office(text), by_file)
    of_year = Submission.fiscal_year == year
    return or_(where_office(text), by_file, and_(of_year, where_office(rest)) if rest else of_year)


def year_in(text: str) -> tuple[int | None, str]:
    """Return the fiscal year that is named, in the Buddhist era, and what else is.

    >>> year_in("ศรีธารา ปีงบประมาณ 2565"), year_in("2022"), year_in("ศรีธารา 2")
    ((2565, 'ศรีธารา'), (2565, ''), (None, 'ศรีธารา 2'))
    """
    found = _YEAR.search(text)
    if found is None:
        return None, text
    number = int(found[1])
    before = _YEAR_WORD.sub("", text[: found.start()])
    rest = " ".join(f"{before} {text[found.end() :]}".split())
    return (number if number >= 2400 else number + _BUDDHIST), rest


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
        parts.append(or_(_contains(Submission.office_key, area), _contains(Submission.province, area)))
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


def _contains(column: ColumnElement[str] | InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a name holds a text, whatever blanks and tone marks are missing on either side."""
    return func.lower(column).regexp_match(_BETWEEN.join(map(_as_written, folded(text))))


def _as_written(letter: str) -> str:
    """Return a folded letter as a pattern of all that is written for it."""
    if letter in _WRITTEN:
        return _WRITTEN[letter]
    return (
        f"[{letter}{chr(ord(letter) - ord('0') + ord('๐'))}]" if letter in "0123456789" else re.escape(letter)
    )
