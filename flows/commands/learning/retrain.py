"""``khetcheck retrain``: learn from the reviews; the new model is used only if it is shown to be no worse."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened_store, settings_of
from flows.language import LANGUAGE, tell
from flows.options import takes_store
from flows.settings import Settings
from flows.terminal import output, say
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from models.retraining.champion import Comparison
    from pipeline.learning.retraining import Outcome, Step

TRIGGERS = ("hand", "count", "schedule")
STEPS = {
    "collect": Bilingual("กำลังรวบรวมเคสที่ตรวจแล้ว", "Collecting reviewed cases"),
    "train": Bilingual("กำลังฝึก (หลายนาที)", "Training (minutes)"),
    "compare": Bilingual("กำลังเทียบกับแบบจำลองที่ใช้อยู่", "Comparing with the model in use"),
    "keep": Bilingual("กำลังเก็บแบบจำลองใหม่", "Keeping the new model"),
    "promote": Bilingual("กำลังเลื่อนขึ้นใช้", "Putting it into use"),
    "done": Bilingual("เสร็จแล้ว", "Done"),
}
FIGURES = {
    "evidence_f1": Bilingual("หลักฐาน (F1)", "Evidence (F1)"),
    "evidence_precision": Bilingual("หลักฐาน: ความแม่น", "Evidence: precision"),
    "evidence_recall": Bilingual("หลักฐาน: ความครบ", "Evidence: recall"),
    "judgements": Bilingual("ผลตัดสินรายประเด็น", "Judgements of points"),
    "score_exact": Bilingual("คะแนนตรงกัน", "Score exact"),
}
FAILED = 1


@takes_store
def retrain(
    context: typer.Context,
    trigger: Annotated[
        str,
        typer.Option(
            help=tell(
                "เหตุที่เริ่ม: hand (สั่งเอง), count (ตรวจครบจำนวน), schedule (ตามเวลา)",
                "Cause: hand, count (enough newly reviewed) or schedule (anything reviewed since).",
            )
        ),
    ] = "hand",
    keep_aside: Annotated[
        bool,
        typer.Option(
            "--keep-aside", help=tell("ฝึกและเทียบ แต่ยังไม่นำมาใช้", "Train and compare, do not promote.")
        ),
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help=tell("ใช้แบบจำลองคำอย่างเดียว", "Words alone, without the encoder."))
    ] = False,
    serve: Annotated[
        bool,
        typer.Option(
            "--serve",
            help=tell(
                "เปิดค้างไว้ ฝึกเองทุกคืนและเมื่อตรวจครบจำนวน (ต้องมีเซิร์ฟเวอร์ Prefect)",
                "Stay, and train each night and whenever enough was reviewed (needs a Prefect server).",
            ),
        ),
    ] = False,
    at: Annotated[str, typer.Option(help=tell("เวลาฝึกประจำคืน", "When to train each night."))] = "02:00",
    every: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=10_000,
            show_default=False,
            help=tell(
                "กำหนดว่าตรวจใหม่กี่ชุดจึงฝึก (จำไว้ ไม่ฝึกตอนนี้)",
                "Choose how many newly reviewed submissions start a training; kept, trains nothing now.",
            ),
        ),
    ] = None,
) -> None:
    """Learn from reviews; screening and reviewing go on meanwhile."""
    from flows.training import Asked, run_training

    if trigger not in TRIGGERS:
        raise SettingsError(
            Bilingual(f"ไม่รู้จักเหตุ {trigger}", f"Unknown trigger {trigger}."),
            Bilingual(f"ที่มี: {', '.join(TRIGGERS)}", f"There are: {', '.join(TRIGGERS)}."),
        )
    settings = settings_of(context)
    if every is not None:
        _keep_every(settings, every)
        return
    if serve:
        _serve(settings, at)
        return
    outcome = run_training(settings, Asked(trigger, not keep_aside, quick), _tell_step)
    if outcome is None:
        say(Bilingual("ยังไม่มีเหตุให้ฝึกใหม่", "There is no cause to retrain yet."))
        return
    _show(outcome)
    if outcome.state in ("failed", "not_started"):
        raise typer.Exit(FAILED)


def _keep_every(settings: Settings, every: int) -> None:
    from pipeline.learning.triggers import set_every

    with opened_store(settings) as store, store.transaction() as session:
        set_every(session, every)
    say(
        Bilingual(
            f"ขอฝึกใหม่ทุก {every} ชุดที่ตรวจเสร็จ",
            f"A training is asked for after every {every} newly reviewed submissions.",
        )
    )


def _serve(settings: Settings, at: str) -> None:
    from flows.opening.prefect_surroundings import has_own_server, prepare_orchestrator

    try:
        time = dt.time.fromisoformat(at)
    except ValueError:
        raise SettingsError(
            Bilingual(f"อ่านเวลา {at} ไม่ได้", f"{at} is not a time."),
            Bilingual("เขียนเช่น 02:00", "Write it like 02:00."),
        ) from None
    if not has_own_server():
        raise SettingsError(
            Bilingual(
                "ไม่มีเซิร์ฟเวอร์ Prefect สำหรับตารางเวลา", "There is no Prefect server to keep the schedule."
            ),
            Bilingual(
                "สั่ง prefect server start แล้วตั้ง PREFECT_API_URL หรือใช้ cron เรียก khetcheck retrain --trigger schedule",
                "Run `prefect server start` and set PREFECT_API_URL, or let cron call `khetcheck retrain --trigger schedule`.",
            ),
        )
    prepare_orchestrator(settings.home)
    from flows.orchestrated.retrain import serve_schedule

    say(Bilingual(f"ฝึกทุกคืนเวลา {at} น. หยุดด้วย Ctrl+C", f"Training each night at {at}; Ctrl+C stops."))
    serve_schedule(settings, time)


def _tell_step(step: Step) -> None:
    say(STEPS[step], "dim")


def _show(outcome: Outcome) -> None:
    console = output()
    if outcome.comparison is not None:
        _show_comparison(outcome.comparison)
    if outcome.state == "promoted":
        console.print(
            tell(f"ใช้แบบจำลองใหม่แล้ว: {outcome.model}", f"The new model is in use: {outcome.model}"),
            soft_wrap=True,
        )
        console.print(
            tell("ย้อนกลับได้ด้วย khetcheck models rollback", "Go back with: khetcheck models rollback")
        )
        return
    console.print(tell("แบบจำลองที่ใช้อยู่ไม่เปลี่ยน เพราะ", "The model in use did not change, because"))
    for reason in outcome.reasons:
        console.print("  - " + reason.told(LANGUAGE), soft_wrap=True, markup=False)


def _show_comparison(comparison: Comparison) -> None:
    """Both models' figures with the interval of the difference."""
    from rich.table import Table

    table = Table(
        title=tell(
            f"วัดบนเขตที่กันไว้ {comparison.offices} เขต (ช่วงเชื่อมั่น 95 %)",
            f"On {comparison.offices} held-out offices (95 % intervals)",
        )
    )
    for heading in ("", tell("ที่ใช้อยู่", "in use"), tell("ใหม่", "new"), tell("ผลต่าง", "difference")):
        table.add_column(heading)
    for name, title in FIGURES.items():
        pair = comparison.pairs[name]
        gap = pair.difference
        table.add_row(
            title.told(LANGUAGE),
            f"{pair.champion:.2f}",
            f"{pair.challenger:.2f}",
            f"{gap.value:+.2f} ({gap.low:+.2f} … {gap.high:+.2f})",
        )
    output().print(table)
