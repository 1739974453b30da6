"""Where a search stands in a case's documents: the passage itself, and the address that opens the case there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup
from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from models.text.folding import found_in
from models.text.tokenizer import splits_syllable
from pipeline.review.cases.marking import marked
from pipeline.review.cases.passages import sheet_of
from pipeline.store.tables import BlockRow, Document, DraftRow
from pipeline.store.text_index import Places, words_of

AROUND = 70
"""Letters that are shown before and after what was found."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A passage that holds what was looked for.

    Attributes:
        html: the passage, shortened, with what was found marked.
        address: opens the case at the passage's page; of a file without pages only its block tells which that is.
    """

    file: str
    page: int | None
    html: Markup
    address: str


def found_in_cases(
    session: Session, ids: Sequence[int], places: Places, search: str
) -> dict[int, FoundPlace]:
    """Return for each of these drafts' submissions the passage to be shown."""
    by_reading = {place.reading_id: place for place in places.found}
    rows = session.execute(
        select(DraftRow.submission_id, Document, BlockRow.page)
        .join(Document, Document.delivery_id == DraftRow.delivery_id)
        .outerjoin(BlockRow, BlockRow.reading_id == Document.reading_id)
        .where(DraftRow.id.in_(ids), _is_one_of(places))
        .order_by(Document.position.desc())
    )
    found = {}
    for submission, document, page in rows:
        place = by_reading[document.reading_id or 0]
        where = {"doc": document.id, "sheet": sheet_of(page, place.position), "block": place.position}
        found[submission] = FoundPlace(
            document.file,
            page,
            _excerpt(place.text, words_of(search)),
            f"/cases/{submission}?{urlencode(where)}#block-{place.position}",  # what follows # the server never sees
        )
    return found


def _is_one_of(places: Places) -> ColumnElement[bool]:
    pairs = [(place.reading_id, place.position) for place in places.found]
    return tuple_(BlockRow.reading_id, BlockRow.position).in_(pairs)


def _excerpt(text: str, words: Sequence[str]) -> Markup:
    spans = [span for word in words if (span := found_in(text, word)) is not None]
    start = max(0, min((one for one, _ in spans), default=0) - AROUND)
    while splits_syllable(text, start):  # a mark without its letter
        start += 1
    end = min(len(text), start + 3 * AROUND)
    shown = marked(
        text[start:end],
        [(one - start, min(other, end) - start, "found") for one, other in spans if one < end],
    )
    return Markup("{}{}{}").format("… " if start else "", shown, " …" if end < len(text) else "")
