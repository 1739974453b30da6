"""All findings as one statement tell the same of each as the findings of one submission do, on both databases."""

import pytest
from sqlalchemy import select

from pipeline.drafts import Finding
from pipeline.store.all_findings import Place, Stamp, load_all, load_dismissed, load_told, stamp_of_findings
from pipeline.store.database import Store
from pipeline.store.drafts import replace_batch_findings
from pipeline.store.findings import act_on, list_findings
from pipeline.store.tables import DraftRow
from tests.pipeline.store.test_findings import ALIEN, drafted

WHOLE = Finding(kind="missing_document", message="ขาด", message_en="missing")
REREAD = ALIEN.model_copy(update={"quote": "สพป.ภูคีรี เขด 1"})
ELSEWHERE = ALIEN.model_copy(update={"quote": "ผลงานของโรงเรียนอีกแห่งหนึ่ง"})


def agreed(store: Store) -> list[tuple[str, str, str]]:
    """What both ways say: kind, state, and who said something last."""
    with store.reading() as session:
        dismissed = load_dismissed(session)
        found = [one for some in load_all(session).values() for one in some]
        told = load_told(session, [Place(one.gone, one.id, dismissed.state(one)) for one in found])
        shown = [(one.state, one.finding.kind) for one in told]
        assert shown == [(dismissed.state(one), one.kind) for one in found], "filtered by what is shown"
        exact = sorted((one.finding.key, one.finding.kind, one.state) for one in list_findings(session))
    assert sorted((one.finding.key, one.finding.kind, one.state) for one in told) == exact
    return sorted(
        (one.finding.kind, one.state, one.standing.act.who if one.standing.act else "") for one in told
    )


def act(store: Store, kind: str, what: str = "dismissed") -> None:
    with store.transaction() as session:
        key = next(one.finding.key for one in list_findings(session) if one.finding.kind == kind)
        act_on(session, key, what, who="malee", reason="wrong")  # type: ignore[arg-type]


def test_open_dismissed_and_opened_again(store: Store) -> None:
    assert agreed(store) == []
    drafted(store, findings=(ALIEN, WHOLE))
    assert agreed(store) == [("missing_document", "open", ""), ("other_office", "open", "")]
    act(store, "other_office")
    assert agreed(store)[1] == ("other_office", "dismissed", "malee")
    act(store, "other_office", "reopened")
    assert agreed(store)[1] == ("other_office", "open", "malee")


@pytest.mark.parametrize("dismissed", [False, True])
def test_what_is_made_no_longer(store: Store, dismissed: bool) -> None:
    drafted(store, findings=(ALIEN, WHOLE))
    if dismissed:
        act(store, "other_office")
    drafted(store, model="m2", findings=())
    states = {kind: state for kind, state, _ in agreed(store)}
    assert states == {
        "missing_document": "not_seen",
        "other_office": "dismissed" if dismissed else "not_seen",
    }
    drafted(store, files_key="k2", sha="c" * 64, findings=())
    states = {kind: state for kind, state, _ in agreed(store)}
    assert states == {"missing_document": "fixed", "other_office": "dismissed" if dismissed else "fixed"}


def test_a_changed_file_another_spelling_and_other_words(store: Store) -> None:
    drafted(store)
    act(store, "other_office")
    drafted(store, reader="2", findings=(REREAD, ELSEWHERE))
    states = [state for _, state, _ in agreed(store)]
    assert sorted(states) == ["dismissed", "dismissed", "open"], (
        "the first spelling, the second, and other words"
    )
    drafted(store, files_key="k2", sha="c" * 64)
    assert ("other_office", "open", "malee") in agreed(store)


def test_the_stamp_of_each_part_changes_with_it(store: Store) -> None:
    def stamp() -> Stamp:
        with store.reading() as session:
            return stamp_of_findings(session)

    before = stamp()
    drafted(store, findings=(ALIEN, WHOLE))
    with store.reading() as session:
        draft = session.scalars(select(DraftRow.id)).one()
    made = stamp()
    assert made.findings != before.findings and made == stamp()
    act(store, "other_office")
    acted = stamp()
    assert acted.acts != made.acts and acted.findings == made.findings
    with store.transaction() as session:
        replace_batch_findings(session, draft, (ELSEWHERE,))
    compared = stamp()
    assert compared.findings != acted.findings and compared.acts == acted.acts
    with store.transaction() as session:
        replace_batch_findings(session, draft, (REREAD,))
    assert stamp().findings != compared.findings, "as many as before, under the same numbers"
