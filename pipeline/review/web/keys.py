"""The keys of the case page: one list for the page, the help overlay, the buttons' labels and the settings.

Keys are named by their place (``event.code``), so that they work with a Thai layout, and each person may move them or
turn the single keys off (WCAG 2.1.4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PREFERENCE = "keys"
_CODE = re.compile(r"(Ctrl\+)?(Shift\+)?(Key[A-Z]|Digit[0-9]|Numpad[0-9]|F([1-9]|1[0-2])|Enter|Space|Escape|Page(Up|Down)|"
                   r"Arrow(Up|Down|Left|Right)|Equal|Minus|Slash|Comma|Period|Semicolon|Quote|Bracket(Left|Right)|Backslash|Backquote|"
                   r"NumpadAdd|NumpadSubtract|Delete|Backspace|Home|End)")  # fmt: skip
_SHOWN = {
    "Equal": "=", "Minus": "-", "Slash": "/", "Comma": ",", "Period": ".", "ArrowUp": "↑", "ArrowDown": "↓",
    "ArrowLeft": "←", "ArrowRight": "→", "PageUp": "PgUp", "PageDown": "PgDn", "BracketLeft": "[", "BracketRight": "]",
    "Semicolon": ";", "Quote": "'", "Backslash": "\\", "Backquote": "`", "Escape": "Esc", "NumpadAdd": "Num +",
    "NumpadSubtract": "Num -",
}  # fmt: skip


_THAI = dict(
    zip(
        [*(f"Key{letter}" for letter in "QWERTYUIOPASDFGHJKLZXCVBNM"), *(f"Digit{at}" for at in "1234567890")],
        "ๆไำพะัีรนยฟหกดเ้่าสผปแอิืทๅ/-ภถุึคตจ",
        strict=True,
    )
) | {
    "Minus": "ข", "Equal": "ช", "BracketLeft": "บ", "BracketRight": "ล", "Backslash": "ฃ", "Semicolon": "ว", "Quote": "ง",
    "Comma": "ม", "Period": "ใ", "Slash": "ฝ",
}  # fmt: skip
"""The letters that stand on the same keys of a Thai keyboard (Kedmanee, without Shift)."""
_HANGING = frozenset("ั้่ิืีุึ")
"""Thai signs that stand on no ground of their own; shown on a dotted circle."""


@dataclass(frozen=True, slots=True)
class Key:
    """One act that has a key.

    Attributes:
        act: name of the act in the page's code; its text is ``keys.<act>`` in the catalogue.
        code: the key's place, with ``Ctrl+`` and ``Shift+`` before it.
        group: heading under which the help lists it.
    """

    act: str
    code: str
    group: str


DEFAULTS: tuple[Key, ...] = (
    Key("level_not_done", "KeyQ", "point"),
    Key("level_done", "KeyW", "point"),
    Key("level_clear", "KeyE", "point"),
    Key("confirm", "Enter", "point"),
    Key("note", "KeyM", "point"),
    Key("next_point", "BracketRight", "point"),
    Key("previous_point", "BracketLeft", "point"),
    Key("asked", "KeyH", "point"),
    Key("ask_colleague", "KeyC", "point"),
    Key("next_passage", "KeyN", "evidence"),
    Key("previous_passage", "KeyP", "evidence"),
    Key("good", "Equal", "evidence"),
    Key("bad", "Minus", "evidence"),
    Key("edit", "KeyT", "evidence"),
    Key("add", "KeyA", "evidence"),
    Key("next_block", "KeyJ", "page"),
    Key("previous_block", "KeyK", "page"),
    Key("next_sheet", "PageDown", "page"),
    Key("previous_sheet", "PageUp", "page"),
    Key("find", "Slash", "page"),
    Key("zoom", "KeyZ", "page"),
    Key("zoom_in", "Shift+Equal", "page"),
    Key("zoom_out", "Shift+Minus", "page"),
    Key("text", "KeyX", "page"),
    Key("next_document", "Ctrl+ArrowRight", "page"),
    Key("previous_document", "Ctrl+ArrowLeft", "page"),
    Key("undo", "KeyU", "case"),
    Key("redo", "Shift+KeyU", "case"),
    Key("skip", "KeyS", "case"),
    Key("flag", "KeyF", "case"),
    Key("finish", "Ctrl+Enter", "case"),
    Key("score_table", "KeyV", "case"),
    Key("queue", "KeyG", "case"),
    Key("legend", "KeyL", "case"),
    Key("help", "Shift+Slash", "case"),
)


def keys_of(preferences: Mapping[str, object]) -> dict[str, str]:
    """Return act -> key for a person; acts moved to no valid key keep their own."""
    own = preferences.get(PREFERENCE)
    moved = own if isinstance(own, dict) else {}
    return {key.act: str(moved[key.act]) if is_key(moved.get(key.act)) else key.code for key in DEFAULTS}


def is_key(code: object) -> bool:
    """Tell whether ``code`` names a key that can be chosen."""
    return isinstance(code, str) and _CODE.fullmatch(code) is not None


def shown(code: str) -> str:
    """Return what stands on the key: ``KeyQ`` is Q, ``Shift+Slash`` is ?."""
    if code in ("Shift+Slash", "Shift+Equal"):
        return "?" if code == "Shift+Slash" else "+"
    *held, last = code.split("+")
    name = _SHOWN.get(last) or re.sub(r"^(Key|Digit|Numpad)", "", last)
    return "+".join([*held, name])


def keycap(code: str) -> tuple[str, str]:
    """Return what stands on the key, in Latin and in Thai; the Thai is empty where it is the same or there is none.

    >>> keycap("KeyQ"), keycap("Shift+KeyU"), keycap("Enter")
    (('Q', 'ๆ'), ('Shift+U', 'Shift+◌ี'), ('Enter', ''))
    """
    *held, last = code.split("+")
    thai = _THAI.get(last, "")
    return shown(code), "+".join([*held, f"◌{thai}" if thai in _HANGING else thai]) if thai else ""


def keycaps() -> dict[str, str]:
    """Return place -> what stands there in both, for a page that shows a key as it is pressed."""
    codes = [*_THAI, *_SHOWN, *(key.code for key in DEFAULTS)]
    return {code: " ".join(filter(None, keycap(code))) for code in codes}


def single_keys_on(preferences: Mapping[str, object]) -> bool:
    """Tell whether keys without Ctrl act; some people speak to their computer, and words are full of letters."""
    return preferences.get("single_keys") is not False
