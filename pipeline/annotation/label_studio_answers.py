"""What Label Studio exports, turned back into what a reader said: regions to blocks, choices to role, facets and level.

A person there changes a region, takes one away or draws a new one. What the draft showed and is gone is "not evidence", where
the annotation grew out of the draft; one begun on empty paper says nothing of what it did not mark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.passages import Role
from pipeline.annotation import label_studio_config as names
from pipeline.annotation.annotated import Mark, Place, Said, Verdict
from pipeline.annotation.label_studio import GAP, OURS, region_id
from pipeline.annotation.returned import Returned, joined, objects_of, refused, unique
from pipeline.annotation.utf16 import Utf16, starts_of
from rubric.scoring import PointState

_ROLES: Mapping[str, Role] = {shown: role for role, shown in names.ROLES.items()}
_LEVELS: Mapping[str, PointState] = {shown: level for level, shown in names.LEVELS.items()}
_DETAILS = {shown: detail for detail, shown in names.DETAILS.items()}
_VERDICTS: Mapping[str, Verdict | None] = {shown: verdict for verdict, shown in names.VERDICTS.items()}


@dataclass(frozen=True, slots=True)
class _Task:
    where: str
    submission: str
    draft: int
    document: int
    sha256: str
    text: str
    blocks: tuple[tuple[int, int, int], ...]
    """Position of a block, and where in the text it begins and ends."""
    drafted: Mapping[str, Mark]
    """Name of its region -> the draft's mark."""


def read(path: Path) -> list[Returned]:
    """Read an export of Label Studio (its JSON, not JSON-MIN).

    Raises:
        CorpusError: it is none, or places and words of it do not fit; nothing of it may be used then.
    """
    return joined(_answers(path), path.name)


def _answers(path: Path) -> Iterator[Returned]:
    for where, item in objects_of(path):
        try:
            task = _task(where, item["data"])
            sent = [one for one in item.get("annotations", ()) if not one.get("was_cancelled")]
            if not sent:
                continue
            newest = max(enumerate(sent), key=lambda one: (str(one[1].get("updated_at", "")), one[0]))[1]
            said = _said(task, newest)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            raise refused(
                where, "ไม่ใช่งานของ khetcheck", "it is no task that khetcheck wrote for Label Studio"
            ) from None
        yield Returned(task.submission, task.draft, {task.document: task.sha256}, said, ignored=len(sent) - 1)


def _task(where: str, data: dict[str, Any]) -> _Task:
    ours = data[OURS]
    positions, lengths = [int(one[0]) for one in ours["blocks"]], [int(one[1]) for one in ours["blocks"]]
    starts = starts_of(lengths, len(GAP))
    blocks = tuple(zip(positions, starts, (s + n for s, n in zip(starts, lengths, strict=True)), strict=True))
    length_of = dict(zip(positions, lengths, strict=True))
    marks = [
        Mark(int(p), Place(int(ours["document"]), int(b), 0, length_of[int(b)]), role, tuple(facets), detail)
        for p, b, role, facets, detail in ours["marks"]
    ]
    return _Task(
        where=where,
        submission=str(ours["submission"]),
        draft=int(ours["draft"]),
        document=int(ours["document"]),
        sha256=str(ours["sha256"]),
        text=str(data["text"]),
        blocks=blocks,
        drafted={region_id(mark): mark for mark in marks},
    )


def _said(task: _Task, annotation: dict[str, Any]) -> Said:
    regions: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for result in annotation["result"]:
        regions[str(result["id"])][str(result["from_name"])] = result["value"]
    units = Utf16(task.text)
    marks: list[Mark] = []
    for name, values in regions.items():
        if names.EVIDENCE in values:
            marks += _marks(task, units, name, values)
    levels, notes, note = _levels(regions)
    grown = annotation.get("parent_prediction") is not None or any(name in task.drafted for name in regions)
    gone = [mark for name, mark in task.drafted.items() if grown and name not in regions]
    marks += [_as(mark, "bad") for mark in gone]
    spoken = [mark for mark in marks if mark.verdict is not None]
    return Said(levels=levels, notes=notes, note=note, marks=unique(spoken))


def _marks(task: _Task, units: Utf16, name: str, values: Mapping[str, dict[str, Any]]) -> Iterator[Mark]:
    """The marks that a region stands for: one for each block it touches and each point it is given."""
    region = values[names.EVIDENCE]
    start, end = units.letter(int(region["start"])), units.letter(int(region["end"]))
    words = region.get("text")
    if words is not None and task.text[start:end] != words:
        raise refused(
            task.where, f"ตำแหน่งของ {words[:40]!r} ไม่ตรง", f"the place of {words[:40]!r} does not fit"
        )
    role = _ROLES[_first(values, names.ROLE) or names.ROLES["practice"]]
    detail = _DETAILS.get(_first(values, names.DETAIL) or "")
    for label in region["labels"]:
        point = names.point_of(str(label))
        if point is None:
            raise refused(task.where, f"ไม่รู้จักป้าย {label}", f"the label {label} is not known")
        chosen = _chosen(values, names.FACETS)
        facets = tuple(key for one in chosen if (key := names.facet_of(one, point)) is not None)
        for position, first, last in task.blocks:
            if first < end and start < last:
                place = Place(task.document, position, max(start, first) - first, min(end, last) - first)
                mark = Mark(point, place, role, facets, detail)
                yield _as(mark, _verdict(task, name, mark, values))


def _verdict(task: _Task, name: str, mark: Mark, values: Mapping[str, Any]) -> Verdict | None:
    told = _first(values, names.VERDICT)
    drafted = task.drafted.get(name)
    if drafted is None or drafted.key != mark.key or mark.place != drafted.place:
        return "bad" if told == names.VERDICTS["bad"] else "added"
    if told is not None and told in _VERDICTS:
        return _VERDICTS[told]
    same = (mark.role, set(mark.facets), mark.detail) == (drafted.role, set(drafted.facets), drafted.detail)
    return "good" if same else "changed"


def _levels(
    regions: Mapping[str, Mapping[str, dict[str, Any]]],
) -> tuple[dict[int, PointState], dict[int, str], str]:
    levels: dict[int, PointState] = {}
    notes: dict[int, str] = {}
    note = ""
    for values in regions.values():
        for name, value in values.items():
            kind, _, number = name.partition("-")
            if kind == "level" and value.get("choices"):
                levels[int(number)] = _LEVELS[str(value["choices"][0])]
            elif name == names.NOTE:
                note = "\n".join(map(str, value["text"]))
            elif kind == names.NOTE:
                notes[int(number)] = "\n".join(map(str, value["text"]))
    return levels, notes, note


def _chosen(values: Mapping[str, dict[str, Any]], name: str) -> Sequence[str]:
    return [str(one) for one in values.get(name, {}).get("choices", ())]


def _first(values: Mapping[str, dict[str, Any]], name: str) -> str | None:
    return next(iter(_chosen(values, name)), None)


def _as(mark: Mark, verdict: Verdict | None) -> Mark:
    return Mark(mark.point, mark.place, mark.role, mark.facets, mark.detail, verdict)
