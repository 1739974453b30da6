"""A submission that failed, mended: one of its files replaced by another, or one added. The old one is put aside, not lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.intake.names import is_clutter, safe_name
from pipeline.uploads.receiving import INBOX, SENT
from pipeline.uploads.sent_names import free_place, place_of
from rubric.exceptions import NotFoundError, UserError
from rubric.language import Bilingual

ASIDE = "replaced"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a submission: its place in the submission's folder, and its bytes."""

    place: str
    size: int


def files_of(folder: Path, submission: str) -> tuple[SentFile, ...]:
    """Return the files of a submission of this round, by name."""
    home = submission_folder(folder, submission)
    return tuple(
        SentFile(path.relative_to(home).as_posix(), path.stat().st_size)
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.is_symlink() and not is_clutter(path.relative_to(home).as_posix())
    )


def submission_folder(folder: Path, submission: str) -> Path:
    """Return where a submission of this round lies.

    Raises:
        NotFoundError: there is none of that name.
    """
    for path in (folder / INBOX).iterdir():
        if safe_name(path.name) == submission and path.is_dir() and not path.is_symlink():
            return path
    raise NotFoundError(Bilingual("ไม่มีชุดเอกสารนี้ในรอบนี้", "There is no such submission in this round."))


def mend(folder: Path, submission: str, replaced: str = "") -> int:
    """Put what was sent for a submission into its folder, in the place of the file ``replaced`` where one is named.

    Returns:
        How many files came.

    Raises:
        NotFoundError: there is no such submission or file.
        UserError: nothing was sent.
    """
    home = submission_folder(folder, submission)
    sent = [path for path in sorted((folder / SENT).rglob("*")) if path.is_file()]
    if not sent:
        raise UserError(
            Bilingual("ยังไม่ได้เลือกไฟล์", "No file was chosen."), Bilingual("เลือกไฟล์ก่อน", "Choose one first.")
        )
    if replaced:
        if replaced not in {one.place for one in files_of(folder, submission)}:
            raise NotFoundError(Bilingual("ไม่มีไฟล์นี้ในชุดเอกสาร", "There is no such file in the submission."))
        _aside(folder, home, home / replaced)
    for path in sent:
        place = place_of(path.name)
        assert place is not None
        if replaced:
            place = PurePosixPath(replaced).with_name(place.name)
        target = home / place
        if target.exists():
            _aside(folder, home, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    return len(sent)


def _aside(folder: Path, home: Path, path: Path) -> None:
    place = PurePosixPath(home.name) / path.relative_to(home).as_posix()
    target = free_place(folder / ASIDE, place, f"{path.stat().st_mtime_ns}")
    target.parent.mkdir(parents=True, exist_ok=True)
    path.rename(target)
