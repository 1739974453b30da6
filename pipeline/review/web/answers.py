"""What the page gets back after an act: the cards it changed, the score as it forms, and words for a screen reader."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from pipeline.review.cases.case import Case, load_case
from pipeline.review.cases.reader_role import reader_role_of
from pipeline.review.decisions.acts import Act, StaleAct, has_others_since
from pipeline.review.decisions.history import last_acts
from pipeline.review.queue.final import waits_of
from pipeline.review.queue.standing import Standing, standing_of
from pipeline.review.web.act_request import ActRequest
from pipeline.review.web.context import Context
from pipeline.review.web.dates import clock
from pipeline.review.web.render import fragment
from pipeline.review.web.visitors import Visitor
from pipeline.store.tables import User, now

ON_THE_WHOLE = frozenset({"undo", "redo", "reveal", "finish"})
MOVES_STANDING = frozenset({"finish", "undo", "redo", "skip"})
"""Acts after which something else is told above the case. That it was skipped, the page takes away at any act by itself."""
MOVES_BOXES = frozenset({"added", "evidence", "undo", "redo"})


def answer(
    context: Context,
    visitor: Visitor,
    submission_id: int,
    point: int | None,
    kind: str,
    act: Act | None = None,
) -> dict[str, Any]:
    """Return what the page puts in place after an act on ``point`` (after undo and the like, on all of them).

    The answer tells the page the newest version, so it must also show what other pages decided up to it: an act that
    follows would otherwise pass for one that had seen them.
    """
    with context.store.reading() as work:
        role = reader_role_of(work, visitor.known, submission_id)
        others = act is not None and role.review is not None and has_others_since(work, role.review.id, act)
        whole = kind in ON_THE_WHOLE or others
        points = None if whole else () if point is None else (point,)
        case = load_case(work, context.rubric_of, visitor.known, submission_id, points)
        acts = last_acts(work, case.review.id) if case.review else []
        standing = _standing(context, work, visitor, case) if kind in MOVES_STANDING else None
        waits = standing.waits if standing else waits_of(work, [submission_id]).get(submission_id, "")
    pieces: dict[str, str] = {}
    for view in case.points:
        if whole or view.number == point:
            pieces[f"card-{view.number}"] = fragment(context, visitor, "card.html", case=case, view=view)
            if kind != "note" or others:
                pieces[f"panel-{view.number}"] = fragment(
                    context, visitor, "panel.html", case=case, view=view
                )
    pieces["outcome"] = fragment(context, visitor, "outcome.html", case=case)
    pieces["case-files"] = fragment(context, visitor, "case_files.html", case=case, waits=waits)
    pieces["last-acts"] = fragment(context, visitor, "last_acts.html", case=case, acts=acts)
    if standing is not None:
        pieces["standing"] = fragment(context, visitor, "standing.html", case=case, standing=standing)
    return {
        "version": case.version,
        "saved": clock(now()),
        "pieces": pieces,
        "announce": _announcement(context, visitor, case, point, kind, standing),
        "redraw": kind in MOVES_BOXES or others,
        "finished": kind == "finish" and case.finished,
        "reload": kind == "reveal" or (kind == "finish" and _was_nameless(case)),
    }


def conflict(
    context: Context, visitor: Visitor, submission_id: int, asked: ActRequest, stale: StaleAct
) -> dict[str, Any]:
    """Return both choices side by side; nothing was written."""
    theirs = stale.theirs
    with context.store.reading() as work:
        other = work.get(User, theirs.user_id)
    values = {
        "name": (other.display_name or other.name) if other else "",
        "theirs": theirs,
        "mine": asked,
        "same_person": theirs.user_id == visitor.known.id,
    }
    html = fragment(context, visitor, "conflict.html", submission_id=submission_id, **values)
    return {
        "conflict": html,
        "version": stale.version,
        "theirs": theirs.after,
        "same_person": values["same_person"],
    }


def _standing(context: Context, work: Session, visitor: Visitor, case: Case) -> Standing:
    person = visitor.known
    return standing_of(work, person, case, context.lookers.others_at(case.submission.id, person.id))


def _was_nameless(case: Case) -> bool:
    """Tell whether finishing has just brought the office's name to light: the whole page is shown anew."""
    return case.finished and case.review is not None and case.review.blind


def _announcement(
    context: Context, visitor: Visitor, case: Case, point: int | None, kind: str, standing: Standing | None
) -> str:
    """Return what happened in a sentence, for the live region."""
    say = context.texts.told
    view = next((view for view in case.points if view.number == point), None)
    if view is not None and view.state is not None:
        level = say(f"level.{view.state}", visitor.language)
        return say("announce.point", visitor.language, number=view.number, level=level)
    if kind == "finish" and standing and standing.after:
        told = say("announce.finish", visitor.language)
        return f"{told} {say(f'sent.{standing.after}', visitor.language)}"
    return say(
        f"announce.{kind}" if f"announce.{kind}" in context.texts.texts else "announce.saved",
        visitor.language,
    )
