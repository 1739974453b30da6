"""The truth beside the files, in the shape that evaluation reads: ``gold/<id>/gold.json`` and ``blocks.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data_samples.render.source import SourceBlock, Submission

_META = ("office", "province", "kind", "fiscal_year", "traps", "points", "score")


def write_gold(folder: Path, submission: Submission, blocks: Mapping[str, Sequence[SourceBlock]]) -> None:
    """Write both files.

    Args:
        blocks: document's name as drafts name it -> its blocks as rendered, fillers drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row for name, document in blocks.items() for row in _rows(name, document)]
    truth = {"id": submission.id, **{key: _plain(submission.meta[key]) for key in _META}}
    truth["documents"] = [
        {"file": name, "kind": said.kind, "title": said.title, "render": said.render}
        for name, said in zip(blocks, submission.documents, strict=True)
    ]
    truth["blocks"] = [row for row in rows if row["labels"]]
    _write(folder / "gold.json", truth)
    _write(
        folder / "blocks.json", [{key: row[key] for key in ("document", "n", "kind", "text")} for row in rows]
    )


def _rows(name: str, blocks: Sequence[SourceBlock]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for block in blocks:
        if block.kind == "break":
            continue
        texts = [block.text, *("| " + " | ".join(cells) + " |" for cells in block.inner)]
        for text in texts:
            labels = list(block.labels) if text == block.text else []
            rows.append(
                {"document": name, "n": len(rows), "kind": block.kind, "text": text, "labels": labels}
            )
    return rows


def _plain(value: Any) -> Any:
    """Keys of a JSON object are text."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else value


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
