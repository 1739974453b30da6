"""``khetcheck rehearse``: what learning from reviews is worth, with simulated reviewers on the project's corpus."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.language import tell
from flows.options import JsonOption, takes_language
from flows.terminal import output, say
from rubric.language import Bilingual

if TYPE_CHECKING:
    from models.retraining.rehearsal_curves import Curve, CurvePoint


STYLE = "bmpuvwijoxyz"
"""Press text of the bundled corpus: the authors of :data:`models.retraining.rehearsal_roles.PRESS`, which is slow to import."""


@takes_language
def rehearse(
    seeds: Annotated[int, typer.Option(min=1, help=tell("จำนวนครั้งที่ซ้อม", "How many times."))] = 5,
    reviews: Annotated[int, typer.Option(min=1, help=tell("จำนวนเขตที่ตรวจ", "Offices reviewed."))] = 30,
    step: Annotated[int, typer.Option(min=1, help=tell("ฝึกใหม่ทุกกี่เขต", "Offices between two trainings."))] = 5,
    style: Annotated[
        str,
        typer.Option(
            help=tell(
                "ผู้เขียนที่แบบจำลองไม่เคยเห็น (ปกติคือข่าว)", "Authors the model never saw: letters (the press)."
            )
        ),
    ] = STYLE,
    known: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=tell("แทน --style: จำนวนผู้เขียนที่รู้จักก่อน", "Instead of --style: so many authors known."),
            show_default=False,
        ),
    ] = None,
    familiar: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=0.8,
            help=tell(
                "สัดส่วนเขตของผู้เขียนที่รู้จักที่รอตรวจปนอยู่", "Share of the known authors' offices that also wait."
            ),
            show_default=False,
        ),
    ] = None,
    wrong: Annotated[
        float,
        typer.Option(
            min=0, max=1, help=tell("สัดส่วนป้ายกำกับที่ผู้ตรวจผิด", "Share of labels that reviewers get wrong.")
        ),
    ] = 0.0,
    only_random: Annotated[
        bool, typer.Option("--only-random", help=tell("เฉพาะลำดับสุ่ม", "Random order alone."))
    ] = False,
    corpus: Annotated[
        Path | None, typer.Option(help=tell("คลังข้อความอื่น", "Another corpus."), show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Replay reviews; minutes for each seed."""
    from models.labelled import CORPUS, load_corpus
    from models.retraining.rehearsal_roles import Plan
    from models.retraining.simulated_reviewers import Errors
    from pipeline.learning.rehearsal import rehearse as once
    from rubric import load_rubric

    rubric = load_rubric("esa-2560-1.1")
    offices = load_corpus([corpus or CORPUS], rubric)
    unseen = () if known else tuple(style.split(",") if "," in style else style)
    plan = Plan(unseen, known or 0, familiar, step=step, reviews=reviews, errors=Errors(wrong, wrong))
    curves: list[Curve] = []
    for seed in range(seeds):
        made = once(rubric, offices, plan, ["random"] if only_random else ["random", "ours"], seed)
        say(_told(made, seeds), "dim")
        curves += made
    if as_json:
        typer.echo(json.dumps([asdict(curve) for curve in curves], ensure_ascii=False, indent=1))
        return
    _show(curves)


def _told(curves: list[Curve], seeds: int) -> Bilingual:
    """What one seed brought, so that a rehearsal that is broken off has still said something."""
    figures = "; ".join(
        f"{one.order} {' '.join(f'{point.evidence_f1:.3f}' for point in one.points)} (new {one.points[-1].new:.0f})"
        for one in curves
    )
    return Bilingual(
        f"ครั้งที่ {curves[0].seed + 1} จาก {seeds}: F1 {figures}",
        f"Rehearsal {curves[0].seed + 1} of {seeds}: F1 {figures}",
    )


def _show(curves: list[Curve]) -> None:
    from models.retraining.rehearsal_curves import gain, mean_curve, work_saved

    by_order: dict[str, list[Curve]] = defaultdict(list)
    for curve in curves:
        by_order[curve.order].append(curve)
    apart = [one.told_apart for one in by_order["random"] if one.told_apart is not None]
    output().print(
        f"{curves[0].offices} offices, {curves[0].waiting} wait"
        + (f", new told from familiar by unknown words: AUC {sum(apart) / len(apart):.3f}" if apart else "")
    )
    means = {order: mean_curve(several) for order, several in by_order.items()}
    for order, points in means.items():
        output().print(tell(f"ลำดับ {order}", f"Order: {order}"))
        for one in points:
            output().print(
                f"  {one.reviewed:3} reviews ({one.new:4.1f} new)  evidence F1 {one.evidence_f1:.3f}  "
                f"batch {one.batch:.3f}  wrong drafts seen {one.wrong_found:.2f}"
            )
        rise = gain(by_order[order])
        output().print(
            f"  gain of evidence F1: {rise.value:+.3f} (95 % over seeds {rise.low:+.3f} … {rise.high:+.3f})"
        )
        saved = work_saved(points, by_order[order][0].waiting)
        output().print("  WSS@95: " + (f"{saved:.2f}" if saved is not None else "-"))
    if "ours" in by_order:
        _compare(by_order, means)


def _compare(by_order: dict[str, list[Curve]], means: dict[str, tuple[CurvePoint, ...]]) -> None:
    from models.retraining.rehearsal_curves import reviews_needed, share_needed

    for figure in ("evidence_f1", "batch"):
        for point in means["random"][1:]:
            level = getattr(point, figure)
            needed = reviews_needed(means["ours"], figure, level)
            told = f"{needed:.1f}" if needed is not None else "-"
            output().print(f"{figure} {level:.3f}: random {point.reviewed}, ours {told}")
    pairs = zip(by_order["random"], by_order["ours"], strict=True)
    single = [share_needed(random.points, ours.points) for random, ours in pairs]
    output().print(
        f"reviews needed for what random order has in the end: {_percent(share_needed(means['random'], means['ours']))} "
        f"(by seed: {', '.join(_percent(one) for one in single)})"
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.0f} %"
