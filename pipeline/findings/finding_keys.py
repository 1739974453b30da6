"""The key by which a finding is known again: when the files are read anew, judged by another model, or sent once more.

It is made of kind, point, normalised quote and content. *Content* is the bytes of the document (of all documents where
the finding is about the submission as a whole), so a renamed file keeps its findings and a changed one gets new ones.
The *stem* is the key without the content: by it a finding is found again whose content has changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from models.text.tokenizer import normalise
from pipeline.drafts import Finding

LENGTH = 16
_SIGNS = re.compile(r"[^0-9a-zก-๎]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a finding is known by; ``key`` is made of the two others."""

    stem: str
    content: str

    @property
    def key(self) -> str:
        """The key that people and commands use."""
        return _digest(self.stem, self.content)[:LENGTH]


def identity_of(submission: str, finding: Finding, files: Mapping[str, str]) -> Identity:
    """Return what the finding is known by.

    Args:
        submission: its name; a key is one finding of one submission.
        files: SHA-256 of every document of the delivery, by file name.
    """
    content = files.get(finding.document or "") or content_of_all(files.values())
    words = comparing_form(finding.quote)
    if not words:
        # a page tells two unreadable pages apart; a message may be worded anew, a subject may not
        words = f"{finding.page}:{finding.subject or finding.message_en}"
    return Identity(_digest(submission, finding.kind, str(finding.point), words), content)


def content_of_all(shas: Iterable[str]) -> str:
    """Return the content of a finding about a submission as a whole, from the SHA-256 of its documents."""
    return _digest(*sorted(set(shas)))


def keyed(submission: str, finding: Finding, files: Mapping[str, str]) -> Finding:
    """Return the finding with its key."""
    return finding.model_copy(update={"key": identity_of(submission, finding, files).key})


@lru_cache(maxsize=1 << 15)
def comparing_form(quote: str) -> str:
    """Return letters and digits alone, as blanks and signs change with the reader.

    >>> comparing_form("งบประมาณ  ๕๐,๐๐๐ บาท")
    'งบประมาณ50000บาท'
    """
    return _SIGNS.sub("", normalise(quote))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
