"""All tables of the product's database, one module per noun; importing this package knows them all."""

from __future__ import annotations

from pipeline.store.tables.base import Base, Json, Moment, now
from pipeline.store.tables.batches import Batch, BatchItem
from pipeline.store.tables.claims import Claim, Run, Waiting
from pipeline.store.tables.deadlines import Deadline
from pipeline.store.tables.drafts import DraftPlace, DraftPointRow, DraftRow, EvidenceRow, FindingRow
from pipeline.store.tables.findings import CommonWording, FindingAct, KnownFinding
from pipeline.store.tables.learning import (
    ImportedCase,
    ModelEvent,
    ModelFile,
    ModelRow,
    Promotion,
    Setting,
    Training,
)
from pipeline.store.tables.letters import LetterAsk, LetterFile, LetterRow
from pipeline.store.tables.people import LoginAttempt, LoginSession, Token, User
from pipeline.store.tables.readings import BlockRow, IndexedReading, Reading
from pipeline.store.tables.remarks import Remark
from pipeline.store.tables.reviews import Assignment, Decision, Review, ReviewEvidence, ReviewPoint
from pipeline.store.tables.rounds import BatchPlan, Round
from pipeline.store.tables.sources import SourceLook
from pipeline.store.tables.submissions import Delivery, Document, SourceFile, Submission
from pipeline.store.tables.typed_texts import TypedText

__all__ = [
    "Assignment",
    "Base",
    "Batch",
    "BatchItem",
    "BatchPlan",
    "BlockRow",
    "Claim",
    "CommonWording",
    "Deadline",
    "Decision",
    "Delivery",
    "Document",
    "DraftPlace",
    "DraftPointRow",
    "DraftRow",
    "EvidenceRow",
    "FindingAct",
    "FindingRow",
    "ImportedCase",
    "IndexedReading",
    "Json",
    "KnownFinding",
    "LetterAsk",
    "LetterFile",
    "LetterRow",
    "LoginAttempt",
    "LoginSession",
    "ModelEvent",
    "ModelFile",
    "ModelRow",
    "Moment",
    "Promotion",
    "Reading",
    "Remark",
    "Review",
    "ReviewEvidence",
    "ReviewPoint",
    "Round",
    "Run",
    "Setting",
    "SourceFile",
    "SourceLook",
    "Submission",
    "Token",
    "Training",
    "TypedText",
    "User",
    "Waiting",
    "now",
]
