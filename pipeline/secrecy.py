"""What is never shown or stored: passwords, keys and tokens, wherever an address or an error would carry them.

An address is kept and shown without its user part; a text that somebody else made (an error of a library, a traceback)
is gone through for addresses and for every secret this process has been given.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

MASK = "***"
SHORTEST = 3
"""Letters of a word that is looked for in texts; a shorter one would black out half of them."""
_SCHEME = r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*://)"
_USER = re.compile(_SCHEME + r"[^/\s?#'\"]*@")
# a password that holds ``/``, ``?`` or ``#`` without being quoted: no address any more, but a secret still
_USER_UNQUOTED = re.compile(_SCHEME + r"[^/\s@:'\"\[]*:(?!\d+(?:[/?#\s]|$))[^\s'\"]*@")
_QUERY = re.compile(
    r"(?P<name>[?&;][\w.\-]*(?:token|secret|passw|pwd|signature|credential|accesskey|auth|apikey|api_key|\bsig|\bkey)[\w.\-]*=)"
    r"[^&#\s'\"]*",
    re.IGNORECASE,
)
_words: set[str] = set()


def shown_address(url: str) -> str:
    """Return an address as it may be stored and shown: no user part, no secret in its query.

    >>> shown_address("sftp://bob:pw@host:22/in"), shown_address("https://host/x?token=abc&page=2")
    ('sftp://host:22/in', 'https://host/x?token=***&page=2')
    """
    if "://" not in url:
        return url
    for pattern in (_USER, _USER_UNQUOTED):
        url = pattern.sub(r"\g<scheme>", url)
    return _QUERY.sub(r"\g<name>" + MASK, url)


def holds_secret(url: str) -> bool:
    """Tell whether an address would be shown otherwise than it is."""
    return shown_address(url) != url


def withhold(words: Iterable[str]) -> None:
    """Remember secrets: no text that goes through :func:`without_secrets` holds them from now on."""
    for word in words:
        for form in (word, unquote(word), quote(word, safe="")):
            if len(form) >= SHORTEST:
                _words.add(form)


def withhold_of(url: str) -> None:
    """Remember the password in an address, and its user's name where there is a password or nothing else."""
    for part in url.split("::"):
        try:
            told = urlsplit(part)
            withhold([told.password or ""])
        except ValueError:  # no address at all; its user part is found by its looks
            continue


def without_secrets(text: str) -> str:
    """Return a text without user parts of addresses and without any secret that was remembered."""
    text = shown_address(text)
    for word in sorted(_words, key=len, reverse=True):
        text = text.replace(word, MASK)
    return text


def safe_cause(error: BaseException) -> BaseException | None:
    """Return the error as the cause of another, None where its own words or those before it hold a secret.

    Logs print whole chains of errors, the orchestrator's too.
    """
    told = "".join(traceback.format_exception(error))
    return error if without_secrets(told) == told else None
