"""``khetcheck findings``: what was found, where it stands, what people say of it, and how often each kind is right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import JsonOption, takes_store
from flows.terminal import output, say
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.drafts import FindingState
    from pipeline.store.findings import Told

findings = typer.Typer(
    help=tell(
        "ข้อสังเกต: รายการ ปิด เปิดอีกครั้ง ความแม่นยำ ข้อความที่ใช้ร่วมกัน",
        "Findings: list, dismiss, reopen, precision, wording that many share.",
    ),
    no_args_is_help=True,
)
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help=tell("รหัสของข้อสังเกต", "The finding's key."))]
ByOption = Annotated[str, typer.Option("--by", help=tell("ใครเป็นผู้ตัดสิน", "Who decides."))]
NoteOption = Annotated[str, typer.Option("--note", help=tell("บันทึกเพิ่มเติม", "A note."))]


@findings.command("list", help=tell("รายการข้อสังเกตและสถานะ", "All findings, and where each stands."))
@takes_store
def list_(
    context: typer.Context,
    submission: Annotated[
        str | None, typer.Option(help=tell("เฉพาะชุดเอกสารนี้", "This submission only."), show_default=False)
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help=tell("เฉพาะชนิดนี้", "This kind only."), show_default=False)
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="open | dismissed | fixed | not_seen", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List findings; kinds that went quiet come last, behind their number, unless they are asked for."""
    from pipeline.findings.kinds import KINDS, kind_told
    from pipeline.store.findings import list_findings, quiet_kinds

    if kind is not None and kind not in KINDS:
        raise _unknown("ชนิด", "kind", kind, KINDS)
    with opened(context) as (_, store), store.reading() as session:
        told = list_findings(session, submission, kind, _state(state))
        quiet = quiet_kinds(session)
    if as_json:
        typer.echo(json.dumps([_row(one, quiet) for one in told], ensure_ascii=False, indent=1))
        return
    loud = [one for one in told if one.finding.kind == kind or one.finding.kind not in quiet]
    for one in loud:
        _print(one)
    for name in sorted(quiet):
        count = sum(one.finding.kind == name for one in told)
        if count and name != kind:
            label = kind_told(name)
            output().print(
                tell(
                    f"… {label.th}: {count} รายการ ไม่แสดง เพราะผู้ตรวจปิดชนิดนี้เกินครึ่ง (ดูด้วย --kind {name})",
                    f"… {label.en}: {count} not shown, since reviewers dismissed more than half of this kind "
                    f"(see them with --kind {name})",
                ),
                soft_wrap=True,
            )
    if not told:
        output().print(tell("ไม่มีข้อสังเกต", "There are no findings."))


@findings.command("dismiss", help=tell("ปิดข้อสังเกตพร้อมเหตุผล", "Dismiss a finding, with a reason."))
@takes_store
def dismiss(
    context: typer.Context,
    key: KeyArgument,
    reason: Annotated[
        str,
        typer.Option("--reason", help="wrong | in_order | irrelevant | settled | duplicate"),
    ],
    by: ByOption,
    note: NoteOption = "",
) -> None:
    """Dismiss a finding; it stays dismissed while its content stays the same."""
    from pipeline.store.findings import act_on

    with opened(context) as (_, store):
        told = store.carry_out(
            lambda session: act_on(session, key, "dismissed", who=by, reason=reason, note=note)
        )
    say(Bilingual(f"ปิดข้อสังเกตของ {told.submission} แล้ว", f"Dismissed, of {told.submission}."))


@findings.command("reopen", help=tell("เปิดข้อสังเกตที่ปิดไว้อีกครั้ง", "Open a dismissed finding again."))
@takes_store
def reopen(context: typer.Context, key: KeyArgument, by: ByOption, note: NoteOption = "") -> None:
    """Open a dismissed finding again; the dismissal stays in the record."""
    from pipeline.store.findings import act_on

    with opened(context) as (_, store):
        told = store.carry_out(lambda session: act_on(session, key, "reopened", who=by, note=note))
    say(Bilingual(f"เปิดข้อสังเกตของ {told.submission} อีกครั้งแล้ว", f"Open again, of {told.submission}."))


