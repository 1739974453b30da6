"""Reviewed cases out of one store and into another: one JSON object a line, nothing lost, nothing that can run.

What comes in is data from strangers: it is read line by line under limits and must be exactly a case; a pickle, an archive,
an endless file or another format is refused with a reason before anything is stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.retraining.reviewed_case import SCHEMA, ReviewedCase
from pipeline.learning.collecting import collect_cases
from pipeline.learning.import_checks import misfit, printable, unlearnable, unsound
from pipeline.store.tables import ImportedCase
from rubric import Rubric, load_rubric
from rubric.exceptions import CorpusError, NotFoundError, RubricError
from rubric.language import Bilingual

LARGEST_LINE = 64 * 1024 * 1024
LARGEST_FILE = 4 * 1024 * 1024 * 1024
MOST_CASES = 100_000
FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: cases kept, and cases that were here already (the same content, or this store's own)."""

    added: int
    known: int


@dataclass(frozen=True, slots=True)
class ImportedEntry:
    """An imported case for a list.

    Attributes:
        key: hash of its content; its first letters name it.
        unusable: why learning leaves it out (taken by an older khetcheck that checked less), None where it is used.
    """

    key: str
    submission: str
    imported_at: dt.datetime
    unusable: Bilingual | None


def export_cases(cases: Iterable[ReviewedCase], out: Path) -> int:
    """Write the cases, one a line; returns their number. The file appears whole or not at all."""
    beside = out.with_name(out.name + ".part")
    count = 0
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            for case in cases:
                stream.write(case.as_line() + "\n")
                count += 1
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    return count


def import_cases(session: Session, path: Path, rubric: Rubric) -> Imported:
    """Read a file of cases into the store, all or none.

    Raises:
        CorpusError: the file is not readable text, too large, or a line is no case of this rubric; line and reason are named.
    """
    own = {case.key for case in collect_cases(session)}
    known = set(session.scalars(select(ImportedCase.key)))
    added = 0
    seen = 0
    for case in read_cases(path, rubric):
        seen += 1
        key = case.key
        if key in own or key in known:
            continue
        session.add(ImportedCase(key=key, submission=case.submission, content=case.as_line()))
        known.add(key)
        added += 1
    session.flush()
    return Imported(added, seen - added)


def imported_cases(session: Session) -> list[ReviewedCase]:
    """Return the cases that came from elsewhere, by their key; one that cannot be used is left out."""
    lines = session.scalars(select(ImportedCase.content).order_by(ImportedCase.key))
    found = (_usable(line) for line in lines)
    return [case for case in found if isinstance(case, ReviewedCase)]


def list_imports(session: Session, rubric: Rubric | None = None) -> list[ImportedEntry]:
    """Return what was imported, newest first.

    Args:
        rubric: cases of it are held against it too.
    """
    rows = session.scalars(select(ImportedCase).order_by(ImportedCase.imported_at.desc(), ImportedCase.key))
    entries = []
    for row in rows:
        case = _usable(row.content)
        why = case if isinstance(case, Bilingual) else _at_odds(case, rubric)
        entries.append(ImportedEntry(row.key, row.submission, row.imported_at, why))
    return entries


def forget_import(session: Session, which: str) -> list[ImportedEntry]:
    """Take imported cases out again; what this store's own reviewers said stays.

    Args:
        which: the first letters of a case's key (four or more), or the name of its submission.

    Returns:
        What was taken out.

    Raises:
        NotFoundError: there is none of that name, or more than one key begins so.
    """
    entries = list_imports(session)
    chosen = [one for one in entries if one.submission == which]
    if not chosen and len(which) >= FEWEST_LETTERS:
        chosen = [one for one in entries if one.key.startswith(which.lower())]
        if len(chosen) > 1:
            raise _not_one(which, len(chosen))
    if not chosen:
        raise _not_one(which, 0)
    for one in chosen:
        session.delete(session.get_one(ImportedCase, one.key))
    session.flush()
    return chosen


def _usable(line: str) -> ReviewedCase | Bilingual:
    try:
        case = ReviewedCase.model_validate_json(line)
    except (ValueError, RecursionError) as fault:
        told = _told(fault) if isinstance(fault, ValidationError | RecursionError) else "it cannot be read"
        return Bilingual(f"ไม่ตรงรูปแบบ {SCHEMA}", told)
    return unsound(case) or case


