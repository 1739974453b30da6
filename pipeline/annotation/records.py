"""Drafts passage by passage, one JSON object a line, for tools that choose among options: Prodigy and Argilla.

A record is a passage that the draft shows or a reader marked, or one point of a submission with its level. What a person
picks stands in the tool's own fields; the rest (role, facets, detail, words within a block) rides along untouched under
``khetcheck`` and holds where what was picked is what went out. Passages that nobody touched are many and stay at home.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol

from pipeline.annotation.annotated import Annotated, Mark, Place, Said
from pipeline.annotation.label_studio import OURS
from pipeline.annotation.loading import submissions
from pipeline.annotation.returned import Returned, joined, objects_of, refused
from pipeline.export.request import Request
from pipeline.export.whole_file import written_whole
from pipeline.store.database import Store
from rubric import Rubric
from rubric.scoring import STATES, PointState

NOTHING = "none"
"""Option of a passage that is evidence of no point; without it an empty answer could not be told from no answer."""


class Tool(Protocol):
    """A tool's own form of a record: a text, options, what is picked before and after."""

    def record(
        self, text: str, options: dict[str, str], suggested: list[str], picked: list[str] | None
    ) -> dict[str, Any]:
        """Return a record; ``picked`` is None where nobody decided yet."""
        ...

    def picked(self, record: dict[str, Any]) -> list[str] | None:
        """Return what a person picked, None where nobody did."""
        ...


def write(store: Store, out: Path, request: Request, tool: Tool) -> int:
    """Write the records; returns the number of submissions."""
    count = 0
    with store.snapshot() as session, written_whole(out) as part, part.open("w", encoding="utf-8") as file:
        for one in submissions(session, request):
            count += 1
            for record in records_of(one, request.rubric, tool):
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return count


def records_of(one: Annotated, rubric: Rubric, tool: Tool) -> Iterator[dict[str, Any]]:
    """Give the records of a submission, with the first reader's decisions."""
    said = one.readings[0] if one.readings else Said()
    options = {str(point.number): f"{point.number} {point.title.th}" for point in rubric.points}
    options |= {NOTHING: "ไม่เป็นหลักฐาน"}
    spoken = {(mark.key, mark.verdict == "added"): mark for mark in said.marks}
    places = {(mark.place.document, mark.place.block) for mark in (*one.marks, *said.marks)}
    for document, block in sorted(places):
        text = next(b.text for b in one.documents[document].blocks if b.position == block)
        drafted = [mark for mark in one.marks if (mark.place.document, mark.place.block) == (document, block)]
        marked = [
            mark for mark in spoken.values() if (mark.place.document, mark.place.block) == (document, block)
        ]
        picked = _standing(drafted, marked)
        yield _with_ours(
            tool.record(text, options, _points(drafted), picked if marked else None),
            one,
            document=document,
            sha256=one.documents[document].sha256,
            block=block,
            picked=picked if marked else None,
            drafted=[_plain(mark) for mark in drafted],
            marks=[_plain(mark) for mark in marked],
        )
    titles = {"not_done": "ไม่มีการดำเนินการ", "done": "มีการดำเนินการ", "clear": "มีความชัดเจน"}
    for point in rubric.points:
        level = said.levels.get(point.number)
        drafted_level = one.levels.get(point.number)
        record = tool.record(
            f"{one.office or one.submission} · {point.number} {point.title.th}: {point.wording}",
            {state: titles[state] for state in STATES},
            [drafted_level] if drafted_level else [],
            [level] if level else None,
        )
        note = said.notes.get(point.number, "")
        yield _with_ours(record, one, point=point.number, note=note, case_note=said.note)


def read(path: Path, tool: Tool) -> list[Returned]:
    """Read records that a person went through.

    Raises:
        CorpusError: the file is no such file.
    """
    return joined(_answers(path, tool), path.name)


def _answers(path: Path, tool: Tool) -> Iterator[Returned]:
    for where, record in objects_of(path):
        try:
            ours = _ours(record)
            files = {int(ours["document"]): str(ours["sha256"])} if "document" in ours else {}
            said = (
                _of_point(ours, tool.picked(record))
                if "point" in ours
                else _of_passage(ours, tool.picked(record))
            )
            yield Returned(str(ours["submission"]), int(ours["draft"]), files, said)
        except (KeyError, TypeError, ValueError):
            raise refused(where, "ไม่ใช่รายการของ khetcheck", "it is no record that khetcheck wrote") from None


def _of_point(ours: dict[str, Any], picked: list[str] | None) -> Said:
    point, levels = int(ours["point"]), dict[int, PointState]()
    if picked:
        (state,) = picked
        if state not in STATES:
            raise ValueError(state)
        levels[point] = state
    note = str(ours.get("note", ""))
    return Said(levels=levels, notes={point: note} if note else {}, note=str(ours.get("case_note", "")))


def _of_passage(ours: dict[str, Any], picked: list[str] | None) -> Said:
    if picked is None:
        return Said()
    if picked == ours["picked"]:
        return Said(marks=tuple(_mark(one) for one in ours["marks"]))
    drafted = {mark.point: mark for mark in (_mark(one) for one in ours["drafted"])}
    chosen = {int(one) for one in picked if one != NOTHING}
    marks = [replace(mark, verdict="good" if point in chosen else "bad") for point, mark in drafted.items()]
    whole = Place(int(ours["document"]), int(ours["block"]), 0, int(ours["length"]))
    marks += [Mark(point, whole, verdict="added") for point in sorted(chosen - set(drafted))]
    return Said(marks=tuple(marks))


def _standing(drafted: list[Mark], marked: list[Mark]) -> list[str]:
    """The points for which the passage stands after what was said of it."""
    bad = {mark.point for mark in marked if mark.verdict == "bad"}
    standing = ({mark.point for mark in drafted} - bad) | {
        mark.point for mark in marked if mark.verdict == "added"
    }
    return [str(point) for point in sorted(standing)] or [NOTHING]


def _points(marks: list[Mark]) -> list[str]:
    return [str(point) for point in sorted({mark.point for mark in marks})]


def _with_ours(record: dict[str, Any], one: Annotated, **more: Any) -> dict[str, Any]:
    ours = {"submission": one.submission, "draft": one.draft, "rubric": one.rubric} | more
    if "block" in more:
        block = next(b for b in one.documents[more["document"]].blocks if b.position == more["block"])
        ours |= {"page": block.page, "length": len(block.text)}
    # a string, because some tools keep only plain values beside a record
    kept = json.dumps(ours, ensure_ascii=False, sort_keys=True)
    record.setdefault("metadata" if "fields" in record else "meta", {})[OURS] = kept
    record["id"] = hashlib.sha256(kept.encode()).hexdigest()[:16]
    return record


def _ours(record: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((record.get("metadata") or record["meta"])[OURS])
    return kept


def _plain(mark: Mark) -> dict[str, Any]:
    return asdict(mark)


def _mark(plain: dict[str, Any]) -> Mark:
    place = Place(**plain["place"])
    return Mark(**(plain | {"place": place, "facets": tuple(plain["facets"])}))
