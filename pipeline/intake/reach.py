"""Reaching a file system by its address: one place that knows fsspec's back ends and which package each needs."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from fsspec.core import url_to_fs

from rubric.exceptions import ExtraMissing
from rubric.language import Bilingual

EXTRAS = {"s3": "s3", "s3a": "s3", "sftp": "sftp", "ssh": "sftp", "http": "http", "https": "http"}
"""Which optional part of khetcheck brings the package that an address needs."""
IDLE_SECONDS = 60
"""Seconds of silence after which a connection is taken for dead; how long a whole file takes does not matter."""


def reach(url: str, options: Mapping[str, Any] | None = None) -> tuple[Any, str]:
    """Return the file system of an address and the path in it, connected anew.

    Raises:
        ExtraMissing: the package for such addresses is not installed.
    """
    protocol = url.split("://")[0].split("::")[-1]
    try:
        return _patient(protocol, url, dict(options or {}))
    except ImportError as error:
        raise _missing(protocol) from error


def is_http(url: str) -> bool:
    """Tell whether an address is of the web."""
    return url.startswith(("http://", "https://"))


def _patient(protocol: str, url: str, options: dict[str, Any]) -> tuple[Any, str]:
    if protocol in ("http", "https"):
        import aiohttp

        timeout = aiohttp.ClientTimeout(total=None, sock_connect=IDLE_SECONDS, sock_read=IDLE_SECONDS)
        url, login = _login_of(url)
        given = options.get("client_kwargs", {})
        headers = {**login, **given.get("headers", {})}
        options["client_kwargs"] = {"timeout": timeout, **given, "headers": headers}
    if protocol in ("sftp", "ssh"):
        options = {"timeout": IDLE_SECONDS, "banner_timeout": IDLE_SECONDS, **options}
    files, root = url_to_fs(url, skip_instance_cache=True, **options)
    if protocol in ("sftp", "ssh"):
        files.ftp.get_channel().settimeout(IDLE_SECONDS)
    return files, root


def basic_login(user: str, password: str) -> dict[str, str]:
    """Return the header by which a web server is told user and password."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def _login_of(url: str) -> tuple[str, dict[str, str]]:
    """Return a web address without its user part, and the header that says the same."""
    told = urlsplit(url)
    if "@" not in told.netloc:
        return url, {}
    plain = urlunsplit(told._replace(netloc=told.netloc.rpartition("@")[2]))
    return plain, basic_login(unquote(told.username or ""), unquote(told.password or ""))


def _missing(protocol: str) -> ExtraMissing:
    extra = EXTRAS.get(protocol)
    if extra is None:
        return ExtraMissing(
            Bilingual(
                f"เปิดที่อยู่แบบ {protocol}:// ไม่ได้ เพราะไม่ได้ติดตั้งส่วนที่ต้องใช้",
                f"Addresses of the kind {protocol}:// cannot be opened: the package for them is not installed.",
            ),
            Bilingual("ติดตั้งแพ็กเกจของ fsspec สำหรับที่อยู่แบบนี้", "Install fsspec's package for it."),
        )
    return ExtraMissing(
        Bilingual(
            f"เปิดที่อยู่แบบ {protocol}:// ไม่ได้ เพราะไม่ได้ติดตั้งส่วนเสริม [{extra}]",
            f"Addresses of the kind {protocol}:// cannot be opened: the extra [{extra}] is not installed.",
        ),
        Bilingual(
            f'ติดตั้งด้วย pip install -c constraints.txt "khetcheck[{extra}]"',
            f'Install it: pip install -c constraints.txt "khetcheck[{extra}]".',
        ),
    )
