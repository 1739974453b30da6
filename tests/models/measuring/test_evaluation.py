"""Drafts held against the truth: matching forgives reading errors, not whole pages; nothing drafted is wrong."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from models.labelled import Label, PointState
from models.measuring.evaluation import SaidDraft, SaidEvidence, SaidPoint, draft_of_json, evaluate
from models.measuring.gold import GoldBlock, GoldSubmission, best_match, grams_of, load_gold, shared
from rubric.exceptions import CorpusError
from tests.needs import measuring_set

TEXT = "ผอ.เขตประชุมติดตามเป้าหมายกับหัวหน้ากลุ่มทุกวันจันทร์ รวม 11 ครั้ง"
OTHER = "เพจของเขตมีผู้ติดตาม 9,862 ราย เพิ่มขึ้นจากปีก่อน"


def gold(*blocks: GoldBlock, done: bool = True, clear: bool = False, score: int = 1) -> GoldSubmission:
    return GoldSubmission("d1", blocks, {1: PointState(done, clear)}, score)


def draft(*evidence: SaidEvidence, done: bool = True, clear: bool = False, score: int = 1) -> SaidDraft:
    return SaidDraft("d1", score, 0.8, False, {1: SaidPoint(done, clear, 0.9, 0.2, evidence)})


def said(text: str, facets: tuple[str, ...] = ("a",), role: str = "practice") -> SaidEvidence:
    return SaidEvidence(text, role, facets, True, 0.9)


BLOCK = GoldBlock(TEXT, (Label(1, "practice", ("a",), True),))


def test_small_reading_errors_still_match() -> None:
    assert shared(grams_of(TEXT), grams_of(TEXT.replace(" ", "").replace("ติด", "ตด"))) > 0.5
    assert shared(grams_of("ดําเนินการ"), grams_of("ดำเนินการ")) == 1


def test_a_page_is_no_match_for_a_passage() -> None:
    assert shared(grams_of(TEXT), grams_of(TEXT + OTHER * 6)) == 0
    assert best_match(grams_of(TEXT), [grams_of(OTHER), grams_of(TEXT)]) == 1
    assert best_match(grams_of(TEXT), [grams_of(OTHER)]) is None


def test_full_agreement() -> None:
    found = evaluate([gold(BLOCK)], [draft(said(TEXT))]).figures
    for name in (
        "evidence_recall",
        "evidence_precision",
        "facet_f1",
        "done_accuracy",
        "judgements",
        "score_exact",
    ):
        assert found[name].value == 1, name


def test_wrong_evidence_facets_and_states_are_counted() -> None:
    result = evaluate(
        [gold(BLOCK, clear=True, score=3)],
        [draft(said(TEXT, ("a", "b")), said(OTHER), said(OTHER, role="intent"))],
    )
    assert result.figures["evidence_precision"].value == 0.5
    assert result.figures["facet_f1"].value == pytest.approx(2 / 3)
    assert result.figures["clear_accuracy"].value == 0
    assert result.figures["score_within_1"].value == 0
    assert result.rows[0]["wrong"] == ["1 clear-"]


def test_a_submission_without_a_draft_is_wrong_and_named() -> None:
    result = evaluate([gold(BLOCK)], [])
    assert result.missing == ("d1",)
    assert result.figures["evidence_recall"].value == 0
    assert result.figures["score_exact"].value == 0


def test_the_contracts_json_is_read() -> None:
    read = draft_of_json(
        {
            "submission": "d1", "score": 4, "score_probabilities": {"4": 0.6},
            "points": [{"point": 1, "done": True, "clear": False, "evidence": [{"text": TEXT, "facets": ["a"]}]}],
        }
    )  # fmt: skip
    assert read.confidence == 0.6
    assert read.points[1].evidence[0].role == "practice"


@pytest.mark.parametrize(
    "content",
    ["{", "{}", '{"points": {"1": {}}, "score": 1, "blocks": []}'],
    ids=["not json", "empty", "no states"],
)
def test_a_malformed_gold_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "d1").mkdir()
    (tmp_path / "d1" / "gold.json").write_text(content, "utf-8")
    with pytest.raises(CorpusError, match="d1"):
        load_gold(tmp_path)
    with pytest.raises(CorpusError):
        load_gold(tmp_path / "nowhere")


@pytest.mark.measure
def test_the_figures_are_those_of_the_shared_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = measuring_set("gold-dev/gold")
    monkeypatch.syspath_prepend(str(folder.parents[1]))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    import evaluate as theirs

    truth = load_gold(folder)
    drafts: list[dict[str, Any]] = []
    for one in truth:
        points = [
            {
                "point": number, "done": True, "clear": number % 2 == 0,
                "evidence": [{"text": b.text[: 400 if i % 3 else 30]} for i, b in enumerate(one.blocks) if i % 4],
            }
            for number in one.points
        ]  # fmt: skip
        drafts.append({"submission": one.id, "score": 3, "points": points})
    expected = theirs.evaluate(folder, json.loads(json.dumps({"drafts": drafts})))
    ours = evaluate(truth, [draft_of_json(one) for one in drafts], rounds=2).figures
    for name in ("evidence_recall", "evidence_precision", "done_accuracy", "clear_accuracy", "score_exact"):
        assert ours[name].value == pytest.approx(expected[name]), name
