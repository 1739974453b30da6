"""What Typer says of a wrong command line and around the help texts, in the language of this run.

Its own sentences are English. They are few, and known by their wording; one that is not in the table stays as it is.
"""

from __future__ import annotations

import re
from typing import Any

import typer
import typer.main
from rich.text import Text

from flows.language import LANGUAGE, tell
from flows.terminal import messages

PROGRAM = "khetcheck"
USAGE = 2
SENTENCES = (
    (r"Missing argument '?(.+?)'?\.", r"ขาดข้อมูลที่ต้องระบุ: \1"),
    (r"Missing option '?(.+?)'?\.", r"ขาดตัวเลือกที่ต้องระบุ: \1"),
    (r"Missing command\.", r"ไม่ได้ระบุคำสั่ง"),
    (r"No such command '(.+?)'\.(.*)", r"ไม่มีคำสั่ง '\1'\2"),
    (r"No such option: (\S+)", r"ไม่มีตัวเลือก \1"),
    (r"\(Possible options: (.+)\)", r"(ที่มีคือ \1)"),
    (r"Did you mean (.+?)\?", r"หมายถึง \1 หรือไม่"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"มีข้อมูลเกินมา: \1"),
    (r"Option '?(.+?)'? requires an argument\.", r"ตัวเลือก \1 ต้องตามด้วยค่า"),
    (r"Option '?(.+?)'? requires (\d+) arguments\.", r"ตัวเลือก \1 ต้องตามด้วยค่า \2 ค่า"),
    (r"Option '?(.+?)'? does not take a value\.", r"ตัวเลือก \1 ไม่รับค่า"),
    (r"Invalid value for '?(.+?)'?: ", r"ค่าของ \1 ใช้ไม่ได้: "),
    (r"Invalid value: ", r"ค่าใช้ไม่ได้: "),
    (r"Input should be a valid integer.*", r"ต้องเป็นจำนวนเต็ม"),
    (r"Input should be a valid number.*", r"ต้องเป็นตัวเลข"),
    (r"Input should be a valid boolean.*", r"ต้องเป็นจริงหรือเท็จ"),
    (r"Input should be a finite number", r"ต้องเป็นตัวเลขที่มีขอบเขต"),
    (r"Input should be less than or equal to (\S+)", r"ต้องไม่เกิน \1"),
    (r"Input should be greater than or equal to (\S+)", r"ต้องไม่น้อยกว่า \1"),
    (r"Input should be less than (\S+)", r"ต้องน้อยกว่า \1"),
    (r"Input should be greater than (\S+)", r"ต้องมากกว่า \1"),
    (r"Input should be (.+)", r"ต้องเป็น \1"),
    (r"(?:File|Path|Directory) '(.+?)' does not exist\.", r"ไม่มี '\1'"),
)


def in_thai(sentence: str) -> str:
    """Return one of Typer's sentences in Thai.

    >>> in_thai("Missing argument 'inbox'.")
    'ขาดข้อมูลที่ต้องระบุ: inbox'
    """
    for english, thai in SENTENCES:
        sentence = re.sub(english, thai, sentence)
    return sentence


def run_app(app: typer.Typer) -> int:
    """Run the command line and return its exit status; errors of usage are told in the language of this run."""
    command = typer.main.get_command(app)
    if LANGUAGE == "th":
        _frame_in_thai(command)
    try:
        ended = command(prog_name=PROGRAM, standalone_mode=False)
    except typer.Abort:
        return USAGE
    except typer.TyperException as error:
        return _tell(error)
    return ended if isinstance(ended, int) else 0


def _tell(error: Any) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return USAGE
    if (context := getattr(error, "ctx", None)) is not None:
        messages().print(Text(context.get_usage()), soft_wrap=True)
    sentence = error.format_message()
    messages().print(Text(tell(in_thai(sentence), sentence), style="bold red"), soft_wrap=True)
    where = f"{context.command_path if context else PROGRAM} --help"
    messages().print(Text(tell(f"ดูวิธีใช้: {where}", f"For help: {where}")), soft_wrap=True)
    return int(getattr(error, "exit_code", USAGE))


def _frame_in_thai(command: Any) -> None:
    """Word the frames of all help pages in Thai."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "สิ่งที่ต้องระบุ"
    rich_utils.OPTIONS_PANEL_TITLE = "ตัวเลือก"
    rich_utils.COMMANDS_PANEL_TITLE = "คำสั่ง"
    rich_utils.DEFAULT_STRING = "[ปกติ: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[ต้องระบุ]"
    for one in _all(command):
        context = one.context_class(one, info_name=one.name, help_option_names=["-h", "--help"])
        one.get_help_option(context).help = "แสดงข้อความนี้"
        formatter = one.context_class.formatter_class
        if formatter.__name__ != "_Thai":
            one.context_class.formatter_class = type("_Thai", (formatter,), {"write_usage": _write_usage})


def _write_usage(formatter: Any, program: str, words: str = "", prefix: str | None = None) -> None:
    super(type(formatter), formatter).write_usage(program, words, prefix or "วิธีใช้: ")


def _all(command: Any) -> list[Any]:
    below = getattr(command, "commands", {}).values()
    return [command, *(one for inner in below for one in _all(inner))]
