"""All tables of the product's database, one module per noun; importing this package knows them all."""

from __future__ import annotations

from pipeline.store.tables.base import Base, Json, Moment, now
from pipeline.store.tables.batches import Batch, BatchItem
from pipeline.store.tables.drafts import DraftPlace, DraftPointRow, DraftRow, EvidenceRow, FindingRow
from pipeline.store.tables.learning import ImportedCase, ModelEvent, ModelRow, Setting, Training
from pipeline.store.tables.people import LoginAttempt, LoginSession, Token, User
from pipeline.store.tables.readings import BlockRow, Reading
from pipeline.store.tables.reviews import Assignment, Decision, Review, ReviewEvidence, ReviewPoint
from pipeline.store.tables.submissions import Delivery, Document, SourceFile, Submission
from pipeline.store.tables.typed_texts import TypedText

__all__ = [
    "Assignment",
    "Base",
    "Batch",
    "BatchItem",
    "BlockRow",
    "Decision",
    "Delivery",
    "Document",
    "DraftPlace",
    "DraftPointRow",
    "DraftRow",
    "EvidenceRow",
    "FindingRow",
    "ImportedCase",
    "Json",
    "LoginAttempt",
    "LoginSession",
    "ModelEvent",
    "ModelRow",
    "Moment",
    "Reading",
    "Review",
    "ReviewEvidence",
    "ReviewPoint",
    "Setting",
    "SourceFile",
    "Submission",
    "Token",
    "Training",
    "TypedText",
    "User",
    "now",
]
