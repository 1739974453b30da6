"""From a passage to the encoder's input ids: its context first, a separator, then the passage itself.

``KIND TYPE : heading path | header row < before > after </s> block``. Training and running share this, so that what the
encoder learnt is what it sees. The vector is a weighted mean over the block's own pieces; the context only colours them.
Names of offices are cut down to their kind, since a name is no evidence; a caption is read with what it stands under. What
is longer than the encoder reads at once comes in windows that overlap.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from models.encoder.pieces import Vocabulary
from models.passages import Passage
from models.text.offices import without_office_names

_KINDS = {"plan": "แผน", "report": "รายงาน", "other": "เอกสาร"}
_TYPES = {"heading": "หัวข้อ", "list_item": "ข้อ", "table_row": "ตาราง", "caption": "ภาพ", "paragraph": "ย่อหน้า"}
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_BLOCK_PIECES = 320
"""Some 1,100 characters of Thai; of the corpus' blocks one in three hundred is longer."""
_OVERLAP = 48
_PATH_PIECES = 26
_HEADER_PIECES = 22
_BEFORE_PIECES = 18
_AFTER_PIECES = 10


@dataclass(frozen=True, slots=True)
class EncoderInput:
    """Input ids; ``context`` is how many of them, counted from the start, are not the block's own."""

    ids: tuple[int, ...]
    context: int


def plain(text: str) -> str:
    """Normalise for the encoder: offices without their names, NFC, one sara am, western digits, single blanks."""
    text = (
        unicodedata.normalize("NFC", without_office_names(text))
        .replace("\u0e4d\u0e32", "\u0e33")
        .replace("\u200b", "")
    )
    return re.sub(r"\s+", " ", text.translate(_DIGITS)).strip()


def encode(
    passage: Passage, vocabulary: Vocabulary, *, context: bool = True, neighbours: bool = True
) -> EncoderInput:
    """Build the input of one passage, of its beginning where it is long; without ``context`` only its type stands before it."""
    return windows(passage, vocabulary, context=context, neighbours=neighbours)[0]


def windows(
    passage: Passage, vocabulary: Vocabulary, *, context: bool = True, neighbours: bool = True
) -> tuple[EncoderInput, ...]:
    """Build the inputs of one passage: one, or where it is long as many as cover it, each with the same context."""
    lead = [vocabulary.begin, *_context(passage, vocabulary, context, neighbours), vocabulary.end]
    own = vocabulary.ids(plain(passage.text)) or [vocabulary.unknown]
    step = _BLOCK_PIECES - _OVERLAP
    starts = range(0, max(1, len(own) - _OVERLAP), step)
    return tuple(
        EncoderInput((*lead, *own[start : start + _BLOCK_PIECES], vocabulary.end), len(lead))
        for start in starts
    )


def _context(passage: Passage, vocabulary: Vocabulary, context: bool, neighbours: bool) -> list[int]:
    kind = f"{_KINDS[passage.document_kind]} " if context and passage.document_kind else ""
    ids = [*vocabulary.ids(f"passage: {kind}{_TYPES[passage.type]}")]
    if not context:
        return ids
    if passage.heading_path:
        ids += vocabulary.ids(": " + plain(" > ".join(passage.heading_path)))[-_PATH_PIECES:]
    if passage.table_header:
        ids += vocabulary.ids("| " + plain(passage.table_header))[:_HEADER_PIECES]
    if passage.previous and (neighbours or _stands_under(passage)):
        ids += vocabulary.ids("< " + plain(passage.previous))[:_BEFORE_PIECES]
    if neighbours and passage.following:
        ids += vocabulary.ids("> " + plain(passage.following))[:_AFTER_PIECES]
    return ids


def _stands_under(passage: Passage) -> bool:
    """A caption's sense often hangs on the passage before it; a heading before it stands in its path already."""
    return passage.type == "caption" and passage.previous not in passage.heading_path
