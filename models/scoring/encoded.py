"""The encoder as a scorer: its own outputs, averaged with heads retrained on its vectors where a model brings such.

The encoder itself never changes after it was built. What reviewers teach goes into linear heads on its vectors, which
take minutes on any machine, and whose weight is learnt like everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.columns import Columns, Floats
from models.passages import Passage
from models.scoring.linear import LinearHeads, probabilities_of
from models.scoring.words import combined

if TYPE_CHECKING:
    from models.encoder.runtime import Encoder

BUNDLED_ENCODER = Path(__file__).parents[1] / "default" / "encoder"


@dataclass(frozen=True)
class EncoderScorer:
    """Scores passages by the encoder.

    Attributes:
        heads: linear heads on its vectors; None for its own outputs alone.
    """

    encoder: Encoder
    heads: LinearHeads | None = None

    def scores(self, passages: Sequence[Passage]) -> Floats:
        """Return (n, columns) probabilities."""
        encoded = self.encoder.encode(passages)
        return encoder_scores(encoded.outputs, encoded.vectors, self.heads, self.encoder.columns)


def encoder_scores(outputs: Floats, vectors: Floats, heads: LinearHeads | None, columns: Columns) -> Floats:
    """Turn the encoder's raw outputs (and the heads' answers on its vectors) into probabilities (n, columns)."""
    logits = outputs if heads is None else np.asarray((outputs + heads.logits(vectors)) / 2, np.float32)
    return combined(probabilities_of(logits, columns), columns)


def bundled() -> Encoder | None:
    """The encoder that came with the program, None where there is none."""
    return _load(BUNDLED_ENCODER) if (BUNDLED_ENCODER / "encoder.json").exists() else None


def bundled_encoder(wanted_hash: str, heads: LinearHeads | None = None) -> EncoderScorer | None:
    """The encoder that came with the program, None where it is missing or not the one a model was made with."""
    encoder = bundled()
    return EncoderScorer(encoder, heads) if encoder and encoder.hash == wanted_hash else None


@lru_cache(maxsize=1)
def _load(folder: Path) -> Encoder:
    from models.encoder.runtime import Encoder

    return Encoder(folder)
