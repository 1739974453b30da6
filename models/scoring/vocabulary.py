"""The words that a model knows, so that new ones can be counted: for drift, and to see who writes unlike the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from models.scoring.model import LoadedModel
from models.scoring.words import WordsModel
from models.text.tokenizer import masked_words

LOOKED_AT = 80
"""Blocks of a submission whose words are looked at."""


def known_words(model: LoadedModel) -> frozenset[str]:
    """Return the single words of the model's text vocabulary; empty for a model without words."""
    for scorer, _ in model.scorers:
        if isinstance(scorer, WordsModel):
            return frozenset(word for word in scorer.words()["text"] if " " not in word)
    return frozenset()


def unknown_share(texts: Iterable[str], known: Collection[str]) -> float:
    """Return the share of the texts' words that are not among ``known``; 0 without words or without anything known.

    >>> unknown_share(["ประชุมครู"], {"ประชุม"})
    0.5
    """
    if not known:
        return 0.0
    words = [word for text in texts for word in masked_words(text)]
    return sum(word not in known for word in words) / len(words) if words else 0.0


def evenly(texts: Sequence[str]) -> list[str]:
    """Return at most ``LOOKED_AT`` of the texts, evenly spread over them."""
    return list(texts[:: max(1, -(-len(texts) // LOOKED_AT))])
