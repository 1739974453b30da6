"""``khetcheck evaluate``: how good the drafts are, held against submissions whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.context import opened_store, settings_of
from flows.language import tell
from flows.options import JsonOption, takes_store
from flows.settings import Settings
from flows.terminal import output
from rubric.exceptions import InboxError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from models.measuring.evaluation import Evaluation
    from models.measuring.gold import GoldSubmission
    from models.measuring.measures import Interval

NAMES = {
    "evidence_recall": tell("หลักฐานที่หาพบ (recall)", "Evidence recall"),
    "evidence_precision": tell("หลักฐานที่ถูกต้อง (precision)", "Evidence precision"),
    "evidence_f1": tell("หลักฐาน F1", "Evidence F1"),
    "facet_f1": tell("องค์ประกอบ F1", "Facets F1"),
    "judgements": tell("ตัดสินประเด็นถูก", "Judgements right"),
    "done_accuracy": tell("ดำเนินการ ถูก", "Done right"),
    "clear_accuracy": tell("ชัดเจน ถูก", "Clear right"),
    "score_exact": tell("คะแนนตรง", "Score exact"),
    "score_within_1": tell("คะแนนต่างไม่เกิน 1", "Score within one"),
    "score_kappa": tell("คะแนน weighted kappa", "Score weighted kappa"),
    "cost_full": tell("วินาที CPU ต่อ 1,000 หน้า", "CPU seconds per 1,000 pages"),
    "cost_quick": tell("วินาที CPU ต่อ 1,000 หน้า (--quick)", "CPU seconds per 1,000 pages (--quick)"),
}


@takes_store
def evaluate(
    context: typer.Context,
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD_DIR",
            help=tell("โฟลเดอร์เฉลย: <ชุด>/gold.json", "Folder with the truth: <id>/gold.json."),
        ),
    ],
    drafts: Annotated[
        Path | None,
        typer.Option(
            help=tell("ไฟล์ร่างที่ส่งออกไว้ (ไม่ระบุ: ใช้ร่างในฐานข้อมูล)", "Exported drafts; without it, the store's."),
            show_default=False,
        ),
    ] = None,
    cost: Annotated[
        bool,
        typer.Option(
            "--cost",
            help=tell("วัดเวลา CPU ต่อ 1,000 หน้าด้วย", "Also measure CPU seconds per 1,000 pages."),
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Hold drafts against the truth."""
    from models.measuring.evaluation import draft_of_json
    from models.measuring.evaluation import evaluate as measure
    from models.measuring.gold import load_gold

    truth = load_gold(gold)
    settings = settings_of(context)
    said = _exported(drafts) if drafts else _stored(settings)
    found = measure(truth, [draft_of_json(draft) for draft in said])
    costs = _costs(settings, truth) if cost else {}
    typer.echo(_json(found, costs)) if as_json else _show(found, costs)


def _costs(settings: Settings, truth: Sequence[GoldSubmission]) -> dict[str, float]:
    """CPU seconds per 1,000 pages of judging, with and without the encoder; the gold's texts come without headings."""
    from models.passages import Passage
    from models.registry.registry import load_model
    from models.scoring.cost import seconds_per_1000_pages

    passages = [Passage(block.text) for submission in truth for block in submission.blocks]
    modes = {"cost_full": False, "cost_quick": True}
    return {
        name: seconds_per_1000_pages(load_model(settings.model or None, settings.home, quick=quick), passages)
        for name, quick in modes.items()
    }


def _exported(path: Path) -> Sequence[Mapping[str, Any]]:
    from pipeline.drafts import DraftsFile

    try:
        return list(DraftsFile.model_validate_json(path.read_bytes()).model_dump(mode="json")["drafts"])
    except (OSError, ValueError) as error:
        raise InboxError(
            Bilingual(f"อ่านไฟล์ร่าง {path} ไม่ได้", f"The drafts in {path} cannot be read."),
            Bilingual(
                "สร้างด้วย khetcheck export --format json", "Make them with khetcheck export --format json."
            ),
        ) from error


def _stored(settings: Settings) -> Sequence[Mapping[str, Any]]:
    from pipeline.export.drafts_json import drafts_file

    with opened_store(settings) as store:
        return list(drafts_file(store).model_dump(mode="json")["drafts"])


def _json(found: Evaluation, costs: Mapping[str, float]) -> str:
    data = {
        "submissions": found.submissions,
        "no_draft": list(found.missing),
        "figures": {name: asdict(figure) for name, figure in found.figures.items()},
        "reliability": [asdict(one) for one in found.reliability],
        "risk_coverage": [asdict(one) for one in found.risk_coverage],
        "rows": [dict(row) for row in found.rows],
        **({"cpu_seconds_per_1000_pages": dict(costs)} if costs else {}),
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _show(found: Evaluation, costs: Mapping[str, float]) -> None:
    from rich.table import Table

    console = output()
    rows = Table(
        title=tell(f"เฉลย {found.submissions} ชุด", f"{found.submissions} submissions"), title_justify="left"
    )
    for name in found.rows[0] if found.rows else ():
        rows.add_column(str(name))
    for row in found.rows:
        rows.add_row(
            *(", ".join(map(str, v)) if isinstance(v, list | tuple) else str(v) for v in row.values())
        )
    console.print(rows)
    figures = Table(title=tell("ค่าที่วัดได้ (ช่วงเชื่อมั่น 95 % ตามเขต)", "Figures (95 % intervals by office)"))
    figures.add_column(tell("ค่า", "Figure"))
    figures.add_column(tell("ผล", "Value"), justify="right")
    figures.add_column(tell("ช่วง", "Interval"), justify="right")
    for name, figure in found.figures.items():
        figures.add_row(NAMES.get(name, name), *_cells(figure))
    for name, seconds in costs.items():
        figures.add_row(NAMES[name], f"{seconds:.0f}", "")
    console.print(figures)
    if found.missing:
        console.print(tell(f"ไม่มีร่าง: {', '.join(found.missing)}", f"No draft: {', '.join(found.missing)}"))


def _cells(figure: Interval) -> tuple[str, str]:
    return f"{figure.value:.3f}", f"{figure.low:.2f} – {figure.high:.2f}"
