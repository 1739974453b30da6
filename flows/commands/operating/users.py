"""``khetcheck users``: who may use the review page, with which role, and keys for other systems."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.context import opened
from flows.language import LANGUAGE, tell
from flows.options import takes_store
from flows.terminal import output, say
from rubric.exceptions import AccessError
from rubric.language import Bilingual

if TYPE_CHECKING:
    from pipeline.review.people.users import Role

users = typer.Typer(
    help=tell(
        "ผู้ใช้ของหน้าตรวจ: เพิ่ม รายชื่อ รหัสผ่าน บทบาท", "Users of the review page: add, list, passwords, roles."
    ),
    no_args_is_help=True,
)
NameArgument = Annotated[str, typer.Argument(help=tell("ชื่อผู้ใช้", "User name."))]
RoleOption = Annotated[
    str,
    typer.Option(
        help=tell("บทบาท reviewer (ผู้ตรวจ) lead (หัวหน้าคณะ) admin (ผู้ดูแล)", "Role: reviewer, lead or admin.")
    ),
]
PasswordOption = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help=tell("อ่านรหัสผ่านจากอินพุต ไม่ถาม", "Read the password from standard input.")
    ),
]


@users.command("add", help=tell("เพิ่มผู้ใช้", "Add a user."))
@takes_store
def add(
    context: typer.Context,
    name: NameArgument,
    role: RoleOption = "reviewer",
    shown: Annotated[str, typer.Option("--name", help=tell("ชื่อที่แสดง", "Name to show."))] = "",
    password_stdin: PasswordOption = False,
) -> None:
    """Add a user; asks for the password, which is kept as a hash only."""
    from pipeline.review.people.users import add_user, check_new_user

    with opened(context) as (_, store):
        with store.reading() as session:
            check_new_user(session, name, _role(role))
        password = _password(password_stdin)
        with store.transaction() as session:
            add_user(session, name, password, _role(role), shown)
    say(Bilingual(f"เพิ่มผู้ใช้ {name} แล้ว", f"User {name} was added."))


@users.command("list", help=tell("รายชื่อผู้ใช้", "All users."))
@takes_store
def list_(context: typer.Context) -> None:
    """List the users with their roles."""
    from rich.table import Table

    from pipeline.review.people.users import all_users
    from pipeline.review.web.dates import day

    table = Table(
        *(
            tell(*pair)
            for pair in (
                ("ชื่อผู้ใช้", "User"),
                ("ชื่อที่แสดง", "Name"),
                ("บทบาท", "Role"),
                ("ตั้งแต่", "Since"),
                ("สถานะ", "State"),
            )
        )
    )
    with opened(context) as (_, store), store.reading() as session:
        for user in all_users(session):
            state = tell("ปิดใช้", "shut out") if user.disabled_at else tell("ใช้ได้", "active")
            table.add_row(user.name, user.display_name, user.role, day(user.created_at, LANGUAGE), state)
    output().print(table)


@users.command("password", help=tell("ตั้งรหัสผ่านใหม่", "Set a new password."))
@takes_store
def password(
    context: typer.Context,
    name: NameArgument,
    password_stdin: PasswordOption = False,
) -> None:
    """Set a new password; the user's sessions end."""
    from pipeline.review.people.users import find_user, set_password

    with opened(context) as (_, store), store.transaction() as session:
        find_user(session, name)
        set_password(session, name, _password(password_stdin))
    say(Bilingual(f"ตั้งรหัสผ่านใหม่ของ {name} แล้ว", f"{name} has a new password."))


@users.command("role", help=tell("เปลี่ยนบทบาท", "Change a role."))
@takes_store
def role(
    context: typer.Context,
    name: NameArgument,
    role: Annotated[str, typer.Argument(help="reviewer | lead | admin")],
) -> None:
    """Give a user another role."""
    from pipeline.review.people.users import set_role

    with opened(context) as (_, store), store.transaction() as session:
        set_role(session, name, _role(role))
    say(Bilingual(f"{name} เป็น {role} แล้ว", f"{name} is now {role}."))


@users.command("disable", help=tell("ปิดใช้ผู้ใช้ การตัดสินที่ทำไว้ยังอยู่", "Shut a user out; decisions stay."))
@takes_store
def disable(
    context: typer.Context,
    name: NameArgument,
    undo: Annotated[bool, typer.Option("--undo", help=tell("ให้กลับมาใช้ได้", "Let them in again."))] = False,
) -> None:
    """Shut a user out, or let them in again."""
    from pipeline.review.people.users import set_disabled

    with opened(context) as (_, store), store.transaction() as session:
        set_disabled(session, name, not undo)
    say(Bilingual(f"ปรับสถานะ {name} แล้ว", f"{name}: done."))


@users.command("token", help=tell("ออกกุญแจให้ระบบอื่นอ่านข้อมูล (JSON)", "Make a key for other systems (JSON)."))
@takes_store
def token(
    context: typer.Context,
    name: NameArgument,
    label: Annotated[str, typer.Option(help=tell("ใช้กับอะไร", "What it is for."))] = "",
    revoke: Annotated[
        bool, typer.Option("--revoke", help=tell("ยกเลิกกุญแจทั้งหมดของผู้ใช้นี้", "Take back all keys of this user."))
    ] = False,
) -> None:
    """Make a key, shown once; or take all keys of a user back."""
    from pipeline.review.people.users import make_token, revoke_tokens

    with opened(context) as (_, store), store.transaction() as session:
        if revoke:
            count = revoke_tokens(session, name)
            say(Bilingual(f"ยกเลิกกุญแจ {count} ดอกแล้ว", f"{count} keys were taken back."))
        else:
            typer.echo(make_token(session, name, label))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(
        typer.prompt(tell("รหัสผ่าน", "Password"), hide_input=True, confirmation_prompt=tell("อีกครั้ง", "Again"))
    )


def _role(name: str) -> Role:
    from pipeline.review.people.users import ROLES

    for known in ROLES:
        if known == name:
            return known
    raise AccessError(
        Bilingual(f"ไม่มีบทบาท {name}", f"There is no role {name}."),
        Bilingual(f"ใช้ {', '.join(ROLES)}", f"Use {', '.join(ROLES)}."),
    )
