"""The labelled sources: why they are text files, is that a reader of the repository can see truth and text side by side.

A submission is ``source/<id>/meta.yaml`` with the text files it names, in the block format of ``data_samples/README.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

Kind = Literal["h1", "h2", "h3", "p", "li", "tr", "caption", "break", "filler"]
Render = Literal["docx", "docx-textbox", "pdf", "pdf-pua", "scan", "broken"]
_MARKS: tuple[tuple[str, Kind], ...] = (
    ("### ", "h3"),
    ("## ", "h2"),
    ("# ", "h1"),
    ("- ", "li"),
    ("! ", "caption"),
)
_LABEL = re.compile(r"^@@\s+(\d+)\s+(practice|intent|restate|negative)((?:\s+\S+)*)\s*$")


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """One block as written.

    Attributes:
        text: without its mark; a table row keeps its bars, a filler holds the number of blocks wanted.
        labels: as they stand in gold.json.
        inner: rows of a table nested in the last cell of a ``tr``.
    """

    kind: Kind
    text: str
    labels: tuple[dict[str, Any], ...] = ()
    inner: tuple[tuple[str, ...], ...] = ()

    @property
    def cells(self) -> list[str]:
        """The cells of a table row."""
        return [cell.strip() for cell in self.text.strip().strip("|").split("|")]


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document of a submission.

    Attributes:
        name: file name in the inbox; ``archive`` names the zip that holds it, if any.
        contents: whether a table of contents follows the cover.
    """

    path: Path
    name: str
    kind: str
    render: Render
    title: str
    archive: str | None = None
    contents: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission: its metadata as written, and its documents."""

    id: str
    meta: dict[str, Any]
    documents: tuple[SourceDocument, ...] = field(default=())


def load_submission(folder: Path) -> Submission:
    """Read ``folder/meta.yaml``.

    Raises:
        ValueError: a document lacks one of file, name, kind, render, title.
    """
    meta = yaml.safe_load((folder / "meta.yaml").read_text("utf-8"))
    documents = []
    for said in meta["documents"]:
        missing = {"file", "name", "kind", "render", "title"} - set(said)
        if missing:
            raise ValueError(f"{folder.name}: {said} lacks {sorted(missing)}")
        documents.append(
            SourceDocument(
                path=folder / said["file"],
                name=said["name"],
                kind=said["kind"],
                render=said["render"],
                title=said["title"],
                archive=said.get("archive"),
                contents=bool(said.get("contents", False)),
            )
        )
    return Submission(folder.name, meta, tuple(documents))


def read_blocks(path: Path) -> list[SourceBlock]:
    """Parse one text file.

    Raises:
        ValueError: a label line cannot be understood; the message names file and line.
    """
    blocks: list[SourceBlock] = []
    pending: list[dict[str, Any]] = []
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = raw.strip()
        if line.startswith("@@"):
            pending.append(_label(line, f"{path.name}:{number}"))
        elif line:
            kind, text = _typed(line)
            blocks.append(SourceBlock(kind, text, tuple(pending)))
            pending = []
    return blocks


def _typed(line: str) -> tuple[Kind, str]:
    if line == "---":
        return "break", ""
    if line.startswith("%%filler"):
        return "filler", line.split()[1]
    if line.startswith("|"):
        return "tr", line
    for mark, kind in _MARKS:
        if line.startswith(mark):
            return kind, line[len(mark) :].strip()
    return "p", line


def _label(line: str, place: str) -> dict[str, Any]:
    match = _LABEL.match(line)
    if match is None:
        raise ValueError(f"{place}: not a label: {line!r}")
    words = match[3].split()
    facets = [
        f
        for word in words
        if word.startswith("facets=")
        for f in word.removeprefix("facets=").split(",")
        if f
    ]
    unknown = [word for word in words if word != "detail" and not word.startswith("facets=")]
    if unknown:
        raise ValueError(f"{place}: unknown words {unknown}")
    return {"point": int(match[1]), "role": match[2], "facets": facets, "detail": "detail" in words}
