"""A first look before the first visitor: statements, templates and the dictionary are made ready at the start.

What is compiled on first use (SQL, templates, the Thai dictionary) would otherwise cost the first reviewer half a second.
"""

from __future__ import annotations

from sqlalchemy import select

from pipeline.review.cases.case import load_case
from pipeline.review.pages.sheets import load_sheet
from pipeline.review.people.users import Person
from pipeline.review.queue.page import load_queue
from pipeline.review.queue.progress import load_progress
from pipeline.review.queue.selection import Filter
from pipeline.review.web.context import Context
from pipeline.review.web.render import environment
from pipeline.review.web.thai_breaks import breakable
from pipeline.store.tables import DraftRow

_NOBODY = Person(0, "", "", "admin", "", {})


def rehearse(context: Context) -> None:
    """Do once, for nobody, what the queue and a case do for a visitor; changes nothing."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
    breakable("สำนักงานเขตพื้นที่การศึกษา")
    with context.store.reading() as work:
        load_queue(work, _NOBODY, Filter())
        load_progress(work, _NOBODY)
        submission = work.scalar(select(DraftRow.submission_id).where(DraftRow.current.is_(True)).limit(1))
        if submission is None:
            return
        case = load_case(work, context.rubric_of, _NOBODY, submission)
        document = case.document(None)
        if document is not None:
            load_sheet(work, case, document, 1)
