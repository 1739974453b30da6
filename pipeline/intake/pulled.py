"""A submission as it was fetched: its files, what it declares, and the key by which the same delivery is known again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from models.passages import DocumentKind
from pipeline.intake.declared import Declared, few
from pipeline.intake.files import Kept
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
