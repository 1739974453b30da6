"""Labelled text: what models learn from and are measured on, whether written for the corpus or confirmed by reviewers.

A corpus office is a folder of plain text files in the block format (``models/corpus/README.md``) with a ``meta.yaml``.
It is parsed into passages with exactly the context that screening gives a model, so that nothing is learnt from a
context that is not there later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from models.passages import ROLES, DocumentKind, Passage, PassageType, Role
from rubric import Rubric
from rubric.exceptions import CorpusError
from rubric.language import Bilingual

CORPUS = Path(__file__).parent / "corpus"
_LABEL = re.compile(r"^@@\s+(\d+)\s+(\w+)((?:\s+\S+)*)\s*$")
_MARKS: tuple[tuple[str, PassageType, int], ...] = (
    ("### ", "heading", 3),
    ("## ", "heading", 2),
    ("# ", "heading", 1),
    ("- ", "list_item", 0),
    ("! ", "caption", 0),
)


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a block, as docs/labelling.md defines it; ``facets`` and ``detail`` only with role practice."""

    point: int
    role: Role
    facets: tuple[str, ...] = ()
    detail: bool = False


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A passage with its labels, and how much it counts in training.

    Attributes:
        office: id of the submission it comes from; splits never part an office.
        author: who wrote or reviewed it; splits for thresholds never part an author.
        document: index of the document within the submission.
        position: index of the block within its document.
        weight: 1 for text labelled with care, less for weaker knowledge (silence about a passage).
    """

    passage: Passage
    labels: tuple[Label, ...]
    office: str
    author: str
    document: int = 0
    position: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PointState:
    """What the labels of a submission say of a point."""

    done: bool
    clear: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledOffice:
    """A whole labelled submission.

    Attributes:
        points: point -> its true state, from the metadata or derived from the labels.
        score: the true score.
    """

    id: str
    author: str
    office: str
    fiscal_year: int
    rows: tuple[LabelledPassage, ...]
    points: dict[int, PointState]
    score: int

    @property
    def is_submission(self) -> bool:
        """It holds a plan or a report; without either it is a collection of passages and teaches words alone."""
        return any(row.passage.document_kind in ("plan", "report") for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Line:
    """A block as it stands in a file, before it knows its context."""

    number: int
    type: PassageType
    level: int
    text: str
    labels: tuple[Label, ...]
    after_gap: bool


def load_office(folder: Path, rubric: Rubric) -> LabelledOffice:
    """Parse one labelled office.

    Args:
        folder: holds ``meta.yaml`` and the documents it names; the folder's name is the office's id, its first letter
            the author unless ``meta.yaml`` names one.

    Raises:
        CorpusError: a file is missing or malformed; the message names file and line.
    """
    meta = _read_meta(folder / "meta.yaml")
    author = str(meta.get("author") or folder.name[:1])
    rows: list[LabelledPassage] = []
    for index, document in enumerate(meta["documents"]):
        lines = list(_lines(folder / str(document["file"]), rubric))
        for position, (line, passage) in enumerate(
            zip(lines, _with_context(lines, document["kind"]), strict=True)
        ):
            rows.append(LabelledPassage(passage, line.labels, folder.name, author, index, position))
    points = {
        int(number): PointState(bool(said["done"]), bool(said["clear"]))
        for number, said in meta["points"].items()
    }
    return LabelledOffice(
        folder.name,
        author,
        str(meta["office"]),
        int(meta["fiscal_year"]),
        tuple(rows),
        points,
        int(meta["score"]),
    )


def load_corpus(folders: Iterable[Path], rubric: Rubric) -> list[LabelledOffice]:
    """Load all sound offices under ``folders`` (corpus roots or single offices), by id; faulty ones are left out.

    An office is left out, not an error, because writing a corpus is work in progress; ``python -m
    models.training.corpus_check`` names what is wrong.
    """
    offices = []
    for folder in office_folders(folders):
        try:
            office = load_office(folder, rubric)
        except CorpusError:
            continue
        if not faults_of(office, rubric):
            offices.append(office)
    return offices


def office_folders(roots: Iterable[Path]) -> list[Path]:
    """The folders with a ``meta.yaml`` that are one of ``roots`` or stand directly under one."""
    found = []
    for root in roots:
        found += (
            [root] if (root / "meta.yaml").exists() else [m.parent for m in sorted(root.glob("*/meta.yaml"))]
        )
    return found


def faults_of(office: LabelledOffice, rubric: Rubric) -> list[str]:
    """Say where the office's stated points or score disagree with its labels."""
    derived = derive_points((label for row in office.rows for label in row.labels), rubric)
    faults = []
    for number in rubric.numbers:
        said, got = office.points.get(number), derived[number]
        if said is None or (said.done, said.clear) != (got.done, got.clear):
            faults.append(
                f"point {number}: labels say done={got.done} clear={got.clear} missing={got.missing}, meta {said}"
            )
    score = rubric.score(
        {n for n, state in derived.items() if state.done}, {n for n, state in derived.items() if state.clear}
    )
    if score != office.score:
        faults.append(f"score: the labels give {score}, meta says {office.score}")
    return faults


