"""The order itself, against its definition; and that an order made anew still comes to the lot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.learning.ordering.priority import AUDIT_EVERY, LIKE, NEW, Waiting, lot, novelty, order_waiting

shares = st.none() | st.sampled_from([0.0, 0.05, 0.1, 0.3])
cases = st.lists(
    st.tuples(
        st.sampled_from(["ก", "ข", "ค"]),
        st.sampled_from([0.0, 0.5, 1.0, 1.25, 3.0]),
        st.sampled_from([False, False, False, True]),
        shares,
    ),
    max_size=24,
).map(
    lambda rows: [
        Waiting(at, f"s{at:02}", like, 0.5, errors, 6 + errors, urgent, lot(f"s{at:02}"), unknown)
        for at, (like, errors, urgent, unknown) in enumerate(rows)
    ]
)


def by_definition(waiting: list[Waiting], start: int) -> list[tuple[str, str]]:
    """The order as docs/learning.md tells it, looking at every case for every place."""
    left, placed = list(waiting), []
    novel = dict(zip((one.name for one in waiting), novelty([one.unknown for one in waiting]), strict=True))
    while left:
        number = start + len(placed)

        def gain(one: Waiting) -> tuple[float, str]:
            before = sum(other.like == one.like for _, other in placed)
            return one.errors * (1 + NEW * novel[one.name]) / one.minutes * LIKE**before, one.name

        if urgent := [one for one in left if one.urgent]:
            reason, best = "urgent", max(urgent, key=lambda one: (one.errors, one.name))
        elif number % AUDIT_EVERY == AUDIT_EVERY - 1:
            reason, best = "audit", min(left, key=lambda one: (one.lot, one.name))
        else:
            best = max(left, key=gain)
            reason = "new" if novel[best.name] >= 1 else "gain"
        left.remove(best)
        placed.append((reason, best))
    return [(one.name, reason) for reason, one in placed]


@given(cases, st.integers(0, 9))
def test_the_order_is_the_one_that_is_told(waiting: list[Waiting], start: int) -> None:
    places = order_waiting(waiting, start)
    assert [(one.name, one.reason) for one in places] == by_definition(waiting, start)
    assert [one.number for one in places] == list(range(start, start + len(waiting)))


def test_whoever_takes_the_first_of_an_order_made_anew_each_time_meets_the_lot_at_every_fifth_case() -> None:
    waiting = [Waiting(n, f"s{n:02}", f"p{n}", 0.5, n / 10, 7.0, False, lot(f"s{n:02}")) for n in range(20)]
    reasons = []
    for taken in range(20):
        first = order_waiting(waiting, taken)[0]
        waiting = [one for one in waiting if one.submission_id != first.submission_id]
        reasons.append(first.reason)
    assert [at for at, reason in enumerate(reasons) if reason == "audit"] == [4, 9, 14, 19]


def test_submissions_whose_words_nobody_counted_do_not_make_others_look_new() -> None:
    assert novelty([0.2, 0.2, None, None, None, None]) == [0.0] * 6
