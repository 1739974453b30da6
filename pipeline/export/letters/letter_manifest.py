"""What a letter carries inside its file: each sentence with its source, what is asked, and the text as it was written.

It is what ``khetcheck verify`` holds against the store and the kept files, and what other programs may read; keys may be
added, never renamed or dropped.
"""

from __future__ import annotations

import hashlib
from typing import Any

from pipeline.drafts import Frozen
from pipeline.export.letters.thai_office import thai_digits
from pipeline.export.safe_text import clean

QUOTE = 350
"""Letters of a quote in print; the manifest has it whole."""
SHORT = 12
"""Letters of a key that are printed."""


class Sentence(Frozen):
    """A sentence of evidence and where it stands.

    Attributes:
        id: ``3.2`` is the second one of point 3.
        text: as the office wrote it and the reader read it.
        file, sha256: the document by name and content.
        page: counts from 1; None for a document without pages. boxes: ``x0, y0, x1, y1`` in points from the page's top left.
        block: its place in the document's reading; None where a reviewer wrote it without one.
    """

    id: str
    point: int
    text: str
    file: str
    sha256: str
    page: int | None
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    block: int | None = None
    said_by: str = "draft"

    @property
    def shown(self) -> str:
        """The words as printed: cells of a table row between dashes, a long quote cut with a mark."""
        return clean(shown_of(self.text), QUOTE)

    @property
    def place(self) -> str:
        """Where it stands, as printed."""
        page = f" หน้า\u00a0{thai_digits(self.page)}" if self.page is not None else ""
        return f"({clean(self.file, 200)}{page})"

    @property
    def line(self) -> str:
        """The whole line as printed."""
        return f"“{self.shown}” {self.place}"


class Ask(Frozen):
    """Something the office is asked to send; the next delivery answers it by its number or id.

    Attributes:
        id: stable within the submission, so that the next letter's same wish is known again: ``3c`` is facet c of point 3.
        point, facet: what it is about; none where the documents as a whole are meant.
    """

    id: str
    number: int
    text: str
    point: int | None = None
    facet: str = ""


class SentFile(Frozen):
    """A document that the letter rests on."""

    file: str
    sha256: str


class Manifest(Frozen):
    """All of it.

    Attributes:
        number: the letter's number within its submission.
        paragraphs: the text of the letter, paragraph by paragraph, cells of tables one by one.
        template: SHA-256 of the template; empty for the built-in one.
        score: None while nobody decided.
    """

    khetcheck: str = "letter/1"
    submission: str
    number: int
    office: str
    date: str
    decided: bool
    score: int | None
    rubric: str
    model: str
    delivery: int
    draft: int
    template: str = ""
    files: tuple[SentFile, ...] = ()
    asks: tuple[Ask, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    paragraphs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names what the letter says: two files of one key say the same."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    def as_json(self) -> str:
        """The form that travels in the file."""
        return self.model_dump_json()

    def as_data(self) -> dict[str, Any]:
        """The form that the store keeps."""
        return self.model_dump(mode="json")


def shown_of(text: str) -> str:
    """Return a block's text as a letter prints it.

    >>> shown_of("| บุคลากร | แอปจองบ้านพัก |  |")
    'บุคลากร – แอปจองบ้านพัก'
    """
    words = " ".join(text.split())
    if words.startswith("|") and words.endswith("|"):
        return " – ".join(cell.strip() for cell in words.strip("|").split("|") if cell.strip())
    return words


def squeezed(text: str) -> str:
    """Return text as it is compared: without spaces and other things that a page's layout decides."""
    return "".join(
        letter for letter in text if not letter.isspace() and letter not in "\u200b\u2060\ufeff\u00ad|"
    )
