"""A submission as it was fetched: its files, what it declares, and the key by which the same delivery is known again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from models.passages import DocumentKind
from pipeline.intake.declared import Declared, few
from pipeline.intake.files import FileStore, Kept
from pipeline.intake.listing import Listed, Listing
from pipeline.intake.names import full_name, safe_name
from rubric.language import Bilingual


@dataclass(frozen=True, slots=True)
class PulledFile:
    """A file of a submission, now in the file store."""

    name: str
    sha256: str
    size: int
    kind: DocumentKind | None = None


@dataclass(frozen=True, slots=True)
class Pulled:
    """A submission with all its files at hand.

    Attributes:
        files_key: the same for the same names, contents and ``submission.yaml``, and for nothing else.
        mistakes: what is wrong in ``submission.yaml``.
        not_taken: what lies in the folder and cannot be a document (links out of the inbox, pipes), one sentence each.
    """

    name: str
    url: str
    declared: Declared
    files: tuple[PulledFile, ...]
    files_key: str
    mistakes: tuple[Bilingual, ...] = field(default=())
    not_taken: tuple[Bilingual, ...] = field(default=())


class KnownFiles(Protocol):
    """What was fetched before (the store's ``source_files``)."""

    def get(self, url: str, stamp: str, size: int) -> Kept | None:
        """Return what the file held, if it is the one of then."""
        ...

    def put(self, url: str, stamp: str, kept: Kept) -> None:
        """Remember what the file held."""
        ...


class Submissions(Protocol):
    """Where submissions come from, as a run sees it: an inbox of folders, a watched folder, a list of offices.

    Attributes:
        url: where it is, as text that can be stored and shown.
        asked: what it is asked for by: the address, or the name of a source.
        whole_address: the address with its user part; empty where it has none.
        owner_of: tells the address that a submission's name belonged to before.
        left_alone: what is there and was not taken, one sentence each.
    """

    url: str
    asked: str
    whole_address: str
    owner_of: Callable[[str], str | None]
    left_alone: tuple[Bilingual, ...]

    def submissions(self) -> tuple[str, ...]:
        """Return the names of all submissions, sorted; no two are alike."""
        ...

    def address_of(self, submission: str) -> str:
        """Return where the submission lies, as text that can be stored."""
        ...

    def pull(self, submission: str, files: FileStore, known: KnownFiles) -> Pulled:
        """Fetch what is new of one submission into the store of files."""
        ...

    def glance(self, submission: str, known: KnownFiles, files: FileStore | None = None) -> Pulled | None:
        """Do as ``pull`` from what is known, fetching no document; None where a file is new."""
        ...

    def size_of(self, submission: str) -> int:
        """Return how many bytes a submission's documents have, as far as ``glance`` saw; 0 where it did not."""
        ...

    def close(self) -> None:
        """End all connections."""
        ...


def assemble(
    name: str, url: str, declared: Declared, kept: list[tuple[Listed, Kept]], listing: Listing
) -> Pulled:
    """Put a submission together from its parts, and check what ``submission.yaml`` says against the files."""
    kinds = {full_name(file): kind for file, kind in declared.kinds.items()}
    files = tuple(PulledFile(file.name, one.sha256, one.size, kinds.get(file.called)) for file, one in kept)
    present = {file.called for file in listing.files} | {safe_name(file.called) for file in listing.files}
    archives = tuple(f"{file.called}/" for file in listing.files if file.called.lower().endswith(".zip"))
    absent = [
        Bilingual(
            f"submission.yaml: ไม่พบไฟล์ {safe_name(file)} ในโฟลเดอร์",
            f"submission.yaml: there is no file {safe_name(file)} in the folder.",
        )
        for file in kinds
        if file not in present and not file.startswith(archives)
    ]
    mistakes = few([*declared.mistakes, *absent])
    not_taken = few([one.told for one in listing.odd])
    return Pulled(name, url, declared, files, _key(declared, files, not_taken), mistakes, not_taken)


def _key(declared: Declared, files: tuple[PulledFile, ...], not_taken: tuple[Bilingual, ...]) -> str:
    told: dict[str, Any] = {
        "declared": declared.as_data(),
        "mistakes": [one.en for one in declared.mistakes],
        "files": [[file.name, file.sha256] for file in files],
    }
    if not_taken:
        told["not_taken"] = [one.en for one in not_taken]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
