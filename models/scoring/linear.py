"""Linear heads: one logistic regression per column on any features, words' or the encoder's vectors.

Trained by scikit-learn, kept as 8-bit weights with a scale per head: a tenth of the size, the same answers to three
places, and no pickle. Answering needs numpy and scipy alone, so that screening starts without loading scikit-learn.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.columns import Columns, Floats, Targets

_FEWEST = 5
"""A head with fewer positive (or negative) passages answers with their share alone."""
_FLAT = 1e-9


@dataclass(frozen=True)
class LinearHeads:
    """Weights and offsets of all heads.

    Attributes:
        weights: (features, columns) as int8.
        scales: (columns,) what one step of the weights is worth.
        offsets: (columns,).
    """

    weights: NDArray[np.int8]
    scales: Floats
    offsets: Floats

    @classmethod
    def quantised(cls, weights: Floats, offsets: Floats) -> LinearHeads:
        """Keep ``weights`` (features, columns) in 8 bits."""
        scales = np.maximum(np.abs(weights).max(axis=0), _FLAT) / 127
        return cls(
            np.round(weights / scales).astype(np.int8), scales.astype(np.float32), offsets.astype(np.float32)
        )

    def logits(self, features: sparse.csr_matrix | Floats) -> Floats:
        """Return (n, columns) logits."""
        raw = np.asarray(features @ self.weights.astype(np.float32), np.float32)
        return raw * self.scales + self.offsets

    def probabilities(self, features: sparse.csr_matrix | Floats, columns: Columns) -> Floats:
        """Return (n, columns) probabilities: roles sum to 1, all others stand alone."""
        return probabilities_of(self.logits(features), columns)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The numbers, for a model file."""
        return {"weights": self.weights, "scales": self.scales, "offsets": self.offsets}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> LinearHeads:
        """Build the heads again from :meth:`arrays`."""
        return cls(
            np.asarray(arrays["weights"], np.int8),
            np.asarray(arrays["scales"], np.float32),
            np.asarray(arrays["offsets"], np.float32),
        )


def probabilities_of(logits: Floats, columns: Columns) -> Floats:
    """Turn logits (n, columns) into probabilities: softmax over the roles, logistic elsewhere."""
    out = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    roles = logits[:, columns.roles]
    grown = np.exp(roles - roles.max(axis=1, keepdims=True)) if len(roles) else roles
    out[:, columns.roles] = grown / grown.sum(axis=1, keepdims=True) if len(roles) else roles
    return out


def fit_heads(
    features: sparse.csr_matrix | Floats,
    targets: Targets,
    columns: Columns,
    strength: Mapping[str, float],
    seed: int = 0,
) -> LinearHeads:
    """Train all heads.

    Args:
        features: (n, width).
        targets: what is known of each passage; a head learns from known rows alone.
        strength: inverse regularisation by group: practice, topic, role, facet, detail.
        seed: of the solver.

    Returns:
        The heads; a column with too few examples gets zero weights and its base rate as offset.
    """
    weights = np.zeros((features.shape[1], len(columns)), np.float32)
    offsets = np.zeros(len(columns), np.float32)
    for column, name in enumerate(columns.names):
        if name.startswith("role:"):
            continue
        known = np.flatnonzero(targets.known[:, column])
        weights[:, column], offsets[column] = _fit_one(
            features[known],
            targets.values[known, column],
            targets.weights[known],
            strength[name.split(":")[0]],
            seed,
        )
    _fit_roles(features, targets, columns, strength["role"], weights, offsets)
    return LinearHeads.quantised(weights, offsets)


def _fit_one(
    features: sparse.csr_matrix | Floats, values: Floats, weights: Floats, strength: float, seed: int
) -> tuple[Floats, float]:
    positive = float(values.sum())
    if positive < _FEWEST or len(values) - positive < _FEWEST:
        share = (positive + 0.5) / (len(values) + 1)
        return np.zeros(features.shape[1], np.float32), float(np.log(share / (1 - share)))
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, solver="liblinear", max_iter=200, random_state=seed)
    model.fit(features, values > 0.5, sample_weight=weights)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _fit_roles(
    features: sparse.csr_matrix | Floats,
    targets: Targets,
    columns: Columns,
    strength: float,
    weights: Floats,
    offsets: Floats,
) -> None:
    """One softmax over the roles, from labelled passages; a passage with two roles counts for the first alone."""
    place = range(columns.roles.start, columns.roles.stop)
    known = np.flatnonzero(targets.known[:, columns.roles.start])
    role = targets.values[known][:, columns.roles].argmax(axis=1)
    present = np.unique(role)
    offsets[columns.roles] = -20.0
    if len(present) < 2:
        offsets[place[int(present[0]) if len(present) else 0]] = 20.0
        return
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a solver that stops early is good enough here
        model = LogisticRegression(C=strength, solver="newton-cg", max_iter=50)
        model.fit(features[known], role, sample_weight=targets.weights[known])
    if len(present) == 2:  # scikit-learn gives one row for two classes
        weights[:, place[present[1]]], offsets[place[present[1]]] = model.coef_[0], model.intercept_[0]
        offsets[place[present[0]]] = 0.0
        return
    for row, which in enumerate(present):
        weights[:, place[which]], offsets[place[which]] = model.coef_[row], model.intercept_[row]
