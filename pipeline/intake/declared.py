"""``submission.yaml``: what an office says about its submission, checked without ever stopping the batch.

The file is optional and written by hand, so a mistake in it becomes a finding that names the line to mend,
and whatever is right in it still counts. What it leaves out is inferred from names and contents
(``pipeline.screening.inference``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.passages import DocumentKind
from pipeline.intake.names import full_name, safe_name
from pipeline.intake.plain_yaml import Malformed, Unquoted, load
from rubric.language import Bilingual

FILE_NAMES = ("submission.yaml", "submission.yml")
KINDS: tuple[DocumentKind, ...] = ("plan", "report", "other")
KNOWN = {"office", "province", "fiscal_year", "round", "documents"}
LARGEST = 256 * 1024
FIRST_YEAR, LAST_YEAR = 2500, 2700
MOST_MISTAKES = 20
"""Mistakes that are told one by one; of more than these only the number is of use."""
NUMBER = re.compile(r"[0-9๐-๙]{1,9}")
NO_TEXT = {"true", "false", "yes", "no", "on", "off"}


@dataclass(frozen=True, slots=True)
class Declared:
    """What ``submission.yaml`` says, as far as it is right.

    Attributes:
        kinds: file name (NFC) -> kind.
        mistakes: what is wrong in it, one sentence each.
    """

    office: str = ""
    province: str = ""
    fiscal_year: int | None = None
    round: int | None = None
    kinds: Mapping[str, DocumentKind] = field(default_factory=dict)
    mistakes: tuple[Bilingual, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return plain data for the store."""
        return {
            "office": self.office,
            "province": self.province,
            "fiscal_year": self.fiscal_year,
            "round": self.round,
            "kinds": dict(self.kinds),
        }


def parse_declared(content: bytes) -> Declared:
    """Read the bytes of a ``submission.yaml``; never raises.

    >>> parse_declared(b"fiscal_year: 2565").fiscal_year
    2565
    """
    if len(content) > LARGEST:
        return Declared(
            mistakes=(_mistake("ไฟล์ใหญ่ผิดปกติ จึงไม่ได้อ่าน", "the file is far too large and was not read"),)
        )
    try:
        loaded = load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Declared(mistakes=(_mistake("ไม่ได้บันทึกเป็น UTF-8", "it is not saved as UTF-8"),))
    except Malformed as fault:
        return Declared(mistakes=(_mistake(fault.why.th, fault.why.en),))
    passed_over = [_mistake(one.th, one.en) for one in loaded.passed_over]
    if loaded.value is None:
        return Declared(mistakes=few(passed_over))
    if not isinstance(loaded.value, dict):
        told = _mistake("ต้องเป็นคู่ คีย์: ค่า", "it must hold keys with values")
        return Declared(mistakes=few([told, *passed_over]))
    return _checked(loaded.value, passed_over)


def few(mistakes: Sequence[Bilingual]) -> tuple[Bilingual, ...]:
    """Return at most ``MOST_MISTAKES`` sentences, the last of which says how many were left out."""
    if len(mistakes) <= MOST_MISTAKES:
        return tuple(mistakes)
    more = len(mistakes) - MOST_MISTAKES + 1
    return (
        *mistakes[: MOST_MISTAKES - 1],
        Bilingual(f"และอีก {more} รายการในทำนองเดียวกัน", f"And {more} more of this kind."),
    )


def _checked(data: Mapping[str, Any], passed_over: Sequence[Bilingual]) -> Declared:
    mistakes = [
        *passed_over,
        *(
            _mistake(f"ไม่รู้จักคีย์ {_shown(key)}", f"unknown key {_shown(key)}")
            for key in data
            if key not in KNOWN
        ),
    ]
    kinds, wrong_documents = _kinds(data.get("documents"))
    return Declared(
        office=_text(data, "office", mistakes),
        province=_text(data, "province", mistakes),
        fiscal_year=_year(data.get("fiscal_year"), mistakes),
        round=_round(data.get("round"), mistakes),
        kinds=kinds,
        mistakes=few([*mistakes, *wrong_documents]),
    )


def _text(data: Mapping[str, Any], key: str, mistakes: list[Bilingual]) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or not _says_something(value):
        mistakes.append(_mistake(f"{key} ต้องเป็นข้อความ", f"{key} must be a text"))
        return ""
    return safe_name(" ".join(value.split()))


def _year(value: Any, mistakes: list[Bilingual]) -> int | None:
    year = _number(value)
    if value is None or (year is not None and FIRST_YEAR <= year <= LAST_YEAR):
        return year
    mistakes.append(
        _mistake(
            f"fiscal_year ต้องเป็นปี พ.ศ. เช่น 2565 (พบ {_shown(value)})",
            f"fiscal_year must be a year of the Buddhist era such as 2565 (found {_shown(value)})",
        )
    )
    return None


def _round(value: Any, mistakes: list[Bilingual]) -> int | None:
    number = _number(value)
    if value is None or number in (6, 12):
        return number
    mistakes.append(_mistake("round ต้องเป็น 6 หรือ 12 (เดือน)", "round must be 6 or 12 (months)"))
    return None


def _says_something(value: str) -> bool:
    """Whether it can be a name: ``12`` and an unquoted ``yes`` were meant as something else."""
    return any(letter.isalpha() for letter in value) and not (
        isinstance(value, Unquoted) and value.lower() in NO_TEXT
    )


def _number(value: Any) -> int | None:
    """Whole numbers in Arabic or Thai digits, with or without quotes."""
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        return int(value.strip())
    return None


def _kinds(value: Any) -> tuple[dict[str, DocumentKind], list[Bilingual]]:
    kinds: dict[str, DocumentKind] = {}
    mistakes: list[Bilingual] = []
    if value is None:
        return kinds, mistakes
    if not isinstance(value, list):
        return kinds, [_mistake("documents ต้องเป็นรายการ", "documents must be a list")]
    for number, entry in enumerate(value, 1):
        file = entry.get("file") if isinstance(entry, dict) else None
        kind = entry.get("kind") if isinstance(entry, dict) else None
        if not isinstance(file, str) or not file:
            mistakes.append(
                _mistake(f"เอกสารลำดับที่ {number} ไม่มีชื่อไฟล์ (file)", f"document {number} names no file")
            )
        elif kind is not None and not (isinstance(kind, str) and kind in KINDS):
            mistakes.append(
                _mistake(
                    f"kind ของ {safe_name(file)} ต้องเป็น plan, report หรือ other",
                    f"the kind of {safe_name(file)} must be plan, report or other",
                )
            )
        elif kind is not None:
            kinds[full_name(file)] = next(known for known in KINDS if known == kind)
    return kinds, mistakes


def _shown(value: object) -> str:
    """The value for a message; what holds others is named and never written out."""
    if isinstance(value, str):
        return safe_name(value)[:40]
    return "[…]" if isinstance(value, list) else "{…}"


def _mistake(thai: str, english: str) -> Bilingual:
    return Bilingual(f"submission.yaml: {thai}", f"submission.yaml: {english}.")
