"""The words that a model knows, so that new ones can be counted."""

from __future__ import annotations

from models.model import LoadedModel
from models.words import WordsModel


def known_words(model: LoadedModel) -> frozenset[str]:
    """Return the single words of the model's text vocabulary; empty for a model without words."""
    for scorer, _ in model.scorers:
        if isinstance(scorer, WordsModel):
            return frozenset(word for word in scorer.words()["text"] if " " not in word)
    return frozenset()
