"""All findings of all submissions as one statement: so that a page of them, and how many there are, is asked of the database.

``pipeline.store.findings`` tells exactly where each finding of one submission stands, in Python. Here the same rules
(``pipeline.findings.finding_life``) are a statement over all of them. Two things no database can tell are looked up
first, both for few findings: whether another reader's spelling of a quote was dismissed, and whether all documents
together are still the same. A test holds that both ways agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Subquery,
    and_,
    case,
    exists,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import func as sql
from sqlalchemy.orm import Session, aliased

from pipeline.drafts import FindingState
from pipeline.findings.finding_keys import Identity, content_of_all
from pipeline.findings.finding_life import OPEN, Acts, Standing
from pipeline.store.findings import Told, acts_of, bare_finding, known_finding
from pipeline.store.tables import Document, DraftRow, FindingAct, FindingRow, KnownFinding, Submission


@dataclass(frozen=True, slots=True)
class Place:
    """Which finding: a row of a current draft, or of what is made no longer (``gone``), and where it stands."""

    gone: bool
    id: int
    state: FindingState


def all_findings(session: Session) -> Subquery:
    """Return every finding that is made now or was once: ``gone``, ``id``, ``submission_id``, ``kind``, ``state``."""
    reread = case((FindingRow.id.in_(_reread(session)), "dismissed"), else_="")
    said = sql.coalesce(_said_last(DraftRow.submission_id, FindingRow.key), reread)
    made = (
        select(
            literal(0).label("gone"),
            FindingRow.id.label("id"),
            DraftRow.submission_id.label("submission_id"),
            FindingRow.kind.label("kind"),
            case((said == "dismissed", "dismissed"), else_="open").label("state"),
        )
        .join(DraftRow, DraftRow.id == FindingRow.draft_id)
        .where(DraftRow.current)
    )
    delivered = exists().where(
        Document.delivery_id == DraftRow.delivery_id, Document.sha256 == KnownFinding.content
    )
    gone = (
        select(
            literal(1),
            KnownFinding.id,
            KnownFinding.submission_id,
            KnownFinding.kind,
            case(
                (
                    _said_last(KnownFinding.submission_id, KnownFinding.key) == "dismissed",
                    "dismissed",
                ),
                (or_(delivered, KnownFinding.id.in_(_of_the_same_whole(session))), "not_seen"),
                else_="fixed",
            ),
        )
        .join(DraftRow, and_(DraftRow.submission_id == KnownFinding.submission_id, DraftRow.current))
        .where(_made_no_longer())
    )
    return union_all(made, gone).subquery("all_findings")


def load_told(session: Session, places: Sequence[Place]) -> list[Told]:
    """Return the findings of some places, in their order, with what people said last of each."""
    made_ids = [one.id for one in places if not one.gone]
    made = {
        row.id: (row, owner)
        for row, owner in session.execute(
            select(FindingRow, DraftRow.submission_id)
            .join(DraftRow, DraftRow.id == FindingRow.draft_id)
            .where(FindingRow.id.in_(made_ids))
        )
    }
    known = {
        row.id: row
        for row in session.scalars(
            select(KnownFinding).where(KnownFinding.id.in_([one.id for one in places if one.gone]))
        )
    }
    owners = {owner for _, owner in made.values()} | {row.submission_id for row in known.values()}
    asked = select(Submission.id, Submission.name).where(Submission.id.in_(owners))
    names: dict[int, str] = dict(session.execute(asked).all())
    of_documents = [row.document_id for row, _ in made.values() if row.document_id]
    files: dict[int, str] = dict(
        session.execute(select(Document.id, Document.file).where(Document.id.in_(of_documents))).all()
    )
    acts = acts_of(session, owners)
    found = []
    for one in places:
        if one.gone:
            gone = known[one.id]
            mine = acts.get(gone.submission_id, Acts(()))
            standing = Standing(one.state, mine.last(gone.key))
            found.append(
                Told(gone.submission_id, names[gone.submission_id], known_finding(gone, one.state), standing)
            )
        else:
            row, owner = made[one.id]
            found.append(_told(row, owner, names[owner], files, acts.get(owner)))
    return found


def _told(row: FindingRow, owner: int, name: str, files: dict[int, str], acts: Acts | None) -> Told:
    finding = bare_finding(row, files)
    standing = OPEN
    if acts is not None and row.key:  # one stored before findings had keys was never acted on
        standing = acts.standing(Identity(row.stem, row.content), row.kind, row.point, row.quote)
    stands = {"key": row.key, "state": standing.state, "note": standing.note}
    return Told(owner, name, finding.model_copy(update=stands), standing, row.document_id)


def _said_last(submission: ColumnElement[int] | Any, key: ColumnElement[str] | Any) -> ScalarSelect[str]:
    """What people said last of a key: looked up for each, as the acts on one submission are few."""
    acts = select(FindingAct.what).where(FindingAct.submission_id == submission, FindingAct.key == key)
    return acts.order_by(FindingAct.id.desc()).limit(1).scalar_subquery()


def _made_no_longer() -> ColumnElement[bool]:
    """Neither made by the current draft nor, of changed content, in the place of one that was."""
    now = aliased(FindingRow)
    return ~exists().where(now.draft_id == DraftRow.id, now.stem == KnownFinding.stem)


def _reread(session: Session) -> list[int]:
    """Return the findings that nobody acted on, but on whose words in another reader's spelling somebody did."""
    own, other = aliased(FindingAct), aliased(FindingAct)
    rows: Sequence[Any] = session.execute(
        select(
            FindingRow.id,
            DraftRow.submission_id,
            FindingRow.stem,
            FindingRow.content,
            FindingRow.kind,
            FindingRow.point,
            FindingRow.quote,
        )
        .join(DraftRow, DraftRow.id == FindingRow.draft_id)
        .join(
            other,
            and_(
                other.submission_id == DraftRow.submission_id,
                other.content == FindingRow.content,
                # joined to nothing, so that no database goes through all of a kind for each finding or act
                other.kind.concat("") == FindingRow.kind.concat(""),
                other.key != FindingRow.key,
                other.what == "dismissed",
            ),
        )
        .where(
            DraftRow.current,
            FindingRow.quote != "",
            ~exists().where(own.submission_id == DraftRow.submission_id, own.key == FindingRow.key),
        )
        .distinct()
    ).all()
    acts = acts_of(session, {row.submission_id for row in rows}) if rows else {}
    return [
        row.id
        for row in rows
        if acts[row.submission_id]
        .standing(Identity(row.stem, row.content), row.kind, row.point, row.quote)
        .state
        == "dismissed"
    ]


def _of_the_same_whole(session: Session) -> list[int]:
    """Return what is made no longer and was about a submission as a whole whose documents are all the same still."""
    rows = session.execute(
        select(KnownFinding.id, KnownFinding.content, DraftRow.delivery_id)
        .join(DraftRow, and_(DraftRow.submission_id == KnownFinding.submission_id, DraftRow.current))
        .where(KnownFinding.document.is_(None), _made_no_longer())
    ).all()
    shas: dict[int, list[str]] = defaultdict(list)
    documents = select(Document.delivery_id, Document.sha256).where(
        Document.delivery_id.in_({delivery for _, _, delivery in rows})
    )
    for delivery, sha in session.execute(documents):
        shas[delivery].append(sha)
    wholes = {delivery: content_of_all(found) for delivery, found in shas.items()}
    return [number for number, content, delivery in rows if wholes.get(delivery) == content]
