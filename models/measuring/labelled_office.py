"""Judging a labelled office exactly as screening judges a submission: predictions, rules, states, score."""

from __future__ import annotations

from models.judging.judged import Item, Judgement
from models.judging.judgement import judge
from models.labelled import LabelledOffice
from models.scoring.model import LoadedModel
from rubric import Rubric


def judge_office(rubric: Rubric, model: LoadedModel, office: LabelledOffice) -> Judgement:
    """Return the judgement of ``office`` under ``model``."""
    predictions = model.predict([row.passage for row in office.rows])
    items = [
        Item(row.document, row.position, row.passage, prediction)
        for row, prediction in zip(office.rows, predictions, strict=True)
    ]
    return judge(
        rubric, items, settings=model.judgement, fiscal_year=office.fiscal_year, office=office.office
    )