@findings.command("precision", help=tell("ข้อสังเกตแต่ละชนิดถูกบ่อยเพียงใด", "How often each kind is right."))
@takes_store
def precision(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show each kind's record from what reviewers dismissed and let stand."""
    from pipeline.findings.kinds import kind_told
    from pipeline.findings.precision import QUIET_FROM
    from pipeline.store.findings import precision_of_kinds

    with opened(context) as (_, store), store.reading() as session:
        records = precision_of_kinds(session)
    if as_json:
        rows = [
            {
                "kind": one.kind,
                "right": one.right,
                "wrong": one.wrong,
                "idle": one.idle,
                "precision": one.share,
                "quiet": one.quiet,
            }
            for one in records.values()
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for one in records.values():
        share = f"{one.share:.0%}" if one.share is not None else "-"
        quiet = tell(" เงียบแล้ว", " quiet") if one.quiet else ""
        output().print(f"{share:>5}  {one.decided:5}  {kind_told(one.kind).told(LANGUAGE)}{quiet}")
    output().print(
        tell(
            f"เมื่อผู้ตรวจดูแล้ว {QUIET_FROM} รายการ ชนิดที่เกินครึ่งไม่จริงหรือไม่มีผล ต่อไปแสดงเพียงจำนวน ไม่มีการลบ",
            f"A kind of which, after {QUIET_FROM} decisions, more than half were wrong or of no bearing goes quiet: "
            "still stored, shown as a number.",
        ),
        soft_wrap=True,
    )


@findings.command(
    "common",
    help=tell("ข้อความที่สำนักงานจำนวนมากใช้ร่วมกัน", "Wording that many offices share, with its first source."),
)
@takes_store
def common(
    context: typer.Context,
    year: Annotated[
        int | None, typer.Option(help=tell("เฉพาะปีงบประมาณนี้", "This fiscal year only."), show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the register of wording that so many offices share that it is no likeness between two of them."""
    from pipeline.store.common_wording import common_wording

    with opened(context) as (_, store), store.reading() as session:
        rows: list[dict[str, Any]] = [
            {
                "fiscal_year": row.fiscal_year or None,
                "offices": row.offices,
                "first_source": {"submission": row.submission, "document": row.file, "page": row.page},
                "first_seen": row.first_seen_at.isoformat(),
                "text": row.text,
            }
            for row in common_wording(session, year)
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        source = row["first_source"]
        output().print(
            f"{row['fiscal_year'] or '-'}  "
            + tell(
                f"{row['offices']} เขต พบครั้งแรกใน {source['submission']} / {source['document']}",
                f"{row['offices']} offices, first seen in {source['submission']} / {source['document']}",
            ),
            soft_wrap=True,
        )
        output().print(f"    {row['text'][:160]}", soft_wrap=True)
    if not rows:
        output().print(tell("ยังไม่มีข้อความที่ใช้ร่วมกัน", "No shared wording is registered yet."))


def _print(one: Told) -> None:
    finding = one.finding
    place = " / ".join(filter(None, [one.submission, finding.document]))
    page = tell(f" หน้า {finding.page}", f" page {finding.page}") if finding.page else ""
    output().print(f"{finding.key}  {_state_told(one.state)}  {place}{page}", soft_wrap=True)
    message = finding.message if LANGUAGE == "th" else finding.message_en
    output().print(f"    {message}", soft_wrap=True)
    if finding.note is not None:
        output().print(f"    {finding.note.told(LANGUAGE)}", soft_wrap=True)
    if finding.quote:
        output().print(f"    “{finding.quote[:160]}”", soft_wrap=True)


def _row(one: Told, quiet: frozenset[str]) -> dict[str, Any]:
    act = one.standing.act
    return {
        "submission": one.submission,
        **one.finding.model_dump(mode="json"),
        "state": one.state,
        "quiet": one.finding.kind in quiet,
        "act": None
        if act is None
        else {
            "what": act.what,
            "reason": act.reason,
            "note": act.note,
            "who": act.who,
            "at": act.at.isoformat(),
        },
    }


def _state(name: str | None) -> FindingState | None:
    from pipeline.drafts import FindingState

    for known in get_args(FindingState):
        if name == known:
            return known  # type: ignore[no-any-return]
    if name is not None:
        raise _unknown("สถานะ", "state", name, get_args(FindingState))
    return None


def _state_told(state: str) -> str:
    return {
        "open": tell("ยังไม่ตัดสิน", "open"),
        "dismissed": tell("ปิดแล้ว", "dismissed"),
        "fixed": tell("แก้ไขแล้ว", "fixed"),
        "not_seen": tell("ไม่พบอีก", "not seen again"),
    }[state]


def _unknown(thai: str, english: str, given: str, known: Any) -> SettingsError:
    return SettingsError(
        Bilingual(f"ไม่มี{thai} {given}", f"There is no {english} {given}."),
        Bilingual(f"ใช้ {', '.join(known)}", f"Use {', '.join(known)}."),
    )
