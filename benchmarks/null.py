"""What is flagged where there is nothing to flag: ``python -m benchmarks.null FILE… [--quick] [--without RULE]``.

Each file is a long public document of another body (a budget act, a university's regulations, a software manual), screened as the
report of an office. Nothing in it should be done, and hardly a block flagged: a real plan has some 3,000 blocks, and whoever
reviews it has to put away every false one. Told per file and for all: blocks, evidence by point, evidence per 1,000 blocks,
points done and clear, and whether the draft says that the file may be the wrong one.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from models.judging.judged import Item
from models.judging.judgement import judge
from models.judging.rules import RuleSettings
from models.judging.thresholds import JudgementSettings
from models.registry.registry import load_model
from models.scoring.model import LoadedModel
from pipeline.blocks import DocumentReading
from pipeline.findings.detectors.foreign_document import foreign_document
from pipeline.reading import read_file
from pipeline.screening.passage_context import passages_of

OFFICE, FISCAL_YEAR = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาทดสอบ เขต 1", 2565


@dataclass(frozen=True)
class Flagged:
    """What was flagged in one document: ``evidence`` by point, and the points called done and clear."""

    blocks: int
    evidence: tuple[int, ...]
    done: tuple[int, ...]
    clear: tuple[int, ...]
    told_foreign: bool

    def __str__(self) -> str:
        each = 1000 * sum(self.evidence) / max(1, self.blocks)
        told = "; told as the wrong file" if self.told_foreign else ""
        return (
            f"{self.blocks} blocks, {sum(self.evidence)} flagged {list(self.evidence)}, {each:.1f} per 1,000; "
            f"done {list(self.done)} clear {list(self.clear)}{told}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--without", choices=RuleSettings.names(), action="append", default=[])
    arguments = parser.parse_args()
    model = load_model(None, None, quick=arguments.quick)
    rules = replace(model.judgement.rules, **dict.fromkeys(arguments.without, False))
    settings = model.judgement.model_copy(update={"rules": rules})
    found = []
    for path in arguments.file:
        found.append(flagged_in(read_file(path), model, settings))
        print(f"{path.name}: {found[-1]}", flush=True)
    print(f"{len(found)} files: {together(found)}")


def flagged_in(reading: DocumentReading, model: LoadedModel, settings: JudgementSettings) -> Flagged:
    """Judge one document as an office's report."""
    passages = [
        (position, passage)
        for position, passage in enumerate(passages_of(reading, "report"))
        if not reading.blocks[position].doubtful
    ]
    predictions = model.predict([passage for _, passage in passages])
    items = [
        Item(0, position, passage, prediction, reading.blocks[position].read_by)
        for (position, passage), prediction in zip(passages, predictions, strict=True)
    ]
    judged = judge(model.rubric, items, settings=settings, fiscal_year=FISCAL_YEAR, office=OFFICE)
    return Flagged(
        len(reading.blocks),
        tuple(len(point.evidence) for point in judged.points),
        tuple(point.point for point in judged.points if point.done),
        tuple(point.point for point in judged.points if point.clear),
        bool(foreign_document(reading)),
    )


def together(found: list[Flagged]) -> str:
    """One line over all documents."""
    blocks, flagged = sum(one.blocks for one in found), sum(sum(one.evidence) for one in found)
    done, clear = sum(len(one.done) for one in found), sum(len(one.clear) for one in found)
    told = sum(one.told_foreign for one in found)
    return (
        f"{blocks} blocks, {1000 * flagged / max(1, blocks):.1f} flagged per 1,000; "
        f"{done} points done, {clear} clear; {told} told as the wrong file"
    )


if __name__ == "__main__":
    main()
