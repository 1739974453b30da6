"""The encoder's architecture in torch, for building only: post-norm transformer, erf GELU, weighted mean over the block's pieces.

In a long passage one clause decides. So the mean weighs each piece by how much it draws attention, which is learnt with
the rest, from equal weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.encoder.weights import Sizes, StartingWeights

DROPOUT = 0.1


class Layer(nn.Module):  # type: ignore[misc,unused-ignore]
    """One transformer layer; ``exportable`` writes attention out so that ONNX sees plain matrix products."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        width = sizes.width
        self.heads = sizes.heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.norm_attention = nn.LayerNorm(width, sizes.epsilon)
        self.inner, self.outer = nn.Linear(width, sizes.inner), nn.Linear(sizes.inner, width)
        self.norm_inner = nn.LayerNorm(width, sizes.epsilon)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """States ``(batch, length, width)`` to states; ``mask`` is true where a piece may be attended to."""
        batch, length, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.reshape(batch, length, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if torch.onnx.is_in_onnx_export():
            weights = (query @ key.transpose(-1, -2)) * (width // self.heads) ** -0.5
            attended = weights.masked_fill(~mask, -1e9).softmax(-1) @ value
        else:
            attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = self.out(attended.transpose(1, 2).reshape(batch, length, width))
        x = self.norm_attention(x + functional.dropout(attended, DROPOUT, self.training))
        inner = self.outer(functional.gelu(self.inner(x)))
        return self.norm_inner(x + functional.dropout(inner, DROPOUT, self.training))


class Network(nn.Module):  # type: ignore[misc,unused-ignore]
    """Embeddings, layers, pooling and a linear head; standardised vectors are what the scikit-learn heads are given."""

    def __init__(self, sizes: Sizes, pieces: int, layers: int, outputs: int) -> None:
        super().__init__()
        self.words, self.positions = (
            nn.Embedding(pieces, sizes.width),
            nn.Embedding(sizes.positions, sizes.width),
        )
        self.norm = nn.LayerNorm(sizes.width, sizes.epsilon)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(layers))
        self.focus = nn.Parameter(torch.zeros(sizes.width))
        self.register_buffer("mean", torch.zeros(sizes.width))
        self.register_buffer("deviation", torch.ones(sizes.width))
        self.head = nn.Linear(sizes.width, outputs)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def embed(self, ids: Tensor) -> Tensor:
        """Ids ``(batch, length)`` to embedded pieces."""
        return self.norm(self.words(ids) + self.positions(torch.arange(ids.shape[1]))[None])

    def run(self, x: Tensor, mask: Tensor, first: int = 0, last: int | None = None) -> Tensor:
        """Apply layers ``first`` to ``last``; ``mask`` is true where a piece stands."""
        for layer in self.layers[first:last]:
            x = layer(x, mask[:, None, None, :])
        return x

    def pool(self, x: Tensor, own: Tensor) -> Tensor:
        """Weighted mean over the block's own pieces, standardised."""
        weight = (x * self.focus).sum(-1).masked_fill(~own.bool(), -1e9).softmax(1)
        return ((x * weight[..., None]).sum(1) - self.mean) / self.deviation

    def forward(self, ids: Tensor, mask: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``(vectors, outputs)``."""
        vectors = self.pool(self.run(self.embed(ids), mask.bool()), own)
        return vectors, self.head(vectors)


def starting_network(weights: StartingWeights, keep: list[int], layers: list[int], outputs: int) -> Network:
    """Build a network from the starting weights with the pieces ``keep`` and the ``layers`` named (0 = lowest)."""
    sizes, tensors = weights.sizes, weights.tensors
    network = Network(sizes, len(keep), len(layers), outputs)

    def tensor(name: str) -> Tensor:
        return torch.from_numpy(tensors[name])

    with torch.no_grad():
        network.words.weight.copy_(tensor("emb.word").view(-1, sizes.width)[keep])
        position = tensor("emb.pos").view(-1, sizes.width)[: sizes.positions]
        network.positions.weight[: len(position)].copy_(position + tensor("emb.type")[: sizes.width])
        _copy(network.norm, tensor, "emb.ln")
        for layer, i in zip(network.layers, layers, strict=True):
            names = {
                "query": "q",
                "key": "k",
                "value": "v",
                "out": "ao",
                "inner": "fi",
                "outer": "fo",
                "norm_attention": "aln",
                "norm_inner": "oln",
            }
            for ours, theirs in names.items():
                _copy(getattr(layer, ours), tensor, f"l{i}.{theirs}")
    return network


def _copy(module: nn.Module, tensor, name: str) -> None:  # type: ignore[no-untyped-def]
    module.weight.copy_(tensor(f"{name}.w").view_as(module.weight))
    module.bias.copy_(tensor(f"{name}.b"))
