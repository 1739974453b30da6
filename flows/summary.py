"""What a run shows while it goes and when it is over: a progress bar, and a table of drafts in the reviewer's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from flows.language import LANGUAGE, tell
from flows.machine_logs.json_lines import as_json
from flows.terminal import messages

if TYPE_CHECKING:
    from pipeline.batches.item import Item
    from rubric.language import Bilingual

OUTCOMES = {
    "drafted": (tell("ร่างใหม่", "drafted"), "green"),
    "unchanged": (tell("มีร่างแล้ว", "unchanged"), ""),
    "failed": (tell("ไม่สำเร็จ", "failed"), "bold red"),
}

WIDEST = 40
"""Letters of a submission's name on one line of the table."""


class Rate(ProgressColumn):
    """Submissions a minute."""

    def render(self, task: Task) -> Text:
        """Return the rate, nothing before the first is done."""
        if not task.speed:
            return Text("")
        return Text(tell(f"{task.speed * 60:.1f} ชุด/นาที", f"{task.speed * 60:.1f} a minute"))


def progress_bar() -> Progress:
    """Return a progress bar with counts, rate and time left; silent where messages do not go to a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TextColumn(tell("เหลือ", "left")),
        TimeRemainingColumn(),
        console=messages(),
        transient=True,
        disable=as_json() or not messages().is_terminal,
    )


def summary_table(items: Sequence[Item]) -> Table:
    """Return the table of all submissions of a run, sorted by name."""
    table = Table(title=tell("ผลการตรวจร่างเบื้องต้น", "Drafts"), title_justify="left")
    # one folder with an endless name must not push the outcomes of all others off the screen
    short = all(len(item.submission) <= WIDEST for item in items)
    table.add_column(tell("ชุดเอกสาร", "Submission"), no_wrap=short, max_width=WIDEST, overflow="fold")
    table.add_column(tell("สำนักงานเขตพื้นที่", "Office"), overflow="fold")
    table.add_column(tell("คะแนนร่าง", "Score"), justify="center")
    table.add_column(tell("ความเชื่อมั่น", "Probability"), justify="right")
    table.add_column(tell("เอกสาร", "Documents"), justify="right")
    table.add_column(tell("อ่านเอกสาร", "Reading"))
    table.add_column(tell("ควรดูก่อน", "Attention"), justify="right")
    table.add_column(tell("ผล", "Outcome"))
    for item in sorted(items, key=lambda item: item.submission):
        table.add_row(*_cells(item))
    return table


def _cells(item: Item) -> list[Text]:
    outcome, style = OUTCOMES[item.outcome]
    if item.elsewhere:
        outcome = tell(f"{outcome} (โดยรอบอื่น)", f"{outcome} (by another run)")
    drafted = item.score is not None
    reading = tell("อ่านได้บางส่วน", "partly") if item.problems else tell("ครบ", "whole")
    attention = tell(f"{item.doubts} ข้อ", f"{item.doubts}") if item.doubts else "-"
    return [
        Text(item.submission),
        Text(item.office_key or item.office or "-"),
        Text(str(item.score) if drafted else "-"),
        Text(_sureness(item.likelihood) if drafted else "-"),
        Text(str(item.documents) if drafted else "-"),
        Text(reading if drafted else "-", style="yellow" if item.problems else ""),
        Text(attention if drafted else "-"),
        Text(outcome, style=style),
    ]


def _sureness(likelihood: float) -> str:
    """Return a probability as people read it, never all or nothing: no model may claim that."""
    percent = round(100 * likelihood)
    return ">99%" if percent >= 100 else "<1%" if percent <= 0 else f"{percent}%"


def problem_lines(items: Sequence[Item]) -> list[Text]:
    """Return one line per document that could not be read, and per submission without a draft, with its reason."""
    lines = []
    for item in sorted(items, key=lambda item: item.submission):
        if item.reason is not None:
            told = item.reason.told(LANGUAGE)
            lines.append(Text(f"✗ {item.submission}: {told}", style="red"))
        lines += [
            Text(f"! {item.submission} / {problem.told(LANGUAGE)}", style="yellow")
            for problem in item.problems
        ]
    return lines


def left_alone_lines(left_alone: Sequence[Bilingual]) -> list[Text]:
    """Return one line for each thing that lay beside the submissions' folders and so was not read."""
    return [Text(f"! {told.told(LANGUAGE)}", style="yellow") for told in left_alone]


def closing_line(items: Sequence[Item], left: int) -> str:
    """Return one sentence on what the run did."""
    counts = {
        outcome: sum(1 for item in items if item.outcome == outcome and not item.elsewhere)
        for outcome in OUTCOMES
    }
    elsewhere = [item.outcome for item in items if item.elsewhere]
    if not items:
        return tell("ไม่มีชุดเอกสารในโฟลเดอร์นี้", "There are no submissions in this folder.")
    more = tell(f" เหลืออีก {left} ชุดที่ยังไม่ได้ตรวจ", f" {left} are left for the next run.") if left else ""
    if elsewhere:
        failed = elsewhere.count("failed")
        more = (
            tell(
                f" อีก {len(elsewhere)} ชุดทำโดยคำสั่งอื่นที่ตรวจโฟลเดอร์นี้พร้อมกัน (ไม่สำเร็จ {failed} ชุด)",
                f" {len(elsewhere)} more were done by others who screen this folder as well ({failed} failed).",
            )
            + more
        )
    if counts["unchanged"] == len(items):
        return (
            tell(
                f"ไม่มีอะไรใหม่: ทั้ง {len(items)} ชุดมีร่างอยู่แล้ว ไม่ได้ตรวจซ้ำ",
                f"Nothing new: all {len(items)} submissions are drafted already; none was screened again.",
            )
            + more
        )
    return (
        tell(
            f"ร่างใหม่ {counts['drafted']} ชุด มีร่างอยู่แล้ว {counts['unchanged']} ชุด ไม่สำเร็จ {counts['failed']} ชุด",
            f"{counts['drafted']} drafted, {counts['unchanged']} unchanged, {counts['failed']} failed.",
        )
        + more
    )
