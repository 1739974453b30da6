"""What detectors are given and what they give back: a submission as read, and findings about it.

A finding is told in Thai and English, names its document and page where it has one, quotes the words it rests on and
says how sure it is. It changes no score by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.passages import DocumentKind
from models.text.offices import Office, office_of
from pipeline.blocks import Block, DocumentReading
from pipeline.drafts import Certainty, Finding, FindingKind, OtherPassage
from rubric import Rubric
from rubric.language import Bilingual

QUOTE = 300
HARMLESS = {
    "extension_wrong",
    "tracked_changes",
    "letters_unsure",
    "signed",
    "comments",
    "attachments",
    "pictures_read",
}
"""Problems of a reading that need no reviewer."""


@dataclass(frozen=True, slots=True)
class Held:
    """A document of the submission: its reading and its kind."""

    reading: DocumentReading
    kind: DocumentKind


@dataclass(frozen=True, slots=True)
class Submitted:
    """All that a detector may ask of one submission.

    Attributes:
        office: name as declared or inferred, ``""`` where none is known.
        round: months of the round, 6 or 12, None where unknown.
        mistakes: what is wrong in ``submission.yaml``.
        not_taken: what lies in the folder and was not opened.
    """

    documents: Sequence[Held]
    rubric: Rubric
    office: str = ""
    fiscal_year: int | None = None
    round: int | None = None
    mistakes: tuple[Bilingual, ...] = ()
    not_taken: tuple[Bilingual, ...] = ()

    @property
    def own(self) -> Office:
        """The office, parsed."""
        return office_of(self.office)

    def of_kind(self, *kinds: DocumentKind) -> Iterator[Held]:
        """Return the documents of these kinds."""
        return (held for held in self.documents if held.kind in kinds)


Detector = Callable[[Submitted], Iterable[Finding]]
"""A detector of one kind of finding (or of two that are told apart by one look)."""


def found(
    kind: FindingKind,
    message: Bilingual,
    document: str | None = None,
    block: Block | None = None,
    *,
    page: int | None = None,
    quote: str = "",
    longest: int = QUOTE,
    certainty: Certainty = "likely",
    subject: str = "",
    point: int | None = None,
    other: OtherPassage | None = None,
) -> Finding:
    """Return a finding; ``block`` gives page and quote where they are not given themselves.

    Args:
        subject: what it is about where no words can be quoted; must not change with the wording of the message.
    """
    return Finding(
        kind=kind,
        message=message.th,
        message_en=message.en,
        document=document,
        page=block.page if block else page,
        quote=(quote or (block.text if block else ""))[:longest],
        certainty=certainty,
        subject=subject,
        point=point,
        other=other,
    )
