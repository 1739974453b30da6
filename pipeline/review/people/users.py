"""Users with their roles and tokens: made by ``khetcheck users``, checked by the page."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.intake.names import safe_name
from pipeline.review.people.passwords import hash_password
from pipeline.review.settings import LOCAL_USER
from pipeline.store.tables import Token, User, now
from rubric.exceptions import AccessError, NotFoundError
from rubric.language import Bilingual

Role = Literal["reviewer", "lead", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
_LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,60}")


@dataclass(frozen=True, slots=True)
class Person:
    """A user as the page shows and asks; detached from the database.

    Attributes:
        preferences: ``language``, ``keys`` and the like, as kept.
    """

    id: int
    name: str
    shown: str
    role: Role
    session_key: str
    preferences: dict[str, object]

    @classmethod
    def of(cls, row: User) -> Person:
        """Return the person of a row."""
        role: Role = "admin" if row.role == "admin" else "lead" if row.role == "lead" else "reviewer"
        return cls(
            row.id, row.name, row.display_name or row.name, role, row.session_key, dict(row.preferences)
        )

    def is_at_least(self, role: Role) -> bool:
        """Tell whether this person may do what ``role`` may."""
        return ROLES.index(self.role) >= ROLES.index(role)


def add_user(session: Session, name: str, password: str, role: Role, shown: str = "") -> User:
    """Make a user.

    Raises:
        AccessError: the name is taken or malformed, the role unknown, or the password too short.
    """
    login = check_new_user(session, name, role)
    user = User(
        name=login,
        display_name=safe_name(shown)[:100],
        role=role,
        password_hash=hash_password(password),
        session_key=secrets.token_urlsafe(16),
        preferences={},
    )
    session.add(user)
    session.flush()
    return user


def check_new_user(session: Session, name: str, role: Role) -> str:
    """Return the login name as it is kept; asked before anybody is asked for a password.

    Raises:
        AccessError: the name is taken or malformed, or the role unknown.
    """
    if role not in ROLES:
        raise AccessError(
            Bilingual(f"ไม่มีบทบาท {role}", f"There is no role {role}."),
            Bilingual(f"ใช้ {', '.join(ROLES)}", f"Use {', '.join(ROLES)}."),
        )
    login = name.strip().lower()
    if not _LOGIN_NAME.fullmatch(login) or login == LOCAL_USER:
        raise AccessError(
            Bilingual(f"ชื่อผู้ใช้ {name!r} ใช้ไม่ได้", f"The user name {name!r} cannot be used."),
            Bilingual("ชื่อนี้ระบบใช้เอง เลือกชื่ออื่น", "The program uses this name itself; choose another.")
            if login == LOCAL_USER
            else Bilingual(
                "ใช้ตัวอักษร a–z ตัวเลข จุด หรือขีด ยาว 2–60 ตัว",
                "Use a to z, digits, dots and dashes, 2 to 60 of them.",
            ),
        )
    if session.scalar(select(User.id).where(User.name == login)) is not None:
        raise AccessError(Bilingual(f"มีผู้ใช้ {login} อยู่แล้ว", f"There is already a user {login}."))
    return login


def find_user(session: Session, name: str) -> User:
    """Return the user of a login name.

    Raises:
        NotFoundError: there is none.
    """
    user = session.scalar(select(User).where(User.name == name.strip().lower()))
    if user is None:
        raise NotFoundError(Bilingual(f"ไม่มีผู้ใช้ {name}", f"There is no user {name}."))
    return user


def set_password(session: Session, name: str, password: str) -> None:
    """Give a user a new password and end all their sessions."""
    user = find_user(session, name)
    user.password_hash = hash_password(password)
    user.session_key = secrets.token_urlsafe(16)


def set_role(session: Session, name: str, role: Role) -> None:
    """Give a user another role, from the next request on."""
    find_user(session, name).role = role


def set_disabled(session: Session, name: str, disabled: bool) -> None:
    """Shut a user out, or let them in again; what they decided stays. Their sessions end, their tokens too."""
    user = find_user(session, name)
    user.disabled_at = now() if disabled else None
    user.session_key = secrets.token_urlsafe(16)


def all_users(session: Session) -> list[User]:
    """Return all users but the one of single-user mode, by name."""
    return list(session.scalars(select(User).where(User.name != LOCAL_USER).order_by(User.name)))


def login_names(session: Session) -> dict[int, str]:
    """Return the name under which each user logs in, by number."""
    return {user.id: user.name for user in session.scalars(select(User))}


def shown_names(session: Session, users: Sequence[int]) -> list[str]:
    """Return the names of these users as pages show them."""
    return [
        user.display_name or user.name for user in session.scalars(select(User).where(User.id.in_(users)))
    ]


def count_users(session: Session) -> int:
    """Return how many users could log in."""
    could = select(func.count()).select_from(User)
    return session.scalar(could.where(User.name != LOCAL_USER, User.disabled_at.is_(None))) or 0


def find_local(session: Session) -> User | None:
    """Return the user of single-user mode, None before the first visit."""
    return session.scalar(select(User).where(User.name == LOCAL_USER))


def local_user(session: Session) -> User:
    """Return the one user of single-user mode, made on first use; nobody can log in under this name."""
    user = find_local(session)
    if user is None:
        user = User(name=LOCAL_USER, role="admin", session_key=secrets.token_urlsafe(16), preferences={})
        session.add(user)
        session.flush()
    return user


def make_token(session: Session, name: str, label: str = "") -> str:
    """Make a key with which another system reads the JSON pages in this user's name; shown once, kept as a hash."""
    secret = "khet_" + secrets.token_urlsafe(32)
    session.add(Token(user_id=find_user(session, name).id, label=label[:100], token_hash=_digest(secret)))
    return secret


def user_of_token(session: Session, secret: str) -> User | None:
    """Return whose key ``secret`` is; None where it is unknown, revoked, or its user shut out."""
    token = session.scalar(
        select(Token).where(Token.token_hash == _digest(secret), Token.revoked_at.is_(None))
    )
    user = session.get(User, token.user_id) if token else None
    return user if user and user.disabled_at is None else None


def revoke_tokens(session: Session, name: str) -> int:
    """Take back all keys of a user; returns how many there were."""
    owner = find_user(session, name).id
    tokens = session.scalars(select(Token).where(Token.user_id == owner, Token.revoked_at.is_(None))).all()
    for token in tokens:
        token.revoked_at = now()
    return len(tokens)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
