"""Where each finding of all submissions stands, in one go: so that a page of them, and how many there are, is quickly told.

``pipeline.store.findings`` tells exactly where each finding of one submission stands. Here the same rules
(``pipeline.findings.finding_life``) are asked of all at once, in two parts that change at different times: which there
are (``load_all``), and which of them somebody dismissed (``load_dismissed``). Of each only numbers, kind and state are
loaded, some ten megabytes for a hundred thousand; ``stamp_of_findings`` says when a part has to be loaded anew. A test
holds that both ways agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy import func as sql
from sqlalchemy.orm import Session, aliased

from pipeline.drafts import FindingState
from pipeline.findings.finding_keys import Identity, content_of_all
from pipeline.findings.finding_life import OPEN, Acts, Standing
from pipeline.store.findings import Told, acts_of, bare_finding, known_finding
from pipeline.store.tables import Document, DraftRow, FindingAct, FindingRow, KnownFinding, Review, Submission

AT_ONCE = 1000
"""Deliveries asked for in one statement."""


class Place(NamedTuple):
    """Which finding: a row of a current draft, or of what is made no longer (``gone``), and where it stands."""

    gone: bool
    id: int
    state: FindingState


class Found(NamedTuple):
    """A finding; ``unless`` is where it stands unless somebody dismissed it."""

    gone: bool
    id: int
    kind: str
    unless: FindingState


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The numbers of what was dismissed last, of what is made now and of what is made no longer."""

    now: frozenset[int]
    gone: frozenset[int]

    def state(self, one: Found) -> FindingState:
        """Return where a finding stands."""
        return "dismissed" if one.id in (self.gone if one.gone else self.now) else one.unless


class Stamp(NamedTuple):
    """What changes whenever findings, acts on them, or finished reviews do."""

    findings: tuple[object, ...]
    acts: int
    reviews: tuple[object, ...]


def stamp_of_findings(session: Session) -> Stamp:
    """Return the stamp of what is stored now; by indexes alone, some milliseconds for a hundred thousand findings.

    Acts and drafts are only ever added. What the comparison of offices finds is replaced, under numbers that SQLite may
    give anew; but each finding that is made is noted with its time.
    """
    numbers = (
        select(sql.max(DraftRow.id)),
        select(sql.max(FindingRow.id)),
        select(sql.count()).select_from(FindingRow),
        select(sql.max(KnownFinding.last_seen_at)),
        select(sql.max(FindingAct.id)),
        select(sql.count(Review.finished_at)),
        select(sql.max(Review.finished_at)),
    )
    row = session.execute(select(*(one.scalar_subquery() for one in numbers))).one()
    return Stamp(tuple(row[:4]), row[4] or 0, tuple(row[5:]))


def load_all(session: Session) -> Mapping[int, Sequence[Found]]:
    """Return, by submission, every finding that is made now, then each that was made once."""
    made = (
        select(DraftRow.submission_id, FindingRow.id, FindingRow.kind)
        .join(DraftRow, DraftRow.id == FindingRow.draft_id)
        .where(DraftRow.current)
        .order_by(FindingRow.id)
    )
    found: defaultdict[int, list[Found]] = defaultdict(list)
    # past the session, which has nothing to do with so many bare numbers
    for owner, number, kind in session.connection().execute(made).all():
        found[owner].append(Found(False, number, kind, "open"))
    now = aliased(FindingRow)
    gone = session.execute(
        select(
            KnownFinding.submission_id,
            KnownFinding.id,
            KnownFinding.kind,
            KnownFinding.content,
            DraftRow.delivery_id,
        )
        .join(DraftRow, and_(DraftRow.submission_id == KnownFinding.submission_id, DraftRow.current))
        # neither made by the current draft nor, of changed content, in the place of one that was
        .where(~exists().where(now.draft_id == DraftRow.id, now.stem == KnownFinding.stem))
        .order_by(KnownFinding.id)
    ).all()
    contents = _contents(session, {delivery for *_, delivery in gone})
    for owner, number, kind, content, delivery in gone:
        there = content in contents.get(delivery, ())
        found[owner].append(Found(True, number, kind, "not_seen" if there else "fixed"))
    return found


def _contents(session: Session, deliveries: Iterable[int]) -> Mapping[int, set[str]]:
    """Return the contents that each delivery holds: of its documents, and of all together."""
    wanted = sorted(deliveries)
    shas: defaultdict[int, set[str]] = defaultdict(set)
    for start in range(0, len(wanted), AT_ONCE):
        documents = select(Document.delivery_id, Document.sha256).where(
            Document.delivery_id.in_(wanted[start : start + AT_ONCE])
        )
        for delivery, sha in session.execute(documents):
            shas[delivery].add(sha)
    return {delivery: {*held, content_of_all(held)} for delivery, held in shas.items()}


def load_dismissed(session: Session) -> Dismissed:
    """Return what is dismissed: looked up from the acts, which are few beside the findings."""
    later = aliased(FindingAct)
    said_since = exists().where(
        later.submission_id == FindingAct.submission_id,
        later.key == FindingAct.key,
        later.id > FindingAct.id,
    )
    said = (FindingAct.what == "dismissed", ~said_since)

    def acted(owner: Any, key: Any) -> ColumnElement[bool]:
        return and_(FindingAct.submission_id == owner, FindingAct.key == key)

    drafted = select(FindingRow.id).join(DraftRow, DraftRow.id == FindingRow.draft_id)
    made: Select[int] = drafted.join(FindingAct, acted(DraftRow.submission_id, FindingRow.key))
    ever = acted(KnownFinding.submission_id, KnownFinding.key)
    known: Select[int] = select(KnownFinding.id).join(FindingAct, ever).where(*said)
    now = session.scalars(made.where(DraftRow.current, *said))
    return Dismissed(frozenset([*now, *_reread(session)]), frozenset(session.scalars(known)))


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
            finding, name = known_finding(gone, one.state), names[gone.submission_id]
            found.append(Told(gone.submission_id, name, finding, standing, gone=True))
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
