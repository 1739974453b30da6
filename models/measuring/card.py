"""The model card: what a model learnt from, how good it is on text it never saw, and what it is known to be weak at.

Written with every trained model, as JSON for programs and as Markdown with a reliability plot (SVG) for people, so that a
promotion can be defended by something one can read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.measuring.evaluation import Evaluation
from models.measuring.measures import Interval, ReliabilityBin

CARD_JSON, CARD_MARKDOWN, PLOT = "card.json", "card.md", "reliability.svg"

WEAKNESSES = (
    "Trained on offices written for this project, not on reviewed real cases; real wording is harder.",
    "Whether a point is clear hangs on some twenty facet decisions; single wrong ones shift the score.",
    "Years and offices are told apart by rules that read dates and names; unusual spellings slip through.",
    "The encoder's scores here are made by encoders that saw less text than the one that ships and miss more; how far an empty "
    "list is believed is learnt for the one that ships. So clear and the exact score look worse here than on fresh offices.",
    "Text read from scans carries reading errors; digits in it decide nothing by themselves.",
)


@dataclass(frozen=True)
class ModelCard:
    """A model card.

    Attributes:
        data: hash and counts of what was learnt from.
        evaluations: name of the mode or set -> its evaluation.
    """

    model: str
    rubric: str
    created: str
    data: Mapping[str, Any]
    evaluations: Mapping[str, Evaluation]
    notes: Sequence[str] = WEAKNESSES

    def as_json(self) -> dict[str, Any]:
        """The card as plain data."""
        return {
            "model": self.model,
            "rubric": self.rubric,
            "created": self.created,
            "data": dict(self.data),
            "evaluations": {name: evaluation_as_json(one) for name, one in self.evaluations.items()},
            "weaknesses": list(self.notes),
        }

    def as_markdown(self) -> str:
        """The card for people; figures with 95 % intervals over offices."""
        lines = [
            f"# Model card: {self.model}",
            "",
            f"Rubric {self.rubric}; trained {self.created}.",
            "",
            "## Data",
            "",
        ]
        lines += [f"- {name}: {value}" for name, value in self.data.items()]
        for name, evaluation in self.evaluations.items():
            lines += ["", f"## {name}: {evaluation.submissions} offices the model had not seen", ""]
            lines += figures_table(evaluation.figures)
            lines += ["", "### Of the passages shown with probability p, how many were right", ""]
            lines += ["| said | right | passages |", "| --- | --- | --- |"]
            lines += [f"| {one.said:.2f} | {one.right:.2f} | {one.count} |" for one in evaluation.reliability]
            lines += ["", f"![reliability]({name}-{PLOT})"]
        lines += ["", "## Known weaknesses", "", *(f"- {note}" for note in self.notes), ""]
        return "\n".join(lines)

    def write(self, folder: Path) -> None:
        """Write JSON, Markdown and plots into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.as_json(), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / CARD_JSON).write_text(text + "\n", "utf-8")
        (folder / CARD_MARKDOWN).write_text(self.as_markdown(), "utf-8")
        for name, evaluation in self.evaluations.items():
            (folder / f"{name}-{PLOT}").write_text(reliability_plot(evaluation.reliability), "utf-8")


def evaluation_as_json(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as plain data, unknown figures as null."""
    return {
        "submissions": evaluation.submissions,
        "missing": list(evaluation.missing),
        "figures": {
            name: [_known(v) for v in (f.value, f.low, f.high)] for name, f in evaluation.figures.items()
        },
        "reliability": [asdict(one) for one in evaluation.reliability],
        "risk_coverage": [asdict(one) for one in evaluation.risk_coverage],
        "rows": [dict(row) for row in evaluation.rows],
    }


def figures_table(figures: Mapping[str, Interval]) -> list[str]:
    """Lines of a Markdown table of figures with their intervals."""
    rows = [
        f"| {name} | {figure.value:.3f} | {figure.low:.3f} – {figure.high:.3f} |"
        for name, figure in figures.items()
        if not math.isnan(figure.value)
    ]
    return ["| figure | value | 95 % interval |", "| --- | --- | --- |", *rows]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def reliability_plot(bins: Sequence[ReliabilityBin]) -> str:
    """An SVG of said against right: dots on the diagonal are true probabilities, their size is how many passages."""
    size, margin = 300, 40
    largest = max((one.count for one in bins), default=1)

    def place(said: float, right: float) -> tuple[float, float]:
        return margin + said * size, margin + (1 - right) * size

    dots = []
    for one in bins:
        x, y = place(one.said, one.right)
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{4 + 8 * math.sqrt(one.count / largest):.1f}" fill="#1f5fa8"/>'
        )
    edge = size + margin
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 2 * margin} {size + 2 * margin}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect x="{margin}" y="{margin}" width="{size}" height="{size}" fill="none" stroke="#888"/>'
        f'<line x1="{margin}" y1="{edge}" x2="{edge}" y2="{margin}" stroke="#888" stroke-dasharray="4"/>'
        f"{''.join(dots)}"
        f'<text x="{margin}" y="{edge + 25}">said 0 … 1</text>'
        f'<text x="{margin}" y="{margin - 12}">right 0 … 1</text></svg>\n'
    )
