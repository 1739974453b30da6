"""Fetching all that is new of a source without screening it; and telling what a source holds without fetching."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from pipeline.intake.files import FileStore
from pipeline.intake.pulled import KnownFiles, Submissions
from rubric.exceptions import InboxError
from rubric.language import Bilingual

AT_ONCE = 4
Outcome = Literal["fetched", "known", "failed"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one submission.

    Attributes:
        files, size: of all its documents.
        why: why it could not be fetched.
    """

    submission: str
    outcome: Outcome
    files: int = 0
    size: int = 0
    why: Bilingual | None = None


def pull_all(
    source: Submissions, files: FileStore, known: KnownFiles, on_each: Callable[[Fetched], None]
) -> list[Fetched]:
    """Fetch every submission; one that fails stops no other.

    Raises:
        InboxError: the source itself cannot be listed.
        FilesError, StoreUnavailable: the place of files or the database does not answer.
    """

    def pull(name: str) -> Fetched:
        try:
            before = source.glance(name, known, files)
            pulled = before or source.pull(name, files, known)
        except InboxError as error:
            return Fetched(name, "failed", why=error.message)
        size = sum(file.size for file in pulled.files)
        return Fetched(name, "known" if before else "fetched", len(pulled.files), size)

    done = []
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for one in threads.map(pull, source.submissions()):
            on_each(one)
            done.append(one)
    return done


def new_of(source: Submissions, names: tuple[str, ...], known: KnownFiles, files: FileStore) -> list[str]:
    """Return which of the submissions hold anything that was not fetched yet.

    Raises:
        InboxError: one of them cannot be listed.
    """
    return [name for name in names if source.glance(name, known, files) is None]
