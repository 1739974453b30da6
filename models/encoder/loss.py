"""What the encoder is taught to get right.

The loss adds: practice and topic per point, role, facets and detail where known, and a supervised contrastive term that
draws passages of the same point and role together.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.columns import Columns, Targets


class Loss:
    """The training loss over a batch, from the targets of all passages.

    Practice and topic weigh positives more, since most passages carry no label; roles weigh rare ones more.
    """

    def __init__(self, columns: Columns, targets: Targets, contrast: float) -> None:
        self.columns, self.contrast = columns, contrast
        self.values = torch.from_numpy(targets.values)
        self.known = torch.from_numpy(targets.known.astype(np.float32))
        self.weight = torch.from_numpy(targets.weights)
        counts = targets.values[:, columns.roles].sum(0)
        self.role_weight = torch.tensor((counts.sum() / len(counts) / np.maximum(counts, 1)) ** 0.5)

    def __call__(self, outputs: Tensor, vectors: Tensor, chosen: Tensor) -> Tensor:
        """Loss of the passages ``chosen`` given the network's outputs and vectors for them."""
        columns, values, weight = self.columns, self.values[chosen], self.weight[chosen]
        known = self.known[chosen] * weight[:, None]
        facet, detail = columns.facet, slice(columns.detail, columns.detail + 1)
        loss = 2 * self._binary(
            outputs[:, columns.practice], values[:, columns.practice], known[:, columns.practice], 3.0
        )
        loss = loss + 2 * self._binary(
            outputs[:, columns.topic], values[:, columns.topic], known[:, columns.topic], 2.0
        )
        loss = loss + 0.9 * self._binary(outputs[:, facet], values[:, facet], known[:, facet])
        loss = loss + 0.3 * self._binary(outputs[:, detail], values[:, detail], known[:, detail])
        roles = values[:, columns.roles]
        loss = loss + 0.7 * self._roles(outputs[:, columns.roles], roles, weight)
        return (
            loss + self.contrast * self._contrastive(vectors, values[:, columns.topic], roles)
            if self.contrast
            else loss
        )

    @staticmethod
    def _binary(outputs: Tensor, wanted: Tensor, known: Tensor, positive: float = 1.0) -> Tensor:
        each = functional.binary_cross_entropy_with_logits(
            outputs, wanted, reduction="none", pos_weight=torch.tensor(positive)
        )
        return (each * known).sum() / known.sum().clamp(min=1)

    def _roles(self, outputs: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
        share = wanted / wanted.sum(1, keepdim=True).clamp(min=1)
        importance = (share * self.role_weight).sum(1) * weight
        each = -(share * functional.log_softmax(outputs, dim=1)).sum(1)
        return (each * importance).sum() / importance.sum().clamp(min=0.5)

    @staticmethod
    def _contrastive(vectors: Tensor, topic: Tensor, roles: Tensor) -> Tensor:
        """Supervised contrastive loss (Khosla et al. 2020) with the label point x role; unlabelled passages are one class."""
        label = torch.where(topic.any(1), topic.argmax(1) * roles.shape[1] + roles.argmax(1), -1)
        alone = torch.eye(len(label), dtype=torch.bool)
        same = (label[:, None] == label[None]) & ~alone
        partners = same.sum(1)
        if not (partners > 0).any():
            return vectors.sum() * 0
        unit = functional.normalize(vectors, dim=1)
        similarity = (unit @ unit.T / 0.1).masked_fill(alone, -1e9)
        log_share = similarity - torch.logsumexp(similarity, 1, keepdim=True)
        mean = -(log_share * same).sum(1) / partners.clamp(min=1)
        return mean[partners > 0].mean()
