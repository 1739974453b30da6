"""``khetcheck rehearse``: what learning from reviews is worth, with simulated reviewers on the project's corpus."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.options import LangOption
from flows.speech import tell
from flows.terminal import output, say
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.learning.rehearsal import Curve


def rehearse(
    seeds: Annotated[int, typer.Option(min=1, help=tell("จำนวนครั้งที่ซ้อม", "How many times."))] = 5,
    reviews: Annotated[int, typer.Option(min=1, help=tell("จำนวนเขตที่ตรวจ", "Offices reviewed."))] = 30,
    step: Annotated[
        int, typer.Option(min=1, help=tell("ฝึกใหม่ทุกกี่เขต", "Offices between two trainings."))
    ] = 10,
    known: Annotated[int, typer.Option(min=1, help=tell("ผู้เขียนที่รู้จักก่อน", "Authors known beforehand."))] = 4,
    familiar: Annotated[
        float,
        typer.Option(
            min=0,
            max=0.8,
            help=tell(
                "สัดส่วนเขตของผู้เขียนที่รู้จักที่รอตรวจปนอยู่", "Share of the known authors' offices that also wait."
            ),
        ),
    ] = 0.0,
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
    as_json: Annotated[bool, typer.Option("--json", help=tell("แสดงเป็น JSON", "Print JSON."))] = False,
    lang: LangOption = None,
) -> None:
    """Replay reviews; minutes for each seed."""
    from models.labelled import CORPUS, load_corpus
    from pipeline.learning.rehearsal import Plan
    from pipeline.learning.rehearsal import rehearse as once
    from pipeline.learning.simulation import Errors
    from rubric import load_rubric

    rubric = load_rubric("esa-2560-1.1")
    offices = load_corpus([corpus or CORPUS], rubric)
    plan = Plan(known=known, familiar=familiar, step=step, reviews=reviews, errors=Errors(wrong, wrong))
    curves: list[Curve] = []
    for seed in range(seeds):
        say(Bilingual(f"ครั้งที่ {seed + 1} จาก {seeds}", f"Rehearsal {seed + 1} of {seeds}"), "dim")
        curves += once(rubric, offices, plan, ["random"] if only_random else ["random", "ours"], seed)
    if as_json:
        typer.echo(json.dumps([asdict(curve) for curve in curves], ensure_ascii=False, indent=1))
        return
    _show(curves)


def _show(curves: list[Curve]) -> None:
    from pipeline.learning.rehearsal import gain, mean_curve, reviews_needed, work_saved

    by_order: dict[str, list[Curve]] = defaultdict(list)
    for curve in curves:
        by_order[curve.order].append(curve)
    means = {order: mean_curve(several) for order, several in by_order.items()}
    for order, points in means.items():
        output().print(tell(f"ลำดับ {order}", f"Order: {order}"))
        for one in points:
            output().print(
                f"  {one.reviewed:3} reviews  evidence F1 {one.evidence_f1:.3f}  batch {one.batch:.3f}  "
                f"wrong drafts seen {one.wrong_found:.2f}"
            )
        rise = gain(by_order[order])
        output().print(
            f"  gain of evidence F1: {rise.value:+.3f} (95 % over seeds {rise.low:+.3f} … {rise.high:+.3f})"
        )
        saved = work_saved(points, by_order[order][0].waiting)
        output().print("  WSS@95: " + (f"{saved:.2f}" if saved is not None else "-"))
    if {"random", "ours"} <= set(means):
        for figure in ("evidence_f1", "batch"):
            for place in range(1, len(means["random"])):
                level = getattr(means["random"][place], figure)
                needed = reviews_needed(means["ours"], figure, level)
                told = f"{needed:.1f}" if needed is not None else "-"
                output().print(f"{figure} {level:.3f}: random {means['random'][place].reviewed}, ours {told}")
