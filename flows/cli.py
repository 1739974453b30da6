"""The command line ``khetcheck``: wires commands to functions, and turns errors into sentences and exit statuses.

Exit status: 0 done; 1 some failed, the answer is "no", or a defect; 2 the request or a setting was wrong; 3 something
that is needed is missing, full or does not answer; 128 and the signal where one ended it.
Kept light, because it is imported anew by each worker process and before each ``--help``.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
from typing import Annotated

import typer

from flows.commands.learning.drift import drift
from flows.commands.learning.lexicon import lexicon
from flows.commands.learning.models import models
from flows.commands.learning.rehearse import rehearse
from flows.commands.learning.retrain import retrain
from flows.commands.operating.backup import backup, restore
from flows.commands.operating.doctor import doctor
from flows.commands.operating.index import index
from flows.commands.operating.prune import prune
from flows.commands.operating.status import status
from flows.commands.operating.up import up
from flows.commands.operating.users import users
from flows.commands.results.cases import cases
from flows.commands.results.changes import changes
from flows.commands.results.evaluate import evaluate
from flows.commands.results.export import export
from flows.commands.results.findings import findings
from flows.commands.results.letter import letter
from flows.commands.results.letters import letters
from flows.commands.results.mark import mark
from flows.commands.results.report import report
from flows.commands.results.take_in import import_
from flows.commands.results.verify import verify
from flows.commands.reviewing.planning import forecast, next_, undecided, urgent
from flows.commands.reviewing.review import review
from flows.commands.screening.read import read
from flows.commands.screening.screen import screen
from flows.commands.screening.sources import sources
from flows.commands.usage import run_app
from flows.ending import Ended, heed_signals
from flows.language import tell
from flows.machine_logs.json_lines import set_up_logs
from flows.options import takes_store
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

DEFECT = 1
INTERRUPTED = 130

app = typer.Typer(
    name="khetcheck",
    help=tell(
        "ตรวจร่างเบื้องต้นเอกสารของสำนักงานเขตพื้นที่การศึกษาตามเกณฑ์มาตรฐาน",
        "Pre-screens the submissions of Educational Service Area Offices against a rubric.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
HELP = {
    "screen": tell(
        "ดึง อ่าน หาหลักฐาน และร่างคะแนนของชุดเอกสารใหม่ทั้งหมด", "Pull, read, flag and draft all that is new."
    ),
    "export": tell("ส่งออกร่างและผลการตรวจเป็นไฟล์", "Write drafts or results of reviews to a file."),
    "changes": tell(
        "ส่งครั้งนี้ต่างจากครั้งก่อนอย่างไร ตอบหนังสือครบหรือไม่",
        "What changed since the last delivery, what was answered.",
    ),
    "import": tell("นำเข้าการตัดสินจากโปรแกรมอื่น", "Take in decisions made in another tool."),
    "letter": tell("เขียนหนังสือแจ้งผลถึงสำนักงาน", "Write the letter back to an office."),
    "mark": tell(
        "เขียนสำเนาเอกสารที่ทำเครื่องหมายข้อความตามประเด็น", "Write copies of the documents with marked passages."
    ),
    "report": tell("เขียนรายงานของรอบ", "Write the report of a batch."),
    "verify": tell(
        "ตรวจว่าหนังสือและทุกข้อความในหนังสือตรงกับไฟล์", "Hold a letter, sentence by sentence, against the files."
    ),
    "read": tell("แสดงสิ่งที่อ่านได้จากเอกสารหนึ่งไฟล์", "Show what is read from one document."),
    "evaluate": tell("วัดคุณภาพของร่างเทียบกับเฉลย", "Measure drafts against the truth."),
    "review": tell("เปิดหน้าตรวจของผู้ประเมิน", "The reviewers' web page."),
    "up": tell(
        "เปิดทุกอย่างบนเครื่องนี้: หน้าตรวจ ตัวรันงาน ตารางเวลา และ Prefect",
        "Everything on this machine: review page, worker, schedule and Prefect.",
    ),
    "next": tell("ควรตรวจชุดใดต่อไป เพราะเหตุใด", "What to review next, and why."),
    "urgent": tell("ให้ชุดเอกสารเป็นงานเร่งด่วน", "Mark submissions as urgent."),
    "undecided": tell(
        "ร่างที่ยังไม่ตัดสินผิดได้มากที่สุดเท่าใด หยุดตรวจได้หรือยัง", "How wrong the rest is at most: may one stop?"
    ),
    "forecast": tell("คาดการณ์เวลาตรวจและจำนวนที่จะผิด", "Forecast review hours and errors."),
    "drift": tell("รอบนี้ต่างจากรอบก่อนหรือไม่", "Is this batch like the ones before?"),
    "rehearse": tell("ซ้อมการเรียนรู้ด้วยผู้ตรวจจำลอง", "Rehearse learning with simulated reviewers."),
    "retrain": tell("ฝึกใหม่จากเคสที่ตรวจแล้ว", "Learn from the reviews."),
    "backup": tell("สำรองข้อมูลขณะทำงานต่อได้", "A backup, while work goes on."),
    "restore": tell("กู้คืนจากสำเนาและตรวจสอบ", "Bring a backup back, and prove it."),
    "prune": tell(
        "ลบสิ่งที่ไม่มีใครใช้แล้ว ไม่ลบสิ่งที่ตรวจแล้ว", "Drop what nobody needs any more; never what was reviewed."
    ),
    "doctor": tell(
        "ตรวจสุขภาพของการติดตั้ง และบอกวิธีแก้", "Look at the installation: what does not work, and what to do."
    ),
    "index": tell("ทำดัชนีให้ค้นข้อความในเอกสารที่อ่านไว้ก่อนได้", "Make older readings' text findable."),
    "status": tell(
        "ดูว่ามีอะไรอยู่ อะไรรออยู่ และอะไรไม่สำเร็จเพราะเหตุใด", "What is stored, what waits, what failed and why."
    ),
}


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"khetcheck {version('khetcheck')}")
        raise typer.Exit


@app.callback()
@takes_store
def common(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help=tell("แสดงรุ่นของโปรแกรม", "Show the program's version."),
            callback=_show_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Take the options that all commands share, where they stand before the command."""


