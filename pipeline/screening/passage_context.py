"""From blocks to passages: gives a model the context that the corpus gave it in training, and nothing else."""

from __future__ import annotations

from models.passages import DocumentKind, Passage
from pipeline.blocks import DocumentReading


def passages_of(reading: DocumentReading, kind: DocumentKind) -> list[Passage]:
    """Return one passage per block of ``reading``, in order, each with its neighbours' text."""
    blocks = reading.blocks
    return [
        Passage(
            text=block.text,
            type=block.type,
            document_kind=kind,
            heading_path=block.heading_path,
            table_header=block.table_header,
            previous=blocks[position - 1].text if position else "",
            following=blocks[position + 1].text if position + 1 < len(blocks) else "",
        )
        for position, block in enumerate(blocks)
    ]
