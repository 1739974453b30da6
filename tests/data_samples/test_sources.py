"""The sources are sound: labels agree with the stated truth, all scores occur, nothing is said twice by accident."""

import re
from collections import Counter
from pathlib import Path

import pytest

from data_samples.make import SOURCE, rendered_blocks, submission_ids
from data_samples.render.filler import Filler
from data_samples.render.source import load_submission, read_blocks
from models.labelled import CORPUS, faults_of, load_office
from rubric import load_rubric

IDS = submission_ids()
RUBRIC = load_rubric("esa-2560-1.1")
COPIED_ON_PURPOSE = 2
LONG = 40


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", IDS)
def test_labels_agree_with_the_stated_points_and_score(name: str) -> None:
    assert faults_of(load_office(SOURCE / name, RUBRIC), RUBRIC) == []


def test_every_score_occurs() -> None:
    scores = [load_office(SOURCE / name, RUBRIC).score for name in IDS]
    assert set(scores) == {1, 2, 3, 4, 5}
    assert len(scores) == 6


@pytest.mark.parametrize("name", IDS)
def test_every_point_says_why(name: str) -> None:
    points = load_submission(SOURCE / name).meta["points"]
    assert all(points[number]["why"] for number in RUBRIC.numbers)


@pytest.mark.parametrize("role", ["practice", "intent", "restate", "negative"])
def test_every_role_occurs(role: str) -> None:
    labels = [
        label for name in IDS for row in load_office(SOURCE / name, RUBRIC).rows for label in row.labels
    ]
    assert any(label.role == role for label in labels)


def test_offices_share_only_what_was_copied_on_purpose() -> None:
    holders: dict[str, set[str]] = {}
    for name in IDS:
        for blocks in rendered_blocks(load_submission(SOURCE / name)).values():
            for block in blocks:
                if block.kind in ("p", "li", "caption") and len(block.text) >= LONG:
                    holders.setdefault(squeezed(block.text), set()).add(name)
    own_names = {squeezed(load_submission(SOURCE / name).meta["office"]) for name in IDS}
    shared = [text for text, names in holders.items() if len(names) > 1 and text not in own_names]
    assert len(shared) == COPIED_ON_PURPOSE


def test_no_labelled_passage_is_taken_from_the_training_corpus() -> None:
    learnt = {
        squeezed(line)
        for path in CORPUS.glob("*/*.txt")
        for line in path.read_text("utf-8").splitlines()
        if not line.startswith("@@")
    }
    taken = [
        block.text
        for name in IDS
        for document in load_submission(SOURCE / name).documents
        for block in read_blocks(document.path)
        if any(label["role"] == "practice" for label in block.labels) and squeezed(block.text) in learnt
    ]
    assert taken == []


@pytest.mark.parametrize("index", range(len(IDS)))
def test_fillers_begin_with_a_heading_and_are_the_same_each_time(index: int) -> None:
    first, again = Filler(index, len(IDS)).draw(150), Filler(index, len(IDS)).draw(150)
    assert first == again
    assert first[0].kind == "h3"
    assert not any(block.labels for block in first)


def test_offices_have_different_fillers() -> None:
    counted = Counter(squeezed(Filler(index, len(IDS)).draw(20)[3].text) for index in range(len(IDS)))
    assert len(counted) == len(IDS)


def test_a_malformed_label_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("ย่อหน้า\n\n@@ 2 practise\nย่อหน้า\n", "utf-8")
    with pytest.raises(ValueError, match=r"report\.txt:3"):
        read_blocks(path)
