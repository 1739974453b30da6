"""Which passages may be alike: what is left out to save memory changes nothing of what is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.findings.likeness import candidates as module
from pipeline.findings.likeness.candidates import Marked, candidates
from pipeline.findings.likeness.fingerprints import Prints

PASSAGES = st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True), min_size=1, max_size=6)


def marked(documents: list[list[list[int]]], evidence: int) -> Marked:
    """Each document that of an office of its own, the first passages evidence."""
    prints = [
        Prints(
            np.arange(len(passages), dtype=np.uint32),
            np.cumsum([len(marks) for marks in passages]).astype(np.uint32),
            np.array([mark for marks in passages for mark in sorted(marks)], np.uint32),
        )
        for passages in documents
    ]
    numbers = list(range(len(prints)))
    return Marked.of(prints, numbers, numbers, [frozenset(range(evidence))] * len(prints))


@given(st.lists(PASSAGES, min_size=1, max_size=6), st.integers(0, 3), st.sets(st.integers(1, 45), max_size=6))
def test_marks_of_one_passage_alone_change_nothing(
    documents: list[list[list[int]]], evidence: int, registered: set[int]
) -> None:
    known = np.array(sorted(registered), np.uint32)
    made = marked(documents, evidence)
    told = candidates(made, 3, known)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_several", lambda mark, owner, _: (mark, owner))
        whole = candidates(made, 3, known)
    assert told.pairs.tolist() == whole.pairs.tolist()
    assert told.common.tolist() == whole.common.tolist()
    assert told.common_marks.tolist() == whole.common_marks.tolist()


def test_nothing_in_common_is_no_candidate() -> None:
    told = candidates(marked([[[1, 2]], [[3, 4]]], 1), 2, np.zeros(0, np.uint32))
    assert told.pairs.shape == (0, 2) and not len(told.common)
