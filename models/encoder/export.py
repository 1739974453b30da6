"""Writing the trained network as a small quantised ONNX file.

Weights become 8-bit integers; activations are quantised as they come (dynamic quantisation). Seven of the eight bits are
used (``reduce_range``) because processors without VNNI saturate on the eighth.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.columns import Columns
from models.encoder.network import Network
from models.encoder.pieces import Vocabulary

MODEL, VOCABULARY, MANIFEST = "encoder.onnx", "vocabulary.json", "encoder.json"


def export(
    network: Network,
    columns: Columns,
    vocabulary: Vocabulary,
    folder: Path,
    about: dict[str, object],
) -> None:
    """Write ``encoder.onnx``, ``vocabulary.json`` and ``encoder.json`` (columns, hashes, how it was made) into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "whole.onnx"
    _write_onnx(network, whole)
    quantise(whole, folder / MODEL)
    whole.unlink()
    vocabulary.save(folder / VOCABULARY)
    manifest = {
        "columns": {"points": list(columns.points), "facets": [list(f) for f in columns.facets]},
        "neighbours": False,
        "files": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (MODEL, VOCABULARY)
        },
        **about,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _write_onnx(network: Network, path: Path) -> None:
    ids = torch.randint(4, 1000, (2, 16))
    ones = torch.ones_like(ids)
    axes = {name: {0: "passages", 1: "pieces"} for name in ("ids", "mask", "own")} | {
        "vectors": {0: "passages"},
        "outputs": {0: "passages"},
    }
    torch.onnx.export(
        network.eval(),
        (ids, ones, ones),
        str(path),
        input_names=["ids", "mask", "own"],
        output_names=["vectors", "outputs"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def quantise(whole: Path, into: Path) -> None:
    """Quantise the products with weights and the piece table of ``whole``; the head stays in float32."""
    import onnx

    nodes = [node.name for node in onnx.load(str(whole)).graph.node]
    excluded = [name for name in nodes if "/head/" in name]
    quantize_dynamic(
        str(whole),
        str(into),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        nodes_to_exclude=excluded,
    )
