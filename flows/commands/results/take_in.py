"""``khetcheck import``: decisions that were made in another annotation tool, into the reviews of this store."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, cast

import typer

from flows.context import opened
from flows.language import tell
from flows.options import takes_store
from flows.terminal import say
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.annotation.returned import Returned

READERS = {
    "label-studio": "pipeline.annotation.label_studio_answers",
    "prodigy": "pipeline.annotation.prodigy",
    "argilla": "pipeline.annotation.argilla",
}
"""Form -> module with a function ``read(path)``."""


class Reader(Protocol):
    """What a form's module offers."""

    def read(self, path: Path) -> list[Returned]:
        """Return what was said in the file."""
        ...


@takes_store
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=tell("ไฟล์ที่โปรแกรมนั้นส่งออก", "File that the tool exported."))],
    format: Annotated[str, typer.Option("--format", help=" | ".join(READERS))] = "label-studio",
    by: Annotated[
        str,
        typer.Option("--by", help=tell("บันทึกในชื่อผู้ใช้นี้", "Store under this user's name."), show_default=False),
    ] = "",
    finish: Annotated[
        bool,
        typer.Option(
            "--finish", help=tell("ส่งผลกรณีที่ตัดสินครบทุกประเด็น", "Finish cases of which every point is decided.")
        ),
    ] = False,
) -> None:
    """Take decisions in, each submission whole or not at all; what cannot be taken is named with its reason."""
    if format not in READERS:
        raise SettingsError(
            Bilingual(f"ไม่รู้จัก --format {format}", f"Unknown --format {format}."),
            Bilingual(f"ที่มี: {', '.join(READERS)}", f"There are: {', '.join(READERS)}."),
        )
    from pipeline.annotation.taking_in import take_in
    from pipeline.review.people.users import Person, find_user, local_user
    from rubric import load_rubric

    returned = cast(Reader, importlib.import_module(READERS[format])).read(file)
    with opened(context) as (settings, store):
        with store.transaction() as session:
            person = Person.of(find_user(session, by) if by else local_user(session))
        outcomes = take_in(store, load_rubric(settings.rubric), person, returned, finish=finish)
    left_out = [one for one in outcomes if one.refusal is not None]
    for one in left_out:
        if one.refusal is not None:
            say(Bilingual(f"✗ {one.submission}: {one.refusal.th}", f"✗ {one.submission}: {one.refusal.en}"))
    if ignored := sum(one.ignored for one in returned):
        say(Bilingual(f"ข้ามงานที่มีรุ่นใหม่กว่า {ignored} รายการ", f"{ignored} older annotations were left out."))
    decisions, taken = sum(one.decisions for one in outcomes), len(outcomes) - len(left_out)
    say(
        Bilingual(
            f"นำเข้า {decisions} การตัดสิน จาก {taken} ชุดเอกสาร",
            f"Took in {decisions} decisions on {taken} submissions.",
        )
    )
    if left_out:
        raise typer.Exit(1)
