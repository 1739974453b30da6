"""Starting a round: from a folder, a source or what was sent; only where it may, and never twice at once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from pipeline.intake.names import address
from pipeline.review.rounds.overview import views_of
from pipeline.review.rounds.running import Runner, Screening, asked_of
from pipeline.store.tables import Round
from pipeline.store.work.rounds import note_round
from rubric.exceptions import AccessError, NotFoundError, UserError
from rubric.language import Bilingual


def folder_inbox(screening: Screening, given: str, *, alone: bool) -> str:
    """Return the address of a folder of this machine that a round may be started from.

    Args:
        alone: one person alone uses the page, on the machine itself.

    Raises:
        AccessError: rounds may not be started from there.
        NotFoundError: there is no such folder.
    """
    folder = Path(given.strip()).expanduser()
    if not given.strip() or "://" in given or "\0" in given:
        raise _no_folder(given)
    try:
        real = folder.resolve()
    except (OSError, RuntimeError) as error:
        raise _no_folder(given) from error
    inside = any(real.is_relative_to(root.resolve()) for root in screening.roots)
    if not inside and not (alone and screening.any_folder and not screening.roots):
        raise AccessError(
            Bilingual("เริ่มรอบจากโฟลเดอร์นี้ไม่ได้", "No round may be started from this folder."),
            Bilingual(
                "ผู้ดูแลระบบกำหนดโฟลเดอร์ที่อนุญาตด้วย KHETCHECK_INBOX_ROOTS",
                "Whoever maintains this names the allowed folders by KHETCHECK_INBOX_ROOTS.",
            ),
        )
    if not real.is_dir():
        raise _no_folder(given)
    return str(real)


def source_inbox(screening: Screening, name: str) -> str:
    """Return the address of a configured source.

    Raises:
        NotFoundError: there is none of that name.
    """
    if name not in screening.sources:
        raise NotFoundError(Bilingual("ไม่มีแหล่งเอกสารนี้", "There is no such source."))
    return screening.sources[name]


def start_round(
    session: Session, runner: Runner, inbox: str, *, kind: str, label: str, quick: bool, by: int | None
) -> Round:
    """Start, or go on with, the round of an inbox.

    Raises:
        UserError: it is running already.
    """
    row = note_round(session, address(inbox))
    if views_of(session, runner, [row])[0].under_way:
        raise UserError(Bilingual("รอบนี้กำลังทำงานอยู่แล้ว", "This round is running already."))
    row.kind, row.quick, row.started_by = kind, quick, by
    row.label = label or row.label
    row.process = runner.start(row.id, asked_of(row) if kind == "source" else inbox, quick=quick)
    session.flush()
    return row


def _no_folder(given: str) -> NotFoundError:
    return NotFoundError(
        Bilingual("ไม่พบโฟลเดอร์นี้ในเครื่องแม่ข่าย", "There is no such folder on the server."),
        Bilingual("ตรวจสอบเส้นทางของโฟลเดอร์", "Check the folder's path."),
    )