def _at_odds(case: ReviewedCase, rubric: Rubric | None) -> Bilingual | None:
    """What does not fit the rubric in a case that is of it; another rubric's case may wait for its own."""
    if rubric is None or case.rubric.split(" ")[0] != rubric.id:
        return None
    return misfit(case, rubric)


def _bundled(rubric: str) -> Rubric | None:
    try:
        return load_rubric(rubric)
    except RubricError:  # an office's own, which is a file and not found by its id
        return None


def _not_one(which: str, count: int) -> NotFoundError:
    shown = printable(which)
    return NotFoundError(
        Bilingual(f"เคสนำเข้าที่ขึ้นต้นด้วย {shown} มี {count} เคส", f"{count} imported cases begin with {shown}.")
        if count
        else Bilingual(f"ไม่มีเคสนำเข้า {shown}", f"There is no imported case {shown}."),
        Bilingual("ดูรายการด้วย khetcheck cases imports", "See the list: khetcheck cases imports"),
    )


def all_cases(session: Session, rubric: str, *, unfinished: bool = False) -> list[ReviewedCase]:
    """Return this store's cases and the imported ones under a rubric id; of one submission this store's own word counts."""
    own = collect_cases(session, rubric, unfinished=unfinished)
    names = {case.submission for case in own}
    known = _bundled(rubric)
    foreign: dict[str, ReviewedCase] = {}
    for case in imported_cases(session):
        if case.submission not in names and case.rubric.split(" ")[0] == rubric and not _at_odds(case, known):
            newest = foreign.get(case.submission)
            if newest is None or _age(newest) < _age(case):
                foreign[case.submission] = case
    return sorted([*own, *foreign.values()], key=lambda case: (_age(case), case.submission))


def _age(case: ReviewedCase) -> float:
    return (case.finished_at or case.readings[0].opened_at).timestamp()


def read_cases(path: Path, rubric: Rubric) -> Iterator[ReviewedCase]:
    """Read a file of cases line by line.

    Raises:
        CorpusError: see :func:`import_cases`.
    """
    if not path.is_file():
        raise _refused(path, 0, "ไม่ใช่ไฟล์", "there is no such file")
    if path.stat().st_size > LARGEST_FILE:
        raise _refused(path, 0, "ไฟล์ใหญ่เกินไป", f"it is larger than {LARGEST_FILE // 1024**3} GiB")
    with path.open("rb") as stream:
        for number in range(1, MOST_CASES + 2):
            line = stream.readline(LARGEST_LINE + 1)
            if not line:
                return
            if len(line) > LARGEST_LINE:
                raise _refused(path, number, "บรรทัดยาวเกินไป", "the line is too long")
            if number > MOST_CASES:
                raise _refused(path, number, "มีกรณีมากเกินไป", f"there are more than {MOST_CASES} cases")
            if line.strip():
                yield _case(path, number, line, rubric)


def _case(path: Path, number: int, line: bytes, rubric: Rubric) -> ReviewedCase:
    if line[:1] != b"{":
        raise _refused(
            path, number, "ไม่ใช่ข้อมูลกรณีแบบ JSONL", "it is not JSONL (a pickle, an archive, or another format)"
        )
    try:
        case = ReviewedCase.model_validate_json(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise _refused(path, number, "ไม่ใช่ข้อความ UTF-8", "it is not UTF-8 text") from None
    except (ValidationError, RecursionError) as fault:
        raise _refused(path, number, f"ไม่ตรงรูปแบบ {SCHEMA}", _told(fault)) from None
    if unfit := unsound(case) or misfit(case, rubric) or unlearnable(case, rubric):
        raise _refused(path, number, unfit.th, unfit.en)
    return case


def _told(fault: ValidationError | RecursionError) -> str:
    if isinstance(fault, RecursionError):
        return "it is nested too deeply"
    first = fault.errors(include_url=False, include_input=False)[0]
    return (
        f"it is not a case of format {SCHEMA}: {'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}"
    )


def _refused(path: Path, line: int, thai: str, english: str) -> CorpusError:
    where_th, where_en = (f" บรรทัด {line}", f", line {line}") if line else ("", "")
    return CorpusError(
        Bilingual(f"ไม่รับไฟล์ {path.name}{where_th}: {thai}", f"{path.name}{where_en} is refused: {english}."),
        Bilingual(
            "ใช้ไฟล์ที่ส่งออกด้วย khetcheck cases export เท่านั้น ยังไม่มีอะไรถูกนำเข้า",
            "Use a file made by khetcheck cases export. Nothing was imported.",
        ),
    )
