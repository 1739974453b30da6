"""Drift: is this batch like the ones before? Each figure against a reference, with an alarm that says why.

An alarm needs two things: the difference cannot well be chance (tests corrected for their number, Holm), and it is large
enough to matter. A batch in a new style, of worse scans, or read by tired people shows here before it shows in the results.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

from scipy.stats import chi2_contingency
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.text.tokenizer import masked_words
from pipeline.learning.lead_figures import Drift, Figure
from pipeline.store.tables import (
    Batch,
    BlockRow,
    Document,
    DraftPointRow,
    DraftRow,
    Review,
    ReviewPoint,
)
from rubric.scoring import state_of

CHANCE = 0.01
LEAST_GAP = 0.10
"""Shares must differ by at least this much."""
LEAST_DRAFTS = 10
SAMPLED = 4000
"""Blocks whose words are looked at."""


def drift_of(
    session: Session, batch: int, reference: Sequence[int] = (), vocabulary: Collection[str] = ()
) -> Drift:
    """Compare a batch with a reference.

    Args:
        reference: batches to compare with; all earlier ones where none is named.
        vocabulary: words the model knows; without it new words are not counted.
    """
    chosen = tuple(reference) or tuple(
        session.scalars(select(Batch.id).where(Batch.id < batch).order_by(Batch.id))
    )
    here, there = _counts(session, [batch], vocabulary), _counts(session, chosen, vocabulary)
    figures = [
        figure_of(name, here[0][name], here[1][name], there[0][name], there[1][name])
        for name in sorted(set(here[1]) | set(there[1]))
    ]
    enough = here[1]["abstained"] >= LEAST_DRAFTS and there[1]["abstained"] >= LEAST_DRAFTS
    shown = tuple(with_alarms(figures) if enough else figures)
    return Drift(batch, chosen, here[1]["abstained"], shown, enough, LEAST_DRAFTS)


def figure_of(name: str, part: int, whole: int, before_part: int, before_whole: int) -> Figure:
    """Return the figure with the probability that chance alone makes such a difference (chi-square, 2 x 2)."""
    table = [[part, whole - part], [before_part, before_whole - before_part]]
    if (
        not whole
        or not before_whole
        or not (part + before_part)
        or part + before_part == whole + before_whole
    ):
        return Figure(name, part, whole, before_part, before_whole, 1.0)
    return Figure(name, part, whole, before_part, before_whole, float(chi2_contingency(table).pvalue))


def with_alarms(figures: Sequence[Figure]) -> list[Figure]:
    """Ring where a difference is beyond chance after Holm's correction, and large."""
    ranked = sorted(range(len(figures)), key=lambda i: figures[i].chance)
    ringing: set[int] = set()
    for rank, index in enumerate(ranked):
        if figures[index].chance > CHANCE / (len(figures) - rank):
            break
        if abs(figures[index].share - figures[index].before) >= LEAST_GAP:
            ringing.add(index)
    return [
        Figure(f.name, f.part, f.whole, f.before_part, f.before_whole, f.chance, index in ringing)
        for index, f in enumerate(figures)
    ]


def _counts(
    session: Session, batches: Sequence[int], vocabulary: Collection[str]
) -> tuple[Counter[str], Counter[str]]:
    """Name of the figure -> part, and -> whole, over the drafts of these batches."""
    part: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    drafts = session.execute(
        select(DraftRow.id, DraftRow.delivery_id, DraftRow.score, DraftRow.abstained).where(
            DraftRow.batch_id.in_(batches)
        )
    ).all()
    whole["abstained"] = len(drafts)
    part["abstained"] = sum(bool(draft.abstained) for draft in drafts)
    for score in range(1, 6):
        whole[f"score:{score}"] = len(drafts)
        part[f"score:{score}"] = sum(draft.score == score for draft in drafts)
    _count_documents(session, [draft.delivery_id for draft in drafts], part, whole, vocabulary)
    _count_overrides(session, [draft.id for draft in drafts], part, whole)
    return part, whole


def _count_documents(
    session: Session,
    deliveries: Sequence[int],
    part: Counter[str],
    whole: Counter[str],
    vocabulary: Collection[str],
) -> None:
    readings = []
    for document in session.scalars(select(Document).where(Document.delivery_id.in_(deliveries))):
        read_by = document.outcome.get("read_by", "")
        whole.update(("ocr", "unreadable"))
        part["ocr"] += read_by in ("ocr", "mixed")
        part["unreadable"] += read_by == "failed"
        if document.reading_id is not None:
            readings.append(document.reading_id)
    if not vocabulary or not readings:
        return
    known = vocabulary if isinstance(vocabulary, (set, frozenset)) else set(vocabulary)
    count = (
        session.scalar(select(func.count()).select_from(BlockRow).where(BlockRow.reading_id.in_(readings)))
        or 0
    )
    stride = max(1, math.ceil(count / SAMPLED))
    texts = session.scalars(
        select(BlockRow.text)
        .where(BlockRow.reading_id.in_(readings), BlockRow.position % stride == 0)
        .order_by(BlockRow.reading_id, BlockRow.position)
    )
    for text in texts:
        words = masked_words(text)
        whole["new_words"] += len(words)
        part["new_words"] += sum(word not in known for word in words)


def _count_overrides(
    session: Session, drafts: Sequence[int], part: Counter[str], whole: Counter[str]
) -> None:
    rows = session.execute(
        select(DraftPointRow, ReviewPoint.state)
        .join(Review, Review.draft_id == DraftPointRow.draft_id)
        .join(ReviewPoint, (ReviewPoint.review_id == Review.id) & (ReviewPoint.point == DraftPointRow.point))
        .where(
            DraftPointRow.draft_id.in_(drafts),
            Review.finished_at.is_not(None),
            ReviewPoint.state.is_not(None),
        )
    )
    for drafted, state in rows:
        said = state_of(drafted.done, drafted.clear)
        whole[f"override:{drafted.point}"] += 1
        part[f"override:{drafted.point}"] += said != state
