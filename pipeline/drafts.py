"""The draft as others see it: typed models of the JSON that ``khetcheck export --format json`` writes.

Scripts of other offices, the benchmarks and the evaluation stand on these names, so this module is a border:
keys may be added, never renamed or dropped. Everything is frozen, and nothing in a draft depends on when or
how it was made (no times, no row numbers): two runs over the same files write the same bytes.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.passages import DocumentKind, Role
from pipeline.blocks import DocumentReadBy
from rubric.language import Bilingual, Language

FindingKind = Literal[
    "missing_document",
    "wrong_fiscal_year",
    "other_office",
    "foreign_document",
    "copied_text",
    "unreadable",
    "partly_unreadable",
    "not_read",
    "contradiction",
    "submission_file",
    "odd_year",
    "repeated_text",
    "same_file",
    "hidden_text",
    "lookalike_letters",
    "linked_evidence",
    "promised_absent",
    "numbers_disagree",
]
Certainty = Literal["certain", "likely", "possible"]
"""``certain``: read off the files. ``likely``: told by a rule that is seldom wrong. ``possible``: a hint to look at."""
FindingState = Literal["open", "dismissed", "fixed", "not_seen"]


class Frozen(BaseModel):
    """Base of all draft models: unchangeable, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sentence(Frozen):
    """A text in both languages, as it stands in JSON."""

    th: str
    en: str

    @classmethod
    def of(cls, text: Bilingual) -> Sentence:
        """Return the JSON form of ``text``."""
        return cls(th=text.th, en=text.en)

    def told(self, language: Language) -> str:
        """Return the text in ``language``."""
        return self.th if language == "th" else self.en


class Keyword(Frozen):
    """A lexicon entry found in an evidence text: ``text[start:end]``."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    term: str
    point: int | None = None
    cue: str | None = None


class Evidence(Frozen):
    """One block that speaks about a point.

    Attributes:
        document: the file's name as the office sent it.
        page: counts from 1; None for formats without pages.
        text: the block as read, never more than one block.
        facets: facets of the point that this block supports.
        boxes: ``(x0, y0, x1, y1)`` in PDF points, origin top left, one per line; empty for a docx.
        block: position of the block in its document's reading.
        keywords: lexicon entries found in ``text``, for the explanation.
        why: one sentence for the reviewer.
        read_confidence: how sure OCR is of the letters; None where they are the file's own.
        doubtful_numbers: numbers in the block that two looks of OCR read differently.
    """

    document: str
    page: int | None
    text: str
    role: Role
    facets: tuple[str, ...] = ()
    detail: bool = False
    probability: float = Field(ge=0, le=1)
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    block: int = Field(ge=0)
    keywords: tuple[Keyword, ...] = ()
    why: Sentence | None = None
    heading_path: tuple[str, ...] = ()
    table_header: str = ""
    read_by: Literal["text", "ocr"] = "text"
    read_confidence: float | None = Field(default=None, ge=0, le=1)
    doubtful_numbers: tuple[str, ...] = ()


class PointDraft(Frozen):
    """What the draft says of one point.

    Attributes:
        evidence: blocks of role ``practice`` that the draft takes as evidence, best first; then blocks of
            other roles about the point, which are shown and not counted.
        missing_facets: what no block of the evidence shows with detail, a part where only a part is missing;
            ``unsupported_detail``: those of them that are shown, but by no block with checkable detail.
        nearest_misses: for a point without evidence, the blocks that came closest.
        contradicted_by: blocks that speak against the evidence (promised or told, then cancelled).
        reason: one sentence saying why the point stands as it does.
    """

    point: int
    done: bool
    done_probability: float = Field(ge=0, le=1)
    clear: bool
    clear_probability: float = Field(ge=0, le=1)
    missing_facets: tuple[str, ...] = ()
    unsupported_detail: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    nearest_misses: tuple[Evidence, ...] = ()
    contradicted_by: tuple[Evidence, ...] = ()
    facet_probabilities: dict[str, float] = {}
    reason: Sentence | None = None


class OtherPassage(Frozen):
    """The passage on the other side of a likeness or a contradiction, for showing both beside each other."""

    submission: str = ""
    document: str | None = None
    page: int | None = None
    text: str = ""


class Finding(Frozen):
    """Something a reviewer should know beside the score.

    Attributes:
        message: in Thai; ``message_en`` is the same in English.
        document: file name, None where the whole submission is meant.
        quote: the words in the document that the finding rests on.
        key: the same for the same finding about the same content, however often it is read or judged; empty until
            the draft is put together.
        state: what people have said of it; ``note`` says so in both languages where it needs saying.
        certainty: how sure the detector is.
        subject: what it is about where nothing can be quoted.
        other: the passage on the other side.
    """

    kind: FindingKind
    message: str
    message_en: str
    document: str | None = None
    page: int | None = None
    quote: str = ""
    key: str = ""
    state: FindingState = "open"
    note: Sentence | None = None
    certainty: Certainty = "likely"
    point: int | None = None
    subject: str = ""
    other: OtherPassage | None = None


class Attention(Frozen):
    """Why a person should look at this draft first; ``code`` is stable and routes it in the queue."""

    code: str
    message: Sentence
    point: int | None = None


class DocumentOutcome(Frozen):
    """How one file was read; ``problem`` is None where all went well, several are joined by ``; ``."""

    file: str
    kind: DocumentKind
    pages: int | None
    sha256: str
    read_by: DocumentReadBy
    problem: str | None = None
    problem_en: str | None = None


class Draft(Frozen):
    """The draft for one submission.

    Attributes:
        score: the score with the least expected error; ``score_of_points`` is what the rubric's table gives
            for the points as drafted, and may differ.
        abstained: the model does not stand by the score; ``needs_attention`` says why.
        needs_attention: the reasons in Thai; ``attention`` has them in both languages with their codes.
        changes: what came with this delivery (docs/contract.md); None of a first one, and filled in exports alone.
    """

    submission: str
    office: str
    fiscal_year: int | None
    score: int
    score_probabilities: dict[str, float]
    needs_attention: tuple[str, ...] = ()
    documents: tuple[DocumentOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    points: tuple[PointDraft, ...] = ()
    province: str = ""
    rubric: str
    model: str
    reader: str
    score_of_points: int
    abstained: bool = False
    attention: tuple[Attention, ...] = ()
    changes: dict[str, Any] | None = None


class DraftsFile(Frozen):
    """The whole export: drafts sorted by submission."""

    rubric: str
    model: str
    drafts: tuple[Draft, ...]
