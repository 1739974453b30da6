"""Drafts as Label Studio tasks: one document a task, the draft as prediction, what readers decided as annotations.

Places are UTF-16 units, as Label Studio counts them. What is needed to find the words again goes along in the task's data,
which Label Studio keeps as it is. Files hold at most a thousand tasks, since larger uploads are refused there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.annotation import label_studio_config as names
from pipeline.annotation.annotated import Annotated, AnnotatedDocument, Mark, Said
from pipeline.annotation.loading import submissions
from pipeline.annotation.utf16 import Utf16, starts_of
from pipeline.export.request import Request
from pipeline.export.whole_file import written_whole
from pipeline.store.database import Store

GAP = "\n\n"
"""Between two blocks of a task's text."""
MOST_TASKS = 1000
OURS = "khetcheck"
"""Key in a task's data of what is needed to take its answers in again."""


def write(store: Store, out: Path, request: Request) -> int:
    """Write the tasks; returns the number of submissions.

    Beside ``out`` the project's labelling interface is written (``….config.xml``), and further files where there are more tasks
    than one takes (``…-2.json``).

    Raises:
        NotFoundError, InboxError: there is no such submission or batch; a file cannot be written.
    """
    count, made, part = 0, [], 1
    with store.snapshot() as session:
        for one in submissions(session, request):
            count += 1
            made += tasks_of(one)
            while len(made) > MOST_TASKS:
                _save(_numbered(out, part), made[:MOST_TASKS])
                made, part = made[MOST_TASKS:], part + 1
    _save(_numbered(out, part), made)
    with written_whole(out.with_suffix(".config.xml")) as beside:
        beside.write_text(names.interface(request.rubric), "utf-8")
    return count


def tasks_of(one: Annotated) -> list[dict[str, Any]]:
    """Return a task for each document that was read; levels and notes stand with the first."""
    read = [(at, document) for at, document in enumerate(one.documents) if document.blocks]
    return [_task(one, at, document, first=at == read[0][0]) for at, document in read]


def text_of(document: AnnotatedDocument) -> str:
    """The words of a document as the task shows them."""
    return GAP.join(block.text for block in document.blocks)


def region_id(mark: Mark) -> str:
    """Name a mark of the draft, so that it is known again in what comes back."""
    return f"p{mark.point}.d{mark.place.document}.b{mark.place.block}"


def _task(one: Annotated, at: int, document: AnnotatedDocument, first: bool) -> dict[str, Any]:
    places = _Places(document)
    drafted = [mark for mark in one.marks if mark.place.document == at]
    prediction = [result for mark in drafted for result in places.region(mark, region_id(mark))]
    if first:
        prediction += _levels(Said(levels=one.levels))
    return {
        "data": {
            "title": f"{one.office or one.submission} · {document.file}",
            "text": text_of(document),
            OURS: {
                "submission": one.submission,
                "draft": one.draft,
                "rubric": one.rubric,
                "document": at,
                "sha256": document.sha256,
                "blocks": [[block.position, len(block.text)] for block in document.blocks],
                "marks": [
                    [mark.point, mark.place.block, mark.role, list(mark.facets), mark.detail]
                    for mark in drafted
                ],
            },
        },
        "predictions": [{"model_version": one.model, "result": prediction}],
        "annotations": [
            {"result": list(_annotation(said, drafted, places, at, first))} for said in one.readings
        ],
    }


def _annotation(
    said: Said, drafted: list[Mark], places: _Places, document: int, first: bool
) -> Iterator[dict[str, Any]]:
    """A reader's word: what they said of each mark, what they said nothing of as undecided, what they added."""
    spoken = {mark.key: mark for mark in said.marks if mark.verdict != "added"}
    for mark in drafted:
        yield from places.region(spoken.get(mark.key, mark), region_id(mark), decided=True)
    added = [mark for mark in said.marks if mark.verdict == "added" and mark.place.document == document]
    for number, mark in enumerate(added, 1):
        yield from places.region(mark, f"added.{number}", decided=True)
    if first:
        yield from _levels(said)


class _Places:
    """Where the blocks of a document stand in the task's text."""

    def __init__(self, document: AnnotatedDocument) -> None:
        self.text = text_of(document)
        starts = starts_of([len(block.text) for block in document.blocks], len(GAP))
        self.start = dict(zip((block.position for block in document.blocks), starts, strict=True))
        self.units = Utf16(self.text)

    def region(self, mark: Mark, name: str, *, decided: bool = False) -> Iterator[dict[str, Any]]:
        """The words with their point, and what is said of them."""
        start = self.start[mark.place.block] + mark.place.start
        end = self.start[mark.place.block] + mark.place.end
        where = {
            "start": self.units.units(start),
            "end": self.units.units(end),
            "text": self.text[start:end],
        }
        head = {"id": name, "from_name": names.EVIDENCE, "to_name": names.TEXT, "type": "labels"}
        score = {} if mark.probability is None else {"score": round(mark.probability, 4)}
        yield head | {"value": where | {"labels": [names.label_of(mark.point)]}} | score
        said = {
            names.ROLE: [names.ROLES[mark.role]],
            names.FACETS: [names.facet_name(mark.point, facet) for facet in mark.facets],
            names.DETAIL: [] if mark.detail is None else [names.DETAILS[mark.detail]],
            names.VERDICT: [names.VERDICTS[mark.verdict]] if decided else [],
        }
        for choice, values in said.items():
            if values:
                yield _choice(name, choice, where | {"choices": values})


def _levels(said: Said) -> list[dict[str, Any]]:
    made = [
        _choice(names.level_name(point), names.level_name(point), {"choices": [names.LEVELS[level]]})
        for point, level in said.levels.items()
    ]
    notes = {names.note_name(point): text for point, text in said.notes.items()}
    notes |= {names.NOTE: said.note} if said.note else {}
    return made + [
        {"id": name, "from_name": name, "to_name": names.TEXT, "type": "textarea", "value": {"text": [text]}}
        for name, text in notes.items()
    ]


def _choice(name: str, choice: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "from_name": choice, "to_name": names.TEXT, "type": "choices", "value": value}


def _numbered(out: Path, part: int) -> Path:
    return out if part == 1 else out.with_name(f"{out.stem}-{part}{out.suffix}")


def _save(out: Path, tasks: list[dict[str, Any]]) -> None:
    with written_whole(out) as beside:
        beside.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", "utf-8")
