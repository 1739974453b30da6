"""The life of findings in the store: what was found over all drafts, and what people said of it.

The rules are ``pipeline.findings.finding_life``; here they are given what is stored. Acts are only ever added.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.drafts import Finding, FindingState, OtherPassage
from pipeline.findings.finding_keys import Identity, content_of_all, identity_of
from pipeline.findings.finding_life import REASONS, Act, Acts, Standing, What, gone
from pipeline.findings.precision import Decided, Precision, may_be_quiet, precision_of
from pipeline.store.tables import (
    Document,
    DraftRow,
    FindingAct,
    FindingRow,
    KnownFinding,
    Review,
    Submission,
    User,
    now,
)
from rubric.exceptions import NotFoundError, SettingsError
from rubric.language import Bilingual

AGAINST = tuple(reason.code for reason in REASONS.values() if reason.against)


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with where it stands; ``document_id`` is None where it is of no document, or made no longer (``gone``)."""

    submission_id: int
    submission: str
    finding: Finding
    standing: Standing
    document_id: int | None = None
    gone: bool = False

    @property
    def state(self) -> FindingState:
        """Where it stands."""
        return self.standing.state


def acts_of(session: Session, submission_ids: Collection[int] | None = None) -> dict[int, Acts]:
    """Return the acts of each submission, only of those named where some are."""
    query = select(FindingAct).order_by(FindingAct.id)
    if submission_ids is not None:
        query = query.where(FindingAct.submission_id.in_(submission_ids))
    found: dict[int, list[Act]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.submission_id].append(_act(row))
    return {submission: Acts(acts) for submission, acts in found.items()}


def finding_of(row: FindingRow, submission: str, documents: Sequence[Document], acts: Acts | None) -> Finding:
    """Return the finding of a row, with its key and where it stands."""
    finding = bare_finding(row, {document.id: document.file for document in documents})
    identity = Identity(row.stem, row.content)
    if not row.key:  # stored before findings had keys
        identity = identity_of(submission, finding, {one.file: one.sha256 for one in documents})
    standing = acts.standing(identity, finding.kind, finding.point, finding.quote) if acts else None
    return finding.model_copy(
        update={
            "key": identity.key,
            "state": standing.state if standing else "open",
            "note": standing.note if standing else None,
        }
    )


def findings_now(session: Session, draft_id: int) -> list[Told]:
    """Return what a draft says, each with where it stands, in its order."""
    draft = session.get_one(DraftRow, draft_id)
    name = session.get_one(Submission, draft.submission_id).name
    documents = session.scalars(select(Document).where(Document.delivery_id == draft.delivery_id)).all()
    acts = acts_of(session, [draft.submission_id]).get(draft.submission_id)
    rows = session.scalars(select(FindingRow).where(FindingRow.draft_id == draft_id).order_by(FindingRow.id))
    return [_told(draft.submission_id, name, row, documents, acts) for row in rows]


def list_findings(
    session: Session,
    submission: str | None = None,
    kind: str | None = None,
    state: FindingState | None = None,
) -> list[Told]:
    """Return the findings of all current drafts and those made no longer, by submission.

    Raises:
        NotFoundError: there is no such submission.
    """
    query = select(Submission.id, Submission.name, DraftRow.id).join(DraftRow).where(DraftRow.current)
    if submission is not None:
        query = query.where(Submission.name == submission)
    found: list[Told] = []
    rows = session.execute(query.order_by(Submission.name)).all()
    if submission is not None and not rows:
        raise NotFoundError(
            Bilingual(f"ไม่มีร่างของชุดเอกสาร {submission}", f"There is no draft of submission {submission}.")
        )
    for submission_id, name, draft_id in rows:
        made = findings_now(session, draft_id)
        found += [*made, *_gone(session, submission_id, name, draft_id, made)]
    return [one for one in found if kind in (None, one.finding.kind) and state in (None, one.state)]


