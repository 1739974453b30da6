"""The command line's language: decided once, before any help text is built, from ``--lang``, the environment and the locale.

Thai is the first language: English is spoken only to those who ask for it or whose system is English. It is decided on
import, from the process's own arguments, because the help texts are made when the commands are defined, before any
option is parsed; deciding later would leave help in one language and messages in another.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from rubric.language import Bilingual, Language


def decide_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language for these arguments and this environment.

    >>> decide_language(["screen", "--lang", "en"], {}), decide_language([], {"LANG": "en_GB.UTF-8"})
    ('en', 'en')
    >>> decide_language([], {"LANG": "C.UTF-8"})
    'th'
    """
    for place, argument in enumerate(arguments):
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        asked = argument.removeprefix("--lang=") if argument.startswith("--lang=") else following
        if argument.startswith("--lang") and asked in ("th", "en"):
            return "en" if asked == "en" else "th"
    if environment.get("KHETCHECK_LANG") in ("th", "en"):
        return "en" if environment["KHETCHECK_LANG"] == "en" else "th"
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "th"


LANGUAGE: Language = decide_language(sys.argv[1:], os.environ)


def tell(thai: str, english: str) -> str:
    """Return the text in the language of this run."""
    return Bilingual(thai, english).told(LANGUAGE)