for command in (
    screen,
    export,
    changes,
    import_,
    letter,
    verify,
    mark,
    report,
    read,
    evaluate,
    status,
    doctor,
    backup,
    restore,
    prune,
    index,
    review,
    up,
    retrain,
    next_,
    urgent,
    undecided,
    forecast,
    drift,
    rehearse,
):
    name = command.__name__.rstrip("_")
    app.command(name, help=HELP[name])(command)
app.add_typer(sources, name="sources")
app.add_typer(models, name="models")
app.add_typer(users, name="users")
app.add_typer(cases, name="cases")
app.add_typer(letters, name="letters")
app.add_typer(lexicon, name="lexicon")
app.add_typer(findings, name="findings")


def main() -> None:
    """Run the command line; the entry point of ``khetcheck``."""
    heed_signals()
    set_up_logs()
    try:
        status = run_app(app)
        if status == INTERRUPTED:  # Typer's word for Ctrl+C
            _tell_ended()
        sys.exit(status)
    except KhetcheckError as error:
        from flows.terminal import say_error

        say_error(error)
        sys.exit(error.exit_status)
    except Ended as ended:
        _tell_ended()
        sys.exit(ended.exit_status)
    except Exception as error:
        sys.exit(_tell_fault(error))


def _tell_ended() -> None:
    from flows.terminal import say

    with contextlib.suppress(OSError):  # the terminal may be what ended
        say(
            Bilingual("หยุดแล้ว สั่งคำสั่งเดิมอีกครั้งเพื่อทำต่อ", "Stopped; the same command goes on from here."),
            "yellow",
        )


def _tell_fault(error: Exception) -> int:
    """Tell a fault of the machine with its remedy, and a defect with the place of its details."""
    from flows.context import home_in_use
    from flows.orchestrator import keep_trace
    from flows.terminal import say, say_error

    home = home_in_use()
    if isinstance(error, OSError):
        from pipeline.store.faults import fault_of_disk

        if (fault := fault_of_disk(error, home)) is not None:
            say_error(fault)
            return fault.exit_status
    told = type(error).__name__
    try:
        log = keep_trace(home, error)
    except OSError:
        traceback.print_exception(error)
        say(
            Bilingual(f"เกิดข้อผิดพลาดในโปรแกรม ({told})", f"There is a defect in the program ({told})."),
            "bold red",
        )
        return DEFECT
    say(
        Bilingual(
            f"เกิดข้อผิดพลาดในโปรแกรม ({told}) รายละเอียดอยู่ใน {log} โปรดส่งให้ผู้ดูแลระบบ",
            f"There is a defect in the program ({told}); details are in {log}, for whoever maintains it.",
        ),
        "bold red",
    )
    return DEFECT


if __name__ == "__main__":
    main()
