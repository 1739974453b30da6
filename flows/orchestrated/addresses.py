"""The database's address among a run's parameters, which Prefect stores and shows: without its password.

A run knows by it which database it belongs to; the password comes from the environment of whoever carries it out.
"""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from flows.settings import load_settings
from rubric.exceptions import SettingsError
from rubric.language import Bilingual

HIDDEN = "hidden-by-khetcheck"


def shown(store: str) -> str:
    """Return the address with a word in the place of its password; nothing where it is no address."""
    try:
        url = make_url(store)
    except ArgumentError:
        return ""  # told by whoever opens it
    if url.password is not None:
        url = url.set(password=HIDDEN)
    if "password" in url.query:
        url = url.update_query_dict({"password": HIDDEN})
    return url.render_as_string(hide_password=False)


def found(store: str) -> str:
    """Return the address with its password, which ``KHETCHECK_STORE`` holds.

    Raises:
        SettingsError: this machine's environment names another database, or none.
    """
    if HIDDEN not in store:
        return store
    own = load_settings().store
    if own and shown(own) == store:
        return own
    told = store.replace(HIDDEN, "…")
    raise SettingsError(
        Bilingual(
            f"งานนี้ใช้ฐานข้อมูล {told} แต่เครื่องนี้ไม่ทราบรหัสผ่าน",
            f"This run belongs to the database {told}, whose password this machine does not know.",
        ),
        Bilingual(
            "ตั้ง KHETCHECK_STORE ให้เป็นที่อยู่เต็มของฐานข้อมูลนั้น ในสภาพแวดล้อมของโปรแกรมที่รันงาน",
            "Set KHETCHECK_STORE to its whole address in the environment of the worker.",
        ),
    )
