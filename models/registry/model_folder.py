"""The model folder as it lies on disk: written whole, hashed, and refused when anything in it is not as it was written.

Arrays go into npz files that are read with pickles forbidden, everything else is JSON. A folder handed in from
elsewhere can therefore be wrong, but it cannot run code.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from models.judging.thresholds import JudgementSettings
from models.scoring.calibration import Calibration
from models.scoring.linear import LinearHeads
from models.scoring.model import LoadedModel, Mode, Scorer
from models.scoring.words import WordsModel
from rubric import Rubric, load_rubric
from rubric.exceptions import ModelError
from rubric.language import Bilingual

FORMAT = 2
MANIFEST, WORDS, CALIBRATION, HEADS = (
    "model.json",
    "words.npz",
    "calibration.npz",
    "heads.npz",
)
_LARGEST = 64 * 1024 * 1024
"""Bytes an array file may have; a larger one is no model of ours."""


def write_folder(
    folder: Path,
    rubric: Rubric,
    words: WordsModel,
    modes: Mapping[Mode, tuple[Calibration, JudgementSettings, Mapping[str, float]]],
    *,
    created: dt.datetime,
    figures: Mapping[str, float],
    encoder_hash: str = "",
    heads: LinearHeads | None = None,
) -> str:
    """Write a model folder and return the model's id.

    Args:
        folder: made if missing; files of an earlier model in it are replaced.
        modes: for each mode its calibration, its settings and the weight of each scorer (``words``, ``encoder``).
        created: time of training, kept out of the id so that the same data and code give the same id.
        figures: what lists show of it.
        encoder_hash: sha256 of the encoder the full mode was calibrated with; empty without one.
        heads: heads retrained on the frozen encoder's vectors.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vocabularies = {f"words.{name}": _packed(known) for name, known in words.words().items()}
    np.savez_compressed(folder / WORDS, **words.arrays(), **vocabularies)  # type: ignore[arg-type]
    lines = {
        f"{mode}.{key}": array for mode, (line, _, _) in modes.items() for key, array in line.arrays().items()
    }
    np.savez_compressed(folder / CALIBRATION, **lines)  # type: ignore[arg-type]
    names = [WORDS, CALIBRATION]
    if heads is not None:
        np.savez_compressed(folder / HEADS, **heads.arrays())  # type: ignore[arg-type]
        names.append(HEADS)
    hashes = {name: _sha256(folder / name) for name in names}
    content: dict[str, Any] = {
        "format": FORMAT,
        "rubric": rubric.id,
        "rubric_version": rubric.version,
        "lexicon_version": rubric.lexicon.version,
        "encoder": encoder_hash,
        "modes": {
            mode: {"settings": settings.model_dump(mode="json"), "weights": dict(weights)}
            for mode, (_, settings, weights) in modes.items()
        },
        "files": hashes,
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    identity = f"{rubric.id}-{digest[:10]}"
    whole = {
        "id": identity,
        "created": created.isoformat(timespec="seconds"),
        "figures": dict(figures),
        **content,
    }
    (folder / MANIFEST).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return identity


def load_folder(folder: Path, mode: Mode) -> LoadedModel:
    """Load a model folder.

    Args:
        mode: ``full`` falls back to ``quick`` where the model was made without an encoder or the encoder is not there.

    Raises:
        ModelError: a file is missing, changed or malformed, or the rubric is of another version.
    """
    manifest = read_manifest(folder)
    rubric = _rubric_of(folder, manifest)
    try:
        arrays = _arrays(folder, WORDS, manifest)
        vocabularies = {
            name.removeprefix("words."): _unpacked(array)
            for name, array in arrays.items()
            if name.startswith("words.")
        }
        scorers: dict[str, Scorer] = {"words": WordsModel.of(rubric, arrays, vocabularies)}
        encoder = _encoder(folder, manifest) if mode == "full" else None
        if encoder is not None:
            scorers["encoder"] = encoder
        used: Mode = "full" if encoder is not None else "quick"
        said = manifest["modes"][used]
        lines = _arrays(folder, CALIBRATION, manifest)
        calibration = Calibration.of(
            {
                name.removeprefix(f"{used}."): array
                for name, array in lines.items()
                if name.startswith(f"{used}.")
            }
        )
        settings = JudgementSettings.model_validate(said["settings"])
        weighted = [(scorers[name], float(weight)) for name, weight in said["weights"].items()]
    except (KeyError, ValueError, TypeError, OSError, ValidationError) as fault:
        raise damaged(folder, f"{type(fault).__name__}: {fault}", "ข้อมูลในแฟ้มไม่ครบหรือผิดรูปแบบ") from None
    identity = str(manifest["id"]) + ("" if used == "full" else "-quick")
    return LoadedModel(
        identity, rubric, used, weighted, calibration, settings, dict(manifest.get("figures", {}))
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read ``model.json``.

    Raises:
        ModelError: missing, malformed, or of another format.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        wanted = {"id", "created", "format", "rubric", "modes", "files"}
        if not isinstance(manifest, dict) or not wanted <= set(manifest):
            raise damaged(folder, "model.json is incomplete", "model.json ไม่ครบ")
        dt.datetime.fromisoformat(str(manifest["created"]))
    except (OSError, ValueError) as fault:
        raise damaged(folder, str(fault), "อ่าน model.json ไม่ได้") from None
    if manifest["format"] != FORMAT:
        raise damaged(
            folder, f"format {manifest['format']}, this program reads {FORMAT}", "รูปแบบของแบบจำลองต่างรุ่น"
        )
    return manifest


def damaged(folder: Path, english: str, thai: str) -> ModelError:
    """The error for a model that cannot be used."""
    return ModelError(
        Bilingual(
            f"แบบจำลอง {folder.name} ใช้ไม่ได้: {thai}", f"The model {folder.name} cannot be used: {english}."
        ),
        Bilingual("เลือกแบบจำลองอื่น หรือฝึกใหม่", "Choose another model, or train anew."),
    )


def _rubric_of(folder: Path, manifest: Mapping[str, Any]) -> Rubric:
    rubric = load_rubric(str(manifest["rubric"]))
    for name, have in (("rubric_version", rubric.version), ("lexicon_version", rubric.lexicon.version)):
        if manifest.get(name) != have:
            raise damaged(
                folder,
                f"made for {name.replace('_', ' ')} {manifest.get(name)}, this is {have}: train it anew",
                f"ฝึกกับ {name} {manifest.get(name)} แต่ที่มีคือ {have} ต้องฝึกใหม่",
            )
    return rubric


def _encoder(folder: Path, manifest: Mapping[str, Any]) -> Scorer | None:
    """The encoder the full mode needs, None where it has none or the bundled one is another."""
    if not manifest.get("encoder") or "full" not in manifest["modes"]:
        return None
    from models.scoring.encoded import bundled_encoder

    heads = LinearHeads.of(_arrays(folder, HEADS, manifest)) if HEADS in manifest["files"] else None
    return bundled_encoder(str(manifest["encoder"]), heads)


def _arrays(folder: Path, name: str, manifest: Mapping[str, Any]) -> dict[str, NDArray[np.generic]]:
    path = folder / name
    if not path.exists():
        raise damaged(folder, f"{name} is missing", f"ไม่มีแฟ้ม {name}")
    if path.stat().st_size > _LARGEST:
        raise damaged(folder, f"{name} is too large", f"แฟ้ม {name} ใหญ่เกินไป")
    if _sha256(path) != manifest["files"].get(name):
        raise damaged(folder, f"{name} was changed or is damaged", f"แฟ้ม {name} ถูกแก้ไขหรือเสียหาย")
    with np.load(path, allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _packed(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode("utf-8"), np.uint8)


def _unpacked(array: NDArray[np.generic]) -> tuple[str, ...]:
    text = np.asarray(array, np.uint8).tobytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()
