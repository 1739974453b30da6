"""Managing accounts from the page: first passwords, one's own password, and that somebody can always manage the others."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.people.users import (
    Person,
    Role,
    add_user,
    count_users,
    find_user,
    set_disabled,
    set_password,
    set_role,
)
from pipeline.store.tables import User
from rubric.exceptions import AccessError
from rubric.language import Bilingual

FIRST_PASSWORD = "first_password"
"""Preference of a person whose password was made by somebody else: pages ask for one of their own."""
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other on paper."""


def first_password() -> str:
    """Return a password to hand over once: sixteen letters and digits in four groups."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def add_person(session: Session, name: str, shown: str, role: Role) -> tuple[User, str]:
    """Make a user with a first password; returns both.

    Raises:
        AccessError: the name is taken or malformed; or it is the first user and no administrator, so that nobody could
            manage any further.
    """
    if count_users(session) == 0 and role != "admin":
        raise AccessError(
            Bilingual("ผู้ใช้คนแรกต้องเป็นผู้ดูแลระบบ", "The first user has to be an administrator."),
            Bilingual(
                "จากนั้นทุกคนต้องเข้าสู่ระบบ และผู้ดูแลระบบเพิ่มคนอื่นต่อได้",
                "From then on everybody logs in, and the administrator adds the others.",
            ),
        )
    password = first_password()
    user = add_user(session, name, password, role, shown)
    user.preferences = {FIRST_PASSWORD: True}
    return user, password


def give_new_password(session: Session, name: str) -> str:
    """Give a user who forgot theirs a new first password; their sessions end."""
    password = first_password()
    set_password(session, name, password)
    user = find_user(session, name)
    user.preferences = {**user.preferences, FIRST_PASSWORD: True}
    return password


def change_role(session: Session, by: Person, name: str, role: Role) -> None:
    """Give a user another role.

    Raises:
        AccessError: it is one's own, or the last administrator's.
    """
    user = find_user(session, name)
    if role != user.role:
        _leaves_somebody(session, by, user)
        set_role(session, name, role)


def shut_out(session: Session, by: Person, name: str, *, out: bool) -> None:
    """Shut a user out, or let them in again.

    Raises:
        AccessError: it is oneself, or the last administrator.
    """
    user = find_user(session, name)
    if out:
        _leaves_somebody(session, by, user)
    set_disabled(session, name, out)


def change_own_password(session: Session, person: Person, new: str, again: str) -> User:
    """Give a person the password that they chose; all their sessions end.

    Raises:
        AccessError: the two differ, or it is too short or too long.
    """
    if new != again:
        raise AccessError(Bilingual("รหัสผ่านใหม่สองช่องไม่ตรงกัน", "The two new passwords differ."))
    set_password(session, person.name, new)
    user = find_user(session, person.name)
    user.preferences = {key: value for key, value in user.preferences.items() if key != FIRST_PASSWORD}
    return user


def _leaves_somebody(session: Session, by: Person, user: User) -> None:
    if user.id == by.id:
        raise AccessError(
            Bilingual(
                "เปลี่ยนบทบาทหรือปิดใช้บัญชีของตนเองไม่ได้", "You cannot change your own role or shut yourself out."
            ),
            Bilingual("ให้ผู้ดูแลระบบคนอื่นทำ", "Ask another administrator."),
        )
    others = select(User.id).where(User.role == "admin", User.disabled_at.is_(None), User.id != user.id)
    if user.role == "admin" and session.scalar(others.limit(1)) is None:
        raise AccessError(
            Bilingual("ต้องมีผู้ดูแลระบบอย่างน้อยหนึ่งคน", "There has to be an administrator."),
            Bilingual("ตั้งผู้ดูแลระบบคนอื่นก่อน", "Make somebody else an administrator first."),
        )
