"""What the command line prints: one console for results, one for messages, and errors as sentences.

Results go to standard output, so that they can be piped; messages, progress and errors go to standard error.
"""

from __future__ import annotations

import logging
from functools import cache

from rich.console import Console
from rich.text import Text

from flows.language import LANGUAGE
from flows.machine_logs.json_lines import LEVELS, as_json, log
from rubric.exceptions import KhetcheckError
from rubric.language import Bilingual

PIPED_WIDTH = 110
"""Columns where the output goes into a file or a pipe, which have no width of their own."""


@cache
def output() -> Console:
    """Return the console for results; brackets in names and paths are letters to it, not rich's markup."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=PIPED_WIDTH)


@cache
def messages() -> Console:
    """Return the console for messages; brackets in names and paths are letters to it, too."""
    return Console(stderr=True, highlight=False, markup=False)


def say(text: Bilingual, style: str = "") -> None:
    """Print a message; its text is never read as markup."""
    if as_json():
        log(text.en, LEVELS.get(style, logging.INFO), th=text.th)
        return
    messages().print(Text(text.told(LANGUAGE), style=style), soft_wrap=True)


def say_error(error: KhetcheckError) -> None:
    """Print what happened and what can be done about it."""
    if as_json():
        log(error.told("en"), logging.ERROR, th=error.told("th"), code=error.code)
        return
    messages().print(Text(error.message.told(LANGUAGE), style="bold red"), soft_wrap=True)
    if remedy := error.remedy.told(LANGUAGE):
        messages().print(Text(remedy), soft_wrap=True)