def act_on(
    session: Session,
    key: str,
    what: What,
    *,
    who: str,
    reason: str = "",
    note: str = "",
    submission_id: int | None = None,
    user_id: int | None = None,
    at: dt.datetime | None = None,
) -> Told:
    """Dismiss a finding or open it again; returns it as it stands then. Saying the same twice adds nothing.

    Raises:
        NotFoundError: there is no such finding. SettingsError: no such reason, or nobody is named.
    """
    if what == "dismissed" and reason not in REASONS:
        raise SettingsError(
            Bilingual(f"ไม่มีเหตุผล {reason}", f"There is no reason {reason}."),
            Bilingual(f"ใช้ {', '.join(REASONS)}", f"Use {', '.join(REASONS)}."),
        )
    if not who.strip():
        raise SettingsError(
            Bilingual("ต้องระบุว่าใครเป็นผู้ตัดสิน", "It must be said who decides."),
            Bilingual("ใส่ชื่อด้วย --by", "Give a name with --by."),
        )
    known = _known(session, key.strip().lower(), submission_id)
    last = acts_of(session, [known.submission_id]).get(known.submission_id, Acts(())).last(known.key)
    asked = (what, reason if what == "dismissed" else "", note.strip())
    nothing_to_open = what == "reopened" and last is None
    if not nothing_to_open and (last is None or (last.what, last.reason, last.note) != asked):
        session.add(
            FindingAct(
                submission_id=known.submission_id,
                stem=known.stem,
                content=known.content,
                key=known.key,
                kind=known.kind,
                point=known.point,
                quote=known.quote,
                what=what,
                reason=asked[1],
                note=asked[2],
                who=who.strip(),
                user_id=user_id or session.scalar(select(User.id).where(User.name == who.strip().lower())),
                at=at or now(),
            )
        )
        session.flush()
    name = session.get_one(Submission, known.submission_id).name
    return next(one for one in list_findings(session, name) if one.finding.key == known.key)


def remember(session: Session, submission_id: int, draft_id: int, rows: Iterable[FindingRow]) -> None:
    """Note that these findings of a draft were made, each key once."""
    made = {row.key: row for row in rows}
    before = {
        known.key: known
        for known in session.scalars(
            select(KnownFinding).where(
                KnownFinding.submission_id == submission_id, KnownFinding.key.in_(made)
            )
        )
    }
    asked = select(Document.id, Document.file).where(
        Document.id.in_([row.document_id for row in made.values() if row.document_id])
    )
    files: dict[int, str] = dict(session.execute(asked).all())
    for key, row in made.items():
        if key in before:
            before[key].last_seen_at, before[key].draft_id = now(), draft_id
            continue
        session.add(
            KnownFinding(
                submission_id=submission_id,
                draft_id=draft_id,
                key=key,
                stem=row.stem,
                content=row.content,
                kind=row.kind,
                point=row.point,
                document=files.get(row.document_id or 0),
                page=row.page,
                quote=row.quote,
                message_th=row.message_th,
                message_en=row.message_en,
                certainty=row.certainty,
            )
        )
    session.flush()


def precision_of_kinds(session: Session) -> Mapping[str, Precision]:
    """Return the record of each kind that anything was decided about."""
    decided: dict[tuple[int, str], Decided] = {}
    finished = select(FindingRow.kind, FindingRow.key, Review.submission_id, Review.finished_at).join(
        Review, Review.draft_id == FindingRow.draft_id
    )
    for kind, key, submission_id, at in session.connection().execute(
        finished.where(
            Review.finished_at.is_not(None), Review.kind != "second", FindingRow.key != ""
        ).order_by(Review.finished_at.desc())
    ):
        if at is not None:
            decided[submission_id, key] = Decided(kind, "stood", at)  # the earliest, which comes last
    asked = select(
        FindingAct.submission_id,
        FindingAct.key,
        FindingAct.kind,
        FindingAct.what,
        FindingAct.reason,
        FindingAct.at,
    )
    for act in session.connection().execute(asked.order_by(FindingAct.id)):
        one = (act.submission_id, act.key)
        if act.what == "reopened":
            decided[one] = Decided(act.kind, "for", act.at)
        elif act.reason in AGAINST:
            decided[one] = Decided(act.kind, "idle" if REASONS[act.reason].true else "against", act.at)
        elif act.reason == "duplicate":
            decided.pop(one, None)  # says nothing of its kind
        else:
            decided[one] = Decided(act.kind, "for", act.at)
    return precision_of(decided.values())


def quiet_kinds(session: Session) -> frozenset[str]:
    """Return the kinds that went quiet; a glance where too little was ever dismissed for one."""
    wrong = session.execute(
        select(FindingAct.kind, func.count()).where(FindingAct.reason.in_(AGAINST)).group_by(FindingAct.kind)
    )
    if not any(may_be_quiet(count) for _, count in wrong):
        return frozenset()
    return frozenset(kind for kind, record in precision_of_kinds(session).items() if record.quiet)


