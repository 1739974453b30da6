"""Teaching the encoder on labelled passages: lower layers frozen and their output cached, upper layers trained.

A share of the passages is shown without context each epoch, so that
text which comes without headings is judged as well. What is kept are not the last weights but their running mean, which
depends less on the passages that happened to come last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.columns import Columns, Targets
from models.encoder.inputs import EncoderInput
from models.encoder.loss import Loss
from models.encoder.network import Network

_AT_ONCE = 64
"""Passages that go through the network together where nothing is learnt."""


@dataclass(frozen=True)
class Recipe:
    """Settings of a training run.

    Attributes:
        frozen: how many of the lowest layers are not trained.
        rate: learning rate of the top layer; each layer below learns at ``layer_decay`` times the one above.
        bare: probability that a passage is shown without context.
        contrast: weight of the contrastive term.
        memory: how slowly the running mean of the weights forgets, per step; 0 keeps the last weights.
    """

    frozen: int = 4
    epochs: int = 5
    batch: int = 16
    rate: float = 2.5e-4
    head_rate: float = 2e-3
    layer_decay: float = 0.9
    bare: float = 0.2
    contrast: float = 0.5
    memory: float = 0.995
    dropout: float = 0.2
    seed: int = 1


@dataclass(frozen=True)
class Shown:
    """Inputs of all passages with context and bare, as the frozen layers give them."""

    hidden: list[Tensor]
    context: list[int]

    def of(self, places: Sequence[int]) -> Shown:
        """The passages at ``places`` alone; nothing is copied."""
        return Shown([self.hidden[at] for at in places], [self.context[at] for at in places])


def freeze(network: Network, inputs: Sequence[EncoderInput], layers: int, pad: int) -> Shown:
    """Run the lowest ``layers`` once over all inputs and keep the result."""
    hidden: list[Tensor] = [torch.empty(0)] * len(inputs)
    order = sorted(range(len(inputs)), key=lambda i: len(inputs[i].ids))
    network.eval()
    with torch.inference_mode():
        for start in range(0, len(order), _AT_ONCE):
            chosen = order[start : start + _AT_ONCE]
            longest = max(len(inputs[i].ids) for i in chosen)
            ids = torch.tensor([[*inputs[i].ids, *[pad] * (longest - len(inputs[i].ids))] for i in chosen])
            out = network.run(network.embed(ids), ids != pad, 0, layers)
            for row, i in enumerate(chosen):
                hidden[i] = out[row, : len(inputs[i].ids)].half()
    return Shown(hidden, [i.context for i in inputs])


def collate(shown: Shown, chosen: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Pad the chosen passages' hidden states; return states, mask, and which pieces are the block's own."""
    longest = max(len(shown.hidden[i]) for i in chosen)
    width = shown.hidden[chosen[0]].shape[1]
    states = torch.zeros(len(chosen), longest, width)
    mask = torch.zeros(len(chosen), longest, dtype=torch.bool)
    own = mask.clone()
    for row, i in enumerate(chosen):
        length = len(shown.hidden[i])
        states[row, :length] = shown.hidden[i].float()
        mask[row, :length] = True
        own[row, shown.context[i] : length] = True
    return states, mask, own


def standardise(network: Network, shown: Shown, frozen: int) -> None:
    """Set the network's mean and deviation from its vectors before training."""
    with torch.inference_mode():
        order = sorted(range(len(shown.hidden)), key=lambda i: len(shown.hidden[i]))
        pooled = []
        for start in range(0, len(order), 64):
            states, mask, own = collate(shown, order[start : start + 64])
            pooled.append(network.pool(network.run(states, mask, frozen), own))
    vectors = torch.cat(pooled)
    network.mean.copy_(vectors.mean(0))
    network.deviation.copy_(vectors.std(0) + 1e-4)


