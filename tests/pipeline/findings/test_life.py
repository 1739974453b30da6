"""The life of a finding by its rules: what keeps it dismissed, what opens it again, when it is fixed."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from pipeline.drafts import Finding
from pipeline.findings.finding_keys import Identity, identity_of
from pipeline.findings.finding_life import REASONS, Act, Acts, What, gone
from pipeline.findings.precision import Decided, Said, precision_of

AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
FILES = {"report.pdf": "a" * 64, "plan.pdf": "b" * 64}


def finding(quote: str = "สพป.ภูคีรี เขต 1 จัดประชุม", **given: object) -> Finding:
    values: dict[str, object] = {"kind": "other_office", "document": "report.pdf", "page": 3, **given}
    return Finding(message="ก", message_en="a", quote=quote, **values)  # type: ignore[arg-type]


def act(identity: Identity, quote: str, what: What = "dismissed") -> Act:
    return Act(identity, "other_office", None, quote, what, "wrong", "", "somchai", AT)


def test_a_renamed_file_and_other_blanks_keep_the_key() -> None:
    one = identity_of("s01", finding(), FILES)
    renamed = identity_of("s01", finding(document="ฉบับใหม่.pdf"), {"ฉบับใหม่.pdf": "a" * 64})
    spaced = identity_of("s01", finding("สพป.ภูคีรี  เขต ๑ จัดประชุม", page=4), FILES)
    assert one == renamed == spaced and len(one.key) == 16


def test_another_content_point_submission_or_kind_has_another_key() -> None:
    keys = {
        identity_of("s01", finding(), FILES).key,
        identity_of("s01", finding(), {**FILES, "report.pdf": "c" * 64}).key,
        identity_of("s01", finding(point=3), FILES).key,
        identity_of("s02", finding(), FILES).key,
        identity_of("s01", finding(kind="hidden_text"), FILES).key,
    }
    assert len(keys) == 5


def test_without_a_quote_page_and_subject_tell_findings_apart() -> None:
    pages = [finding("", kind="partly_unreadable", page=page, subject="lost") for page in (3, 4)]
    assert len({identity_of("s01", one, FILES).key for one in pages}) == 2
    worded = [finding("", subject="plan").model_copy(update={"message_en": text}) for text in ("a", "b")]
    assert len({identity_of("s01", one, FILES).key for one in worded}) == 1


def test_a_dismissal_holds_while_the_content_is_the_same() -> None:
    one = finding()
    identity = identity_of("s01", one, FILES)
    acts = Acts([act(identity, one.quote)])
    assert acts.standing(identity, one.kind, None, one.quote).state == "dismissed"


def test_a_dismissal_holds_where_another_reader_spells_a_word_otherwise() -> None:
    one = finding("สพป.ภูคีรี เขต 1 จัดประชุมผู้บริหารสถานศึกษาทุกแห่ง")
    other = finding("สพป.ภูคีรี เขต 1 จัดประชุมผู้บริหารสถานศึกษาทุกแหง")
    acts = Acts([act(identity_of("s01", one, FILES), one.quote)])
    reread = identity_of("s01", other, FILES)
    assert acts.standing(reread, other.kind, None, other.quote).state == "dismissed"
    apart = finding("สพม.นครวารี รับการประเมินรอบที่สอง")
    assert acts.standing(identity_of("s01", apart, FILES), apart.kind, None, apart.quote).state == "open"


def test_other_figures_are_another_finding() -> None:
    one = finding("โครงการพัฒนาระบบนิเทศ งบประมาณ 50,000 บาท", kind="numbers_disagree")
    other = finding("โครงการพัฒนาระบบนิเทศ งบประมาณ 60,000 บาท", kind="numbers_disagree")
    said = Act(
        identity_of("s01", one, FILES), one.kind, None, one.quote, "dismissed", "in_order", "", "somchai", AT
    )
    assert (
        Acts([said]).standing(identity_of("s01", other, FILES), other.kind, None, other.quote).state == "open"
    )


def test_a_changed_content_opens_again_and_says_so() -> None:
    one = finding()
    acts = Acts([act(identity_of("s01", one, FILES), one.quote)])
    changed = identity_of("s01", one, {"report.pdf": "d" * 64})
    standing = acts.standing(changed, one.kind, None, one.quote)
    assert standing.state == "open" and standing.note is not None
    assert (
        "somchai" in standing.note.en
        and "2026-11-30" in standing.note.en
        and "30/11/2569" in standing.note.th
    )


def test_a_person_opens_again() -> None:
    one = finding()
    identity = identity_of("s01", one, FILES)
    acts = Acts([act(identity, one.quote), act(identity, one.quote, "reopened")])
    assert acts.standing(identity, one.kind, None, one.quote).state == "open"


def test_what_is_made_no_longer_is_fixed_or_not_seen_again_and_never_closed_by_itself() -> None:
    identity = identity_of("s01", finding(), FILES)
    assert gone(identity, None, ["a" * 64], []) == "not_seen"
    assert gone(identity, None, ["c" * 64], []) == "fixed"
    assert gone(identity, act(identity, ""), ["c" * 64], []) == "dismissed"
    assert gone(identity, None, ["c" * 64], [identity.stem]) is None


def decided(kind: str, *said: Said) -> list[Decided]:
    return [Decided(kind, one, AT + dt.timedelta(hours=place)) for place, one in enumerate(said)]


def test_a_kind_mostly_dismissed_goes_quiet_after_thirty_decisions() -> None:
    poor = decided("odd_year", *["against"] * 16, *["for"] * 14)
    assert precision_of(poor)["odd_year"].quiet
    assert not precision_of(poor[:-1])["odd_year"].quiet
    fair = decided("same_file", *["against"] * 15, *["for"] * 15)
    record = precision_of(fair)["same_file"]
    assert (record.quiet, record.share, record.decided) == (False, 0.5, 30)


def test_what_is_true_but_of_no_bearing_is_right_and_still_makes_a_kind_quiet() -> None:
    assert {code for code, reason in REASONS.items() if not reason.true} == {"wrong"}
    one = precision_of(decided("odd_year", "idle"))["odd_year"]
    assert (one.right, one.decided, one.idle, one.share) == (1, 1, 1, 1.0)
    many = precision_of(decided("odd_year", *["idle"] * 16, *["for"] * 14))["odd_year"]
    assert many.quiet and many.right == 30


def test_what_stands_while_a_kind_is_quiet_does_not_make_it_loud_again() -> None:
    history = decided("odd_year", *["against"] * 20, *["stood"] * 10, *["stood"] * 200)
    assert precision_of(history)["odd_year"].quiet
    assert precision_of([*history, *decided("odd_year", *["for"] * 90)])["odd_year"].quiet is False


@given(st.permutations(decided("k", *["against"] * 9, *["stood"] * 8, *["for"] * 7)))
def test_the_order_in_which_decisions_are_read_does_not_matter(history: list[Decided]) -> None:
    assert precision_of(history)["k"].wrong == 9 and precision_of(history)["k"].right == 15


def test_every_reason_is_told_in_both_languages() -> None:
    assert all(reason.told.th and reason.told.en for reason in REASONS.values())
    assert any(not reason.against for reason in REASONS.values())
