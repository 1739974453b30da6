"""``khetcheck lexicon``: what keywords are worth, what corrections ask for, and what an edit would change before it is saved."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened_store, settings_of
from flows.language import tell
from flows.options import JsonOption, takes_store
from flows.settings import Settings
from flows.terminal import output, say
from rubric.language import Bilingual

if TYPE_CHECKING:
    from models.labelled import LabelledOffice
    from rubric import Rubric

lexicon = typer.Typer(
    help=tell("คำสำคัญ: คุ้มค่าเพียงใด คำที่ควรเพิ่ม ลองแก้ไขก่อนบันทึก", "Keywords: worth, candidates, try an edit."),
    no_args_is_help=True,
)
Words = Annotated[list[str] | None, typer.Option(help=tell("ใช้ซ้ำได้", "May be repeated."), show_default=False)]


@lexicon.command(help=tell("จำนวนครั้งที่พบและความแม่นของแต่ละคำ", "Hits and precision of each keyword."))
@takes_store
def worth(
    context: typer.Context,
    as_json: JsonOption = False,
) -> None:
    """Show each keyword's hits and precision on reviewed cases; dead ones last."""
    from models.measuring.lexicon_usefulness import worth_of_terms

    rubric, offices = _reviewed(settings_of(context))
    found = worth_of_terms(rubric, offices)
    if as_json:
        typer.echo(
            json.dumps(
                [{**asdict(one), "precision": one.precision} for one in found], ensure_ascii=False, indent=1
            )
        )
        return
    for one in found:
        told = (
            tell("ไม่เคยพบ", "never met")
            if one.dead
            else f"{one.right}/{one.hits} = {one.precision:.2f} ({one.low:.2f}–{one.high:.2f})"
        )
        output().print(f"{one.point}  {one.term}  {told}", soft_wrap=True, markup=False)


@lexicon.command(
    help=tell("คำที่หลักฐานซึ่งยืนยันแล้วใช้บ่อย แต่ยังไม่มีในคำสำคัญ", "Words that confirmed evidence asks for.")
)
@takes_store
def candidates(
    context: typer.Context,
    most: Annotated[int, typer.Option(min=1, help=tell("จำนวนต่อประเด็น", "How many per point."))] = 10,
    as_json: JsonOption = False,
) -> None:
    """Show words mined from reviewed evidence."""
    from models.measuring.lexicon_usefulness import candidates as mined

    rubric, offices = _reviewed(settings_of(context))
    found = mined(rubric, offices, most)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        output().print(
            f"{one.point}  {one.term}  {one.inside}:{one.outside}  ×{one.ratio}", soft_wrap=True, markup=False
        )


@lexicon.command(
    "edit", help=tell("ลองแก้ไข แสดงผลที่จะเปลี่ยน และบันทึกเมื่อสั่ง", "Try an edit; save it where asked.")
)
@takes_store
def edit_(
    context: typer.Context,
    point: Annotated[int, typer.Option(help=tell("ประเด็น", "Point."))],
    add: Words = None,
    remove: Words = None,
    facet: Annotated[str, typer.Option(help=tell("องค์ประกอบ หรือ any", "Facet, or any."))] = "any",
    save: Annotated[
        Path | None,
        typer.Option(help=tell("บันทึกไฟล์คำสำคัญใหม่ที่นี่", "Write the new lexicon here."), show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show which decisions on reviewed cases an edit would change; write it only where ``--save`` says."""
    from models.measuring.lexicon_usefulness import Edit, edited, preview
    from models.registry.registry import load_model

    settings = settings_of(context)
    rubric, offices = _reviewed(settings)
    version = f"{rubric.lexicon.version}+{dt.datetime.now(dt.UTC):%Y%m%d%H%M}"
    after = edited(rubric, [Edit(point, tuple(add or ()), tuple(remove or ()), facet)], version)
    changed = preview(rubric, after, load_model(settings.model or None, settings.home), offices)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in changed], ensure_ascii=False, indent=1))
    else:
        for one in changed:
            output().print(
                f"{one.submission}: {one.score[0]} → {one.score[1]}, +{len(one.gained)} −{len(one.lost)}",
                soft_wrap=True,
                markup=False,
            )
        say(
            Bilingual(
                f"จาก {len(offices)} ชุดที่ตรวจแล้ว จะเปลี่ยน {len(changed)} ชุด",
                f"Of {len(offices)} reviewed submissions {len(changed)} would change.",
            )
        )
    if save is not None:
        _save(after, save)


def _save(rubric: Rubric, path: Path) -> None:
    import yaml

    path.write_text(
        yaml.safe_dump(rubric.lexicon.model_dump(mode="json"), allow_unicode=True, sort_keys=False), "utf-8"
    )
    say(
        Bilingual(
            f"บันทึก {path} แล้ว ต้องฝึกแบบจำลองใหม่กับคำสำคัญชุดนี้ก่อนใช้",
            f"Wrote {path}. A model must be trained with it before it is used.",
        )
    )


def _reviewed(settings: Settings) -> tuple[Rubric, list[LabelledOffice]]:
    """The rubric and all fully reviewed submissions."""
    from models.retraining.labels import labelled_office
    from pipeline.learning.exchange import all_cases
    from rubric import load_rubric

    rubric = load_rubric(settings.rubric)
    with opened_store(settings) as store, store.reading() as session:
        cases = all_cases(session, rubric.id)
    offices = [office for case in cases if (office := labelled_office(rubric, case)) is not None]
    return rubric, offices
