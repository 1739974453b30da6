"""The life of findings in the store, on both databases: dismissals last, nothing is lost, acts cannot be changed."""

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pipeline.drafts import Draft, Finding
from pipeline.store import drafts
from pipeline.store.database import Store
from pipeline.store.findings import act_on, list_findings, precision_of_kinds, quiet_kinds
from pipeline.store.tables import FindingRow, KnownFinding, Review, User
from rubric.exceptions import NotFoundError, SettingsError
from tests import examples
from tests.pipeline.store.test_drafts import save

ALIEN = Finding(
    kind="other_office", message="ก", message_en="a", document="report.pdf", page=3, quote="สพป.ภูคีรี เขต 1"
)


def drafted(store: Store, files_key: str = "k1", sha: str = examples.SHA, **given: object) -> Draft:
    values: dict[str, object] = {"findings": (ALIEN,), **given}
    draft = examples.draft(**values)
    documents = tuple(
        one.model_copy(update={"sha256": sha}) if one.file == "report.pdf" else one for one in draft.documents
    )
    draft = draft.model_copy(update={"documents": documents})
    with store.transaction() as session:
        save(session, draft, files_key)
    return draft


def states(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(one.finding.kind, one.state) for one in list_findings(session)]


def key_of(store: Store) -> str:
    with store.reading() as session:
        return list_findings(session)[0].finding.key


def dismiss(store: Store, key: str, reason: str = "wrong") -> None:
    with store.transaction() as session:
        act_on(session, key, "dismissed", who="somchai", reason=reason, note="เป็นเขตพี่เลี้ยง")


def test_a_dismissal_survives_a_new_reader_a_new_model_and_the_same_files_again(store: Store) -> None:
    drafted(store)
    dismiss(store, key_of(store))
    drafted(store, model="m2")
    drafted(store, reader="2")
    drafted(store, files_key="k2", reader="2")
    assert states(store) == [("other_office", "dismissed")]
    with store.reading() as session:
        [draft] = drafts.load_drafts(session)
        assert (draft.findings[0].state, draft.findings[0].key) == ("dismissed", key_of(store))


def test_a_changed_file_opens_again_and_says_why(store: Store) -> None:
    drafted(store)
    dismiss(store, key_of(store))
    drafted(store, files_key="k2", sha="c" * 64)
    with store.reading() as session:
        [one] = list_findings(session)
        assert one.state == "open" and one.finding.note is not None and "somchai" in one.finding.note.th


def test_what_went_with_its_file_is_fixed_and_what_a_model_no_longer_says_is_not_seen(store: Store) -> None:
    drafted(store)
    drafted(store, model="m2", findings=())
    assert states(store) == [("other_office", "not_seen")]
    drafted(store, files_key="k2", sha="c" * 64, findings=())
    assert states(store) == [("other_office", "fixed")]
    with store.reading() as session:
        assert session.query(KnownFinding).count() == 1


def test_opening_again_keeps_the_dismissal_in_the_record(store: Store) -> None:
    drafted(store)
    key = key_of(store)
    dismiss(store, key)
    with store.transaction() as session:
        assert act_on(session, key, "reopened", who="malee").state == "open"
        assert act_on(session, key, "reopened", who="malee").state == "open"
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM finding_acts")).scalar() == 2


@pytest.mark.parametrize("change", ["UPDATE finding_acts SET reason = 'settled'", "DELETE FROM finding_acts"])
def test_the_database_refuses_to_change_an_act(store: Store, change: str) -> None:
    drafted(store)
    dismiss(store, key_of(store))
    with pytest.raises(DBAPIError), store.engine.begin() as connection:
        connection.execute(text(change))
    assert states(store) == [("other_office", "dismissed")]


def test_an_unknown_key_reason_or_nobody_is_refused_in_both_languages(store: Store) -> None:
    drafted(store)
    key = key_of(store)
    asked = (
        (NotFoundError, {"key": "0" * 16, "reason": "wrong", "who": "a"}),
        (SettingsError, {"key": key, "reason": "because", "who": "a"}),
        (SettingsError, {"key": key, "reason": "wrong", "who": " "}),
    )
    for kind, given in asked:
        with pytest.raises(kind) as caught, store.transaction() as session:
            act_on(session, given["key"], "dismissed", who=given["who"], reason=given["reason"])
        assert caught.value.told("th") != caught.value.told("en")


def test_a_finding_stored_before_keys_can_be_dismissed(store: Store) -> None:
    drafted(store)
    key = key_of(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE findings SET key = '', stem = '', content = ''"))
        connection.execute(text("DELETE FROM known_findings"))
    assert key_of(store) == key
    dismiss(store, key)
    assert states(store) == [("other_office", "dismissed")]


def finish(session: Session, number: int, draft_id: int, submission_id: int, at: dt.datetime) -> None:
    session.add(
        Review(
            submission_id=submission_id,
            draft_id=draft_id,
            user_id=number,
            kind="first",
            state="confirmed",
            finished_at=at,
        )
    )


def test_precision_counts_dismissals_against_and_what_stood_at_the_end_for_a_kind(store: Store) -> None:
    with store.transaction() as session:
        session.add(User(name="r", display_name="r", password_hash="x", role="reviewer", session_key="k"))
        session.flush()
        reviewer = session.query(User).one().id
        for number in range(40):
            row = save(session, examples.draft(f"s{number:02}", findings=(ALIEN,)))
            if number >= 20:
                finish(session, reviewer, row.id, row.submission_id, dt.datetime.now(dt.UTC))
    with store.reading() as session:
        keys = {one.submission: one.finding.key for one in list_findings(session)}
        assert precision_of_kinds(session)["other_office"].right == 20 and not quiet_kinds(session)
    for number in range(25):
        dismiss(store, keys[f"s{number:02}"], "irrelevant")
    with store.reading() as session:
        record = precision_of_kinds(session)["other_office"]
        assert (record.right, record.idle, record.quiet) == (40, 25, True), "true, yet not worth a look"
        assert record.wrong == 0 and record.share == 1
        assert quiet_kinds(session) == {"other_office"}
        assert session.query(FindingRow).count() == 40