def derive_points(labels: Iterable[Label], rubric: Rubric) -> dict[int, PointState]:
    """Return what ``labels`` of a whole submission mean for each point (docs/labelling.md, "From labels to …").

    Done: one practice label. Clear: done, and each facet shown, whole with detail or part by part with detail on one.
    """
    practice = [label for label in labels if label.role == "practice"]
    states = {}
    for point in rubric.points:
        mine = [label for label in practice if label.point == point.number]
        shown: dict[str, bool] = {}
        for label in mine:
            for key in label.facets:
                shown[key] = shown.get(key, False) or label.detail
        missing = []
        for facet in point.facets:
            parts = facet.keys[1:]
            whole = shown.get(facet.key, False)
            together = bool(parts) and set(parts) <= set(shown) and any(shown[part] for part in parts)
            if not (whole or together):
                missing.append(facet.key)
        states[point.number] = PointState(bool(mine), bool(mine) and not missing, tuple(missing))
    return states


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        meta = yaml.safe_load(path.read_text("utf-8"))
        for key in ("office", "fiscal_year", "documents", "points", "score"):
            if key not in meta:
                raise _malformed(path, 1, f"`{key}` is missing", f"ขาด `{key}`")
    except (OSError, yaml.YAMLError, UnicodeDecodeError, TypeError) as fault:
        raise _malformed(path, 1, f"cannot be read: {fault}", "อ่านไม่ได้") from None
    return dict(meta)


def _lines(path: Path, rubric: Rubric) -> Iterator[_Line]:
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise _malformed(path, 1, f"cannot be read: {fault}", "อ่านไม่ได้") from None
    pending: list[Label] = []
    gap = True
    for number, raw in enumerate(content.splitlines(), 1):
        line = raw.strip()
        if line.startswith("@@"):
            pending.append(_label(path, number, line, rubric))
        elif not line or line == "---" or line.startswith("%%filler"):
            gap = True
        else:
            kind, level, text = _typed(line)
            if text:
                yield _Line(number, kind, level, text, tuple(pending), gap)
            pending, gap = [], False


def _typed(line: str) -> tuple[PassageType, int, str]:
    if line.startswith("|"):
        return "table_row", 0, line
    for mark, kind, level in _MARKS:
        if line.startswith(mark):
            return kind, level, line[len(mark) :].strip()
    return "paragraph", 0, line


def _label(path: Path, number: int, line: str, rubric: Rubric) -> Label:
    match = _LABEL.match(line)
    if not match or int(match[1]) not in rubric.numbers or match[2] not in ROLES:
        raise _malformed(path, number, f"not a label: {line!r}", f"บรรทัดป้ายกำกับผิด {line!r}")
    point, role = rubric.point(int(match[1])), next(r for r in ROLES if r == match[2])
    facets: list[str] = []
    detail = False
    for word in match[3].split():
        if word == "detail":
            detail = True
        elif word.startswith("facets="):
            facets += [facet for facet in word.removeprefix("facets=").split(",") if facet]
        else:
            raise _malformed(path, number, f"unknown word {word!r}", f"ไม่รู้จักคำ {word!r}")
    for facet in facets:
        if facet not in point.facet_keys:
            raise _malformed(
                path,
                number,
                f"point {point.number} has no facet {facet}",
                f"ประเด็น {point.number} ไม่มีองค์ประกอบ {facet}",
            )
    return Label(point.number, role, tuple(facets), detail)


def _with_context(lines: Sequence[_Line], kind: DocumentKind) -> Iterator[Passage]:
    headings: dict[int, str] = {}
    header = ""
    before: _Line | None = None
    for index, line in enumerate(lines):
        if line.type == "heading":
            headings = {level: text for level, text in headings.items() if level < line.level}
        first_row = line.type == "table_row" and _starts_table(before, line)
        if line.type != "table_row" or first_row:
            header = ""
        yield Passage(
            text=line.text,
            type=line.type,
            document_kind=kind,
            heading_path=tuple(headings[level] for level in sorted(headings)),
            table_header=header,
            previous=lines[index - 1].text if index else "",
            following=lines[index + 1].text if index + 1 < len(lines) else "",
        )
        if line.type == "heading":
            headings[line.level] = line.text
        if first_row:
            header = line.text
        before = line


def _starts_table(before: _Line | None, row: _Line) -> bool:
    if before is None or before.type != "table_row":
        return True
    return row.after_gap and before.text.count("|") != row.text.count("|")


def without_context(row: LabelledPassage) -> LabelledPassage:
    """Return ``row`` stripped of its context, as a passage comes where only its text is known."""
    return replace(row, passage=Passage(row.passage.text, row.passage.type))


def _malformed(path: Path, line: int, english: str, thai: str) -> CorpusError:
    name = f"{path.parent.name}/{path.name}"
    return CorpusError(
        Bilingual(f"{name} บรรทัด {line}: {thai}", f"{name}, line {line}: {english}."),
        Bilingual("ดูรูปแบบใน models/corpus/README.md", "See the format in models/corpus/README.md."),
    )
