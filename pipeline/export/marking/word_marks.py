"""Marks in a Word file: a comment on the very words, by point. Runs in a worker: the file comes from outside."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree
from rapidfuzz import fuzz

from pipeline.export.marking.point_marks import Mark
from pipeline.export.marking.told import Told
from rubric.exceptions import BrokenDocument
from rubric.language import Bilingual

ALIKE = 88.0
"""From this likeness on (0 to 100) a paragraph is taken for the one that was read: reading mends Thai, numbers lists."""
AUTHOR, INITIALS = "khetcheck", "KC"
_LEFT_OUT = frozenset("|\u200b\u2060\ufeff\u00ad")


@dataclass(frozen=True, slots=True)
class _Place:
    """A paragraph or row: its runs, and which run each of its letters belongs to, spaces left out."""

    runs: list[Any]
    letters: str
    owners: list[int]


def mark_word(source: Path, out: Path, marks: Sequence[Mark], head: str) -> Told:
    """Write a commented copy of ``source`` to ``out``.

    Args:
        head: what the first comment says.

    Raises:
        BrokenDocument: it cannot be opened.
    """
    try:
        document = docx.Document(str(source))
        places = list(_places(document))
        if places:
            document.add_comment(places[0].runs[:1], head, AUTHOR, INITIALS)
        placed = 0
        for mark in marks:
            if runs := _runs_of(mark.text, places):
                label = f"[{mark.point}]" + (" ×" if mark.refused else "")
                document.add_comment(
                    [runs[0], runs[-1]], f"{label} {mark.note}", AUTHOR, f"{INITIALS}{mark.point}"
                )
                placed += 1
        document.save(str(out))
    except (
        KeyError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
        etree.LxmlError,
        OSError,
        OpcError,
    ) as error:
        raise BrokenDocument(Bilingual("ไฟล์เสียหาย", "The file is damaged.")) from error
    return Told(placed, len(marks) - placed)


def _places(document: Any) -> Iterator[_Place]:
    """Give every paragraph of the body, and every row of a table as one."""
    for element in document.element.body.iter(qn("w:p"), qn("w:tr")):
        runs = [Run(run, Paragraph(run.getparent(), document)) for run in element.iter(qn("w:r"))]
        if not runs:
            continue
        letters, owners = [], []
        for at, run in enumerate(runs):
            for letter in _plain(run.text):
                letters.append(letter)
                owners.append(at)
        if letters:
            yield _Place(runs, "".join(letters), owners)


def _runs_of(text: str, places: Sequence[_Place]) -> list[Any]:
    """Return the runs that hold a passage: its own words where they stand letter by letter, else the likest paragraph."""
    wanted = _plain(text)
    if not wanted:
        return []
    exact = [place for place in places if wanted in place.letters]
    if exact:
        place = min(exact, key=lambda one: len(one.letters))
        start = place.letters.index(wanted)
        return place.runs[place.owners[start] : place.owners[start + len(wanted) - 1] + 1]
    likest = max(places, key=lambda one: fuzz.ratio(wanted, one.letters), default=None)
    if likest is None or fuzz.ratio(wanted, likest.letters) < ALIKE:
        return []
    return likest.runs[likest.owners[0] : likest.owners[-1] + 1]


def _plain(text: str) -> str:
    return "".join(letter for letter in text if not letter.isspace() and letter not in _LEFT_OUT)