def finetune(
    network: Network,
    columns: Columns,
    targets: Targets,
    full: Shown,
    bare: Shown,
    recipe: Recipe,
    after_epoch: Callable[[int, Network], None] = lambda epoch, network: None,
) -> None:
    """Train ``network`` in place.

    Args:
        full: the passages with their context; ``bare``: the same without.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    loss = Loss(columns, targets, recipe.contrast)
    optimiser = torch.optim.AdamW(_groups(network, recipe), weight_decay=0.02)
    mean = _RunningMean(network, recipe.memory)
    rates = [group["lr"] for group in optimiser.param_groups]
    trained = [p for group in optimiser.param_groups for p in group["params"]]
    count = len(full.hidden)
    total, step = math.ceil(count / recipe.batch) * recipe.epochs, 0
    for epoch in range(recipe.epochs):
        network.train()
        for chosen in _batches(full, rng, recipe.batch):
            step += 1
            factor = min(1.0, step / (0.1 * total)) * max(0.0, (total - step) / total + 0.02)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            shown = bare if rng.random() < recipe.bare else full
            states, mask, own = collate(shown, chosen)
            vectors = network.pool(network.run(states, mask, recipe.frozen), own)
            outputs = network.head(functional.dropout(vectors, recipe.dropout))
            optimiser.zero_grad()
            loss(outputs, vectors, torch.as_tensor(chosen)).backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            mean.update()
        after_epoch(epoch, network)
    mean.put_in_place()
    network.eval()


class _RunningMean:
    """The mean of the trained weights over the last steps, younger ones weighing more."""

    def __init__(self, network: Network, memory: float) -> None:
        self.memory, self.steps = memory, 0
        self.weights = [weight for weight in network.parameters() if weight.requires_grad]
        self.means = [weight.detach().clone() for weight in self.weights]

    def update(self) -> None:
        """Take in the weights as they are after a step; early steps, far from good, are forgotten faster."""
        self.steps += 1
        kept = min(self.memory, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for mean, weight in zip(self.means, self.weights, strict=True):
                mean.lerp_(weight, 1 - kept if self.memory else 1.0)

    def put_in_place(self) -> None:
        """Make the means the network's weights."""
        with torch.no_grad():
            for mean, weight in zip(self.means, self.weights, strict=True):
                weight.copy_(mean)


def _groups(network: Network, recipe: Recipe) -> list[dict[str, object]]:
    for parameter in network.parameters():
        parameter.requires_grad = False
    groups: list[dict[str, object]] = []
    upper = list(network.layers)[recipe.frozen :]
    for i, layer in enumerate(upper):
        for parameter in layer.parameters():
            parameter.requires_grad = True
        groups.append(
            {
                "params": list(layer.parameters()),
                "lr": recipe.rate * recipe.layer_decay ** (len(upper) - 1 - i),
            }
        )
    above = [network.focus, *network.head.parameters()]
    for parameter in above:
        parameter.requires_grad = True
    groups.append({"params": above, "lr": recipe.head_rate})
    return groups


def _batches(shown: Shown, rng: np.random.Generator, size: int) -> list[list[int]]:
    """Batches of like length (little padding) in random order."""
    order = rng.permutation(len(shown.hidden)).tolist()
    batches = []
    for start in range(0, len(order), size * 8):
        near = sorted(order[start : start + size * 8], key=lambda i: len(shown.hidden[i]))
        batches += [near[at : at + size] for at in range(0, len(near), size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def outputs_of(network: Network, shown: Shown, frozen: int) -> tuple[np.ndarray, np.ndarray]:
    """Vectors and outputs of all passages in evaluation mode."""
    network.eval()
    order = sorted(range(len(shown.hidden)), key=lambda i: len(shown.hidden[i]))
    vectors, outputs = [], []
    with torch.inference_mode():
        for start in range(0, len(order), _AT_ONCE):
            states, mask, own = collate(shown, order[start : start + _AT_ONCE])
            vector = network.pool(network.run(states, mask, frozen), own)
            vectors.append(vector)
            outputs.append(network.head(vector))
    back = np.argsort(order)
    return torch.cat(vectors).numpy()[back], torch.cat(outputs).numpy()[back]
