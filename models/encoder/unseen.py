"""Scores of corpus passages by encoders that had not seen their authors, kept beside the encoder.

What an encoder says of text it was taught on flatters it. Calibration, thresholds and the judgement of points are therefore
learnt from these scores, and so training the rest of the model needs no torch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.labelled import LabelledPassage
from rubric.exceptions import ModelError
from rubric.language import Bilingual

UNSEEN = "unseen.npz"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class UnseenScores:
    """Raw outputs (n, columns) by key of the passage."""

    keys: tuple[str, ...]
    outputs: Floats

    @classmethod
    def none(cls, columns: int) -> UnseenScores:
        """No scores yet."""
        return cls((), np.zeros((0, columns), np.float32))

    def with_rows(self, rows: Sequence[LabelledPassage], outputs: Floats) -> UnseenScores:
        """Add the outputs of ``rows``."""
        return UnseenScores(
            (*self.keys, *map(_key, rows)), np.concatenate([self.outputs, outputs]).astype(np.float32)
        )

    def of(self, rows: Sequence[LabelledPassage]) -> tuple[Floats, NDArray[np.bool_]]:
        """Outputs of ``rows`` and which of them are known; unknown rows are zeros."""
        place = {key: i for i, key in enumerate(self.keys)}
        found = [place.get(_key(row), -1) for row in rows]
        known = np.array([at >= 0 for at in found], np.bool_)
        outputs = np.zeros((len(rows), self.outputs.shape[1]), np.float32)
        outputs[known] = self.outputs[[at for at in found if at >= 0]]
        return outputs, known

    def save(self, folder: Path) -> None:
        """Write the scores into the encoder's folder."""
        np.savez_compressed(
            folder / UNSEEN, keys=np.array(self.keys), outputs=self.outputs.astype(np.float16)
        )

    @classmethod
    def load(cls, folder: Path) -> UnseenScores:
        """Read what :meth:`save` wrote.

        Raises:
            ModelError: the file is missing or damaged.
        """
        try:
            with np.load(folder / UNSEEN, allow_pickle=False) as file:
                return cls(tuple(map(str, file["keys"])), file["outputs"].astype(np.float32))
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                Bilingual(
                    f"อ่านคะแนนสำหรับปรับเทียบใน {folder} ไม่ได้",
                    f"The scores for calibration in {folder} cannot be read.",
                ),
                Bilingual(
                    "ติดตั้งโปรแกรมใหม่ หรือสร้างตัวเข้ารหัสใหม่", "Install the program again, or rebuild the encoder."
                ),
            ) from error


def _key(row: LabelledPassage) -> str:
    """Where the passage stands and what it says, so that changed text is not taken for the old."""
    text = hashlib.blake2b(row.passage.text.encode(), digest_size=6).hexdigest()
    return f"{row.office}/{row.document}/{row.position}/{text}"
