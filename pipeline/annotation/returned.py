"""What comes back from another tool: whose submission, which draft of it, and what one reader said there.

A file from outside is data from strangers. Whatever is wrong in it is told with its place in the file, and nothing of the file is
taken then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.annotation.annotated import Mark, Said
from rubric.exceptions import CorpusError
from rubric.language import Bilingual

LARGEST_FILE = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Returned:
    """One reader's word on a submission.

    Attributes:
        draft: number of the draft that was annotated.
        files: hashes of the documents that decisions stand on, by place in the delivery.
        ignored: annotations of the same tasks that were left out, because a newer one stands.
    """

    submission: str
    draft: int
    files: Mapping[int, str]
    said: Said = field(default_factory=Said)
    ignored: int = 0


def joined(parts: Iterable[Returned], where: str) -> list[Returned]:
    """Put together what was said on the documents and points of one submission.

    Raises:
        CorpusError: two parts decide one point differently, or stand on different drafts.
    """
    found: dict[str, Returned] = {}
    for part in parts:
        before = found.get(part.submission)
        found[part.submission] = part if before is None else _both(before, part, where)
    return list(found.values())


def _both(one: Returned, other: Returned, where: str) -> Returned:
    if one.draft != other.draft:
        raise refused(where, f"{one.submission} มีสองร่าง", f"{one.submission} stands on two drafts")
    for point, level in other.said.levels.items():
        if one.said.levels.get(point, level) != level:
            raise refused(
                where,
                f"{one.submission} ประเด็นที่ {point} ตัดสินไว้สองอย่าง",
                f"{one.submission} has two decisions on point {point}",
            )
    said = Said(
        reader=one.said.reader or other.said.reader,
        levels=one.said.levels | other.said.levels,
        notes=one.said.notes | other.said.notes,
        note=one.said.note or other.said.note,
        marks=unique((*one.said.marks, *other.said.marks)),
    )
    return Returned(
        one.submission, one.draft, {**one.files, **other.files}, said, one.ignored + other.ignored
    )


def unique(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the marks without repeats; of two on the same words for the same point the later one."""
    return tuple({(mark.point, mark.place): mark for mark in marks}.values())


def objects_of(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read a file of objects, a JSON list or one object a line; gives (where, object).

    Raises:
        CorpusError: it is no such file.
    """
    if not path.is_file():
        raise refused(path.name, "ไม่พบไฟล์", "there is no such file")
    if path.stat().st_size > LARGEST_FILE:
        raise refused(path.name, "ไฟล์ใหญ่เกินไป", f"it is larger than {LARGEST_FILE // 1024**3} GiB")
    try:
        text = path.read_text("utf-8-sig")
        items = json.loads(text) if text.lstrip()[:1] == "[" else _lines(text)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise refused(path.name, "ไม่ใช่ JSON", f"it is not JSON ({error})") from None
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise refused(f"{path.name} {number}", "ไม่ใช่รายการ", "it is not an object")
        yield f"{path.name} {number}", item


def refused(where: str, thai: str, english: str) -> CorpusError:
    """Return the refusal of a file, with the place of the fault."""
    return CorpusError(
        Bilingual(f"ไม่รับ {where}: {thai}", f"{where} is refused: {english}."),
        Bilingual(
            "ใช้ไฟล์ที่ส่งออกจากโปรแกรมนั้นโดยไม่แก้ไข ยังไม่มีอะไรถูกนำเข้า",
            "Use the file as that program exported it. Nothing was taken in.",
        ),
    )


def _lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.split("\n") if line.strip()]