def _known(session: Session, key: str, submission_id: int | None) -> KnownFinding:
    query = select(KnownFinding).where(KnownFinding.key == key)
    if submission_id is not None:
        query = query.where(KnownFinding.submission_id == submission_id)
    known = session.scalar(query)
    if known is None and (row := _stored_before(session, key, submission_id)) is not None:
        known = row
    if known is None:
        raise NotFoundError(
            Bilingual(f"ไม่มีข้อสังเกตรหัส {key}", f"There is no finding {key}."),
            Bilingual("ดูรหัสด้วย khetcheck findings list", "See the keys with khetcheck findings list."),
        )
    return known


def _stored_before(session: Session, key: str, submission_id: int | None) -> KnownFinding | None:
    """Make known a finding of a draft that was stored before findings had keys."""
    query = (
        select(DraftRow.id, DraftRow.submission_id)
        .join(FindingRow)
        .where(DraftRow.current, FindingRow.key == "")
    )
    if submission_id is not None:
        query = query.where(DraftRow.submission_id == submission_id)
    for draft_id, owner in session.execute(query.distinct()).all():
        if any(told.finding.key == key for told in findings_now(session, draft_id)):
            give_keys(session, draft_id)
            return session.scalar(
                select(KnownFinding).where(KnownFinding.submission_id == owner, KnownFinding.key == key)
            )
    return None


def give_keys(session: Session, draft_id: int) -> None:
    """Give the findings of a draft their keys where they have none, and note that they were made."""
    draft = session.get_one(DraftRow, draft_id)
    name = session.get_one(Submission, draft.submission_id).name
    documents = session.scalars(select(Document).where(Document.delivery_id == draft.delivery_id)).all()
    files, shas = {one.id: one.file for one in documents}, {one.file: one.sha256 for one in documents}
    rows = session.scalars(select(FindingRow).where(FindingRow.draft_id == draft_id)).all()
    for row in rows:
        if not row.key:
            identity = identity_of(name, bare_finding(row, files), shas)
            row.stem, row.content, row.key = identity.stem, identity.content, identity.key
    session.flush()
    remember(session, draft.submission_id, draft_id, rows)


def _gone(session: Session, submission_id: int, name: str, draft_id: int, made: Sequence[Told]) -> list[Told]:
    keys = {one.finding.key for one in made}
    rows = session.scalars(
        select(KnownFinding).where(KnownFinding.submission_id == submission_id).order_by(KnownFinding.id)
    ).all()
    missing = [row for row in rows if row.key not in keys]
    if not missing:
        return []
    draft = session.get_one(DraftRow, draft_id)
    documents = session.scalars(select(Document).where(Document.delivery_id == draft.delivery_id)).all()
    shas = {one.file: one.sha256 for one in documents}
    whole = content_of_all(shas.values())
    stems = {row.stem for row in rows if row.key in keys}
    acts = acts_of(session, [submission_id]).get(submission_id, Acts(()))
    found = []
    for row in missing:
        last = acts.last(row.key)
        state = gone(Identity(row.stem, row.content), last, [*shas.values(), whole], stems)
        if state is not None:
            standing = Standing(state, last)
            found.append(Told(submission_id, name, known_finding(row, state), standing, gone=True))
    return found


def _told(
    submission_id: int, name: str, row: FindingRow, documents: Sequence[Document], acts: Acts | None
) -> Told:
    finding = finding_of(row, name, documents, acts)
    act = acts.last(finding.key) if acts else None
    return Told(submission_id, name, finding, Standing(finding.state, act, finding.note), row.document_id)


def bare_finding(row: FindingRow, files: Mapping[int, str]) -> Finding:
    """Return the finding of a row without its key and where it stands."""
    return Finding(
        kind=row.kind,  # type: ignore[arg-type]
        message=row.message_th,
        message_en=row.message_en,
        document=files.get(row.document_id or 0),
        page=row.page,
        quote=row.quote,
        certainty=row.certainty,  # type: ignore[arg-type]
        point=row.point,
        subject=row.subject,
        other=OtherPassage.model_validate(row.other) if row.other else None,
    )


def known_finding(row: KnownFinding, state: FindingState) -> Finding:
    """Return a finding that is made no longer, as it was first told."""
    return Finding(
        kind=row.kind,  # type: ignore[arg-type]
        message=row.message_th,
        message_en=row.message_en,
        document=row.document,
        page=row.page,
        quote=row.quote,
        key=row.key,
        state=state,
        certainty=row.certainty,  # type: ignore[arg-type]
        point=row.point,
    )


def _act(row: FindingAct) -> Act:
    return Act(
        Identity(row.stem, row.content),
        row.kind,
        row.point,
        row.quote,
        row.what,  # type: ignore[arg-type]
        row.reason,
        row.note,
        row.who,
        row.at,
    )
