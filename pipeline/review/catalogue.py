"""The words of the interface in both languages, from one file, so that no screen speaks only one of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from rubric.language import Bilingual, Language

FILE = Path(__file__).with_name("catalogue.yaml")


class Catalogue:
    """The interface's texts by key.

    Args:
        texts: key -> text in both languages; ``{name}`` stands for a value.
    """

    def __init__(self, texts: Mapping[str, Bilingual]) -> None:
        self.texts = texts

    def told(self, key: str, language: Language, **values: object) -> str:
        """Return the text of ``key``.

        Raises:
            KeyError: the catalogue has no such text; a test holds that every key used is there.
        """
        text = self.texts[key].told(language)
        return text.format(**values) if values else text

    def both(self, key: str, **values: object) -> Bilingual:
        """Return the text of ``key`` in both languages."""
        return Bilingual(self.told(key, "th", **values), self.told(key, "en", **values))


@cache
def catalogue() -> Catalogue:
    """Return the bundled catalogue."""
    raw = yaml.safe_load(FILE.read_text("utf-8"))
    return Catalogue({key: Bilingual(str(both["th"]), str(both["en"])) for key, both in _flat(raw).items()})


def _flat(tree: Mapping[str, object], above: str = "") -> dict[str, dict[str, object]]:
    """Return the leaves of the file (``{th, en}``) under dotted keys."""
    leaves: dict[str, dict[str, object]] = {}
    for key, value in tree.items():
        if not isinstance(value, dict):
            raise ValueError(f"{above}{key}: a text needs th and en")
        if set(value) == {"th", "en"}:
            leaves[above + key] = value
        else:
            leaves |= _flat(value, f"{above}{key}.")
    return leaves
