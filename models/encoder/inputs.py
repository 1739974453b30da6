"""From a passage to the encoder's input ids: its context first, a separator, then the passage itself.

``KIND TYPE : heading path | header row < before > after </s> block``. Training and running share this, so that what the
encoder learnt is what it sees. The vector is a weighted mean over the block's own pieces; the context only colours them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from models.encoder.pieces import Vocabulary
from models.passages import Passage

_KINDS = {"plan": "แผน", "report": "รายงาน", "other": "เอกสาร"}
_TYPES = {"heading": "หัวข้อ", "list_item": "ข้อ", "table_row": "ตาราง", "caption": "ภาพ", "paragraph": "ย่อหน้า"}
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_BLOCK_PIECES = 112
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
    """Normalise for the encoder: NFC, one sara am, western digits, single blanks."""
    text = unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33").replace("\u200b", "")
    return re.sub(r"\s+", " ", text.translate(_DIGITS)).strip()


def encode(
    passage: Passage, vocabulary: Vocabulary, *, context: bool = True, neighbours: bool = True
) -> EncoderInput:
    """Build the input of one passage; without ``context`` only its type stands before it."""
    opening = (
        f"passage: {_KINDS[passage.document_kind]} " if context and passage.document_kind else "passage: "
    )
    ids = [vocabulary.begin, *vocabulary.ids(opening + _TYPES[passage.type])]
    if context:
        if passage.heading_path:
            ids += vocabulary.ids(": " + plain(" > ".join(passage.heading_path)))[-_PATH_PIECES:]
        if passage.table_header:
            ids += vocabulary.ids("| " + plain(passage.table_header))[:_HEADER_PIECES]
        if neighbours and passage.previous:
            ids += vocabulary.ids("< " + plain(passage.previous))[:_BEFORE_PIECES]
        if neighbours and passage.following:
            ids += vocabulary.ids("> " + plain(passage.following))[:_AFTER_PIECES]
    ids.append(vocabulary.end)
    lead = len(ids)
    ids += vocabulary.ids(plain(passage.text))[:_BLOCK_PIECES] or [vocabulary.unknown]
    return EncoderInput((*ids, vocabulary.end), lead)
