"""Running the encoder: passages in, vectors and outputs out, by ONNX Runtime on one thread (processes scale, threads do not)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.columns import Columns
from models.encoder.inputs import EncoderInput, windows
from models.encoder.pieces import Vocabulary
from models.passages import Passage
from rubric.exceptions import ModelError
from rubric.language import Bilingual

MODEL, VOCABULARY, MANIFEST = "encoder.onnx", "vocabulary.json", "encoder.json"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """What the encoder says of n passages: ``vectors`` (n, width) and raw ``outputs`` (n, columns)."""

    vectors: Floats
    outputs: Floats


class Encoder:
    """A loaded encoder.

    Each passage is run alone: activations are quantised by batch, so in company its outputs would depend on that company, and one
    more document would move the evidence of all others. On one thread this costs no more. Passages of one call that read the
    same (text and context) are computed once, since plans repeat themselves.

    Args:
        folder: holds ``encoder.onnx``, ``vocabulary.json`` and ``encoder.json``.

    Attributes:
        later: authors who came after an encoder as well taught as this one and were scored by it; None where all kept scores come
            from encoders as good as this (enough folds over all authors).

    Raises:
        ModelError: a file is missing or is not the one the manifest names.
    """

    def __init__(self, folder: Path) -> None:
        manifest = _checked_manifest(folder)
        layout = manifest["columns"]
        self.columns = Columns(tuple(layout["points"]), tuple((p, key) for p, key in layout["facets"]))
        self.hash: str = manifest["files"][MODEL]
        later = manifest.get("later")
        self.later: frozenset[str] | None = None if later is None else frozenset(later)
        self._neighbours: bool = manifest["neighbours"]
        self._vocabulary = Vocabulary.load(folder / VOCABULARY)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL), options, providers=["CPUExecutionProvider"]
        )
        self._width: int = self._session.get_outputs()[0].shape[1]

    def encode(self, passages: Sequence[Passage]) -> Encoded:
        """Vectors and outputs of the passages, in order."""
        inputs = [windows(p, self._vocabulary, neighbours=self._neighbours) for p in passages]
        place = {made: row for row, made in enumerate(dict.fromkeys(inputs))}
        parts = [self._read(made) for made in place]
        if not parts:
            return Encoded(
                np.zeros((0, self._width), np.float32), np.zeros((0, len(self.columns.names)), np.float32)
            )
        order = [place[made] for made in inputs]
        return Encoded(
            np.concatenate([v for v, _ in parts])[order], np.concatenate([o for _, o in parts])[order]
        )

    def vectors(self, passages: Sequence[Passage]) -> Floats:
        """The standardised vectors alone, (n, width)."""
        return self.encode(passages).vectors

    def logits(self, passages: Sequence[Passage]) -> Floats:
        """The raw outputs alone, (n, columns); see ``columns.names``."""
        return self.encode(passages).outputs

    def _read(self, made: Sequence[EncoderInput]) -> tuple[Floats, Floats]:
        """One row of vectors and one of outputs for a passage's windows: what any of them shows, the passage shows.

        Role and vector are those of the window that shows most; a mean would dilute one clause in a long passage.
        """
        parts = [self._run(one) for one in made]
        if len(parts) == 1:
            return parts[0]
        outputs = np.concatenate([o for _, o in parts])
        first = int(outputs[:, self.columns.practice].max(1).argmax())
        merged = outputs.max(0, keepdims=True)
        merged[:, self.columns.roles] = outputs[first, self.columns.roles]
        return parts[first][0], merged

    def _run(self, made: EncoderInput) -> tuple[Floats, Floats]:
        ids = np.array([made.ids], np.int64)
        own = np.zeros_like(ids)
        own[0, made.context :] = 1
        mask = (ids != self._vocabulary.pad).astype(np.int64)
        vectors, outputs = self._session.run(["vectors", "outputs"], {"ids": ids, "mask": mask, "own": own})
        return vectors, outputs


def _checked_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        for name, wanted in manifest["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
                raise ModelError(
                    Bilingual(
                        f"ไฟล์ {name} ของตัวเข้ารหัสถูกแก้ไขหรือเสียหาย",
                        f"The encoder's file {name} was changed or is damaged.",
                    ),
                    Bilingual(
                        "ติดตั้งโปรแกรมใหม่ หรือสร้างแบบจำลองใหม่",
                        "Install the program again, or rebuild the model.",
                    ),
                )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            Bilingual(f"อ่านตัวเข้ารหัสใน {folder} ไม่ได้", f"The encoder in {folder} cannot be read: {error}."),
            Bilingual("ใช้ --quick หรือติดตั้งโปรแกรมใหม่", "Use --quick, or install the program again."),
        ) from error
    return manifest
