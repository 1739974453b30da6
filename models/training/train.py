"""Train a model from labelled offices: scorers, calibration, thresholds, states. ``python -m models.training`` makes the default.

The order matters. Each author is scored by words that never saw that author; calibration, thresholds and states are learnt
from those scores; only then are the words trained on everything. Deterministic for a seed and a corpus.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns, Floats
from models.encoder.unseen import UNSEEN, UnseenScores
from models.judging.thresholds import JudgementSettings
from models.labelled import CORPUS, LabelledOffice, LabelledPassage, load_corpus, office_folders
from models.measuring.card import ModelCard
from models.out_of_fold import out_of_fold
from models.passages import Passage
from models.registry.model_folder import write_folder
from models.registry.registry import BUNDLED
from models.scoring.calibration import Calibration
from models.scoring.encoded import BUNDLED_ENCODER, EncoderScorer, bundled, encoder_scores
from models.scoring.model import LoadedModel, Mode, Scorer, blend, worth_a_closer_look
from models.scoring.words import WordsModel
from models.training.corpus_check import counts_of
from models.training.held_out import Scored, held_out_evaluation
from models.training.tuning import by_office, learn_settings
from rubric import Rubric, load_rubric
from rubric.exceptions import CorpusError
from rubric.language import Bilingual

QUICK: Mapping[str, float] = {"words": 1.0}
_FEWEST_OFFICES = 8
"""The full mode needs this many offices that its encoder had not seen, or its thresholds would be guesses."""
FULL: Mapping[str, float] = {"words": 1.0, "encoder": 0.6}
"""Weights of the scorers in the mean. Of authors that neither had seen, written text ranks alike from 1 : .5 to 1 : 1 (average
precision .92), area offices' own manner and retold real text best from 1 : .33 to 1 : .67 (.886 and .55 to .57; at 1 : 1
.883 and .53)."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What is known of an encoder about the training rows.

    Attributes:
        scores: (n, columns) scores of the rows by encoders that never saw their authors.
        known: (n,) where there are such scores; the full mode is calibrated on offices known whole.
        scorer: the encoder (with its heads) to use with the trained model.
        fresh: the offices whose scores come from an encoder as well taught as this one; None where all do.
    """

    scores: Floats
    known: NDArray[np.bool_]
    scorer: EncoderScorer
    fresh: frozenset[str] | None = None


@dataclass(frozen=True)
class Trained:
    """A trained model, not yet written.

    Attributes:
        offices: mode -> the offices its calibration and settings were learnt from.
        raw: mode -> (n, columns) out-of-fold scores of those offices' rows, not calibrated, for evaluation and the card.
        beside: mode -> scored passages of no submission (retold real text), which calibration is fitted on as well.
        data: hash and counts of everything that was learnt from.
    """

    rubric: Rubric
    words: WordsModel
    modes: Mapping[Mode, tuple[Calibration, JudgementSettings, Mapping[str, float]]]
    offices: Mapping[Mode, Sequence[LabelledOffice]]
    raw: Mapping[Mode, Floats]
    beside: Mapping[Mode, Scored]
    data: Mapping[str, str | int]
    encoded: Encoded | None = None

    def model(self, mode: Mode) -> LoadedModel:
        """The model in memory, as :func:`models.registry.registry.load_model` would give it."""
        calibration, settings, weights = self.modes[mode]
        scorers: dict[str, Scorer] = {"words": self.words}
        if self.encoded:
            scorers["encoder"] = self.encoded.scorer
        weighted = [(scorers[name], weight) for name, weight in weights.items()]
        return LoadedModel("untitled", self.rubric, mode, weighted, calibration, settings)

    def write(self, folder: Path, figures: Mapping[str, float], created: dt.datetime | None = None) -> str:
        """Write the model folder and return the model's id."""
        return write_folder(
            folder,
            self.rubric,
            self.words,
            self.modes,
            created=created or dt.datetime.now(dt.UTC),
            figures=figures,
            encoder_hash=self.encoded.scorer.encoder.hash if self.encoded else "",
            heads=self.encoded.scorer.heads if self.encoded else None,
        )


def train(
    rubric: Rubric,
    offices: Sequence[LabelledOffice],
    extra: Sequence[LabelledPassage] = (),
    *,
    encoded: Encoded | None = None,
    seed: int = 0,
    folds: int = 5,
) -> Trained:
    """Train words, calibration, thresholds and states.

    Args:
        offices: whole labelled offices (the corpus, fully reviewed submissions); those that are only collections of
            passages teach words, not calibration, thresholds and states.
        extra: further labelled passages with weights (single corrections), for the words alone.
        encoded: what an encoder says of the offices' rows in order; without it only the quick mode is trained.
        seed: of the solvers.
        folds: into how many parts the authors are split.

    Raises:
        CorpusError: too little to learn from.
    """
    rows = [row for office in offices for row in office.rows]
    if sum(office.is_submission for office in offices) < 2 or not any(row.labels for row in rows):
        raise CorpusError(
            Bilingual("ข้อมูลสำหรับฝึกน้อยเกินไป", "There is too little to train on."),
            Bilingual("ต้องมีเขตที่ติดป้ายกำกับอย่างน้อยสองเขต", "At least two labelled offices are needed."),
        )
    columns = Columns.of(rubric)
    by_words = partial(_scored_by_words, rubric, tuple(extra), seed)
    words_scores = out_of_fold(rows, columns, by_words, folds)
    submissions = [office for office in offices if office.is_submission]
    whole = _offices_known(offices, encoded)
    modes: dict[Mode, tuple[Calibration, JudgementSettings, Mapping[str, float]]] = {}
    learnt: dict[Mode, Sequence[LabelledOffice]] = {}
    raw: dict[Mode, Floats] = {}
    beside: dict[Mode, Scored] = {}
    wanted: tuple[tuple[Mode, Mapping[str, float]], ...] = (("quick", QUICK), ("full", FULL))
    for mode, weights in wanted:
        if mode == "full" and len(whole) < _FEWEST_OFFICES:
            continue
        learnt[mode] = submissions if mode == "quick" else whole
        chosen = _places(offices, learnt[mode])
        scores = {"words": words_scores, **({"encoder": encoded.scores} if encoded else {})}
        mixed = _mixed(rows, [(scores[name], weight) for name, weight in weights.items()], columns)
        raw[mode] = mixed[chosen]
        known = encoded.known if encoded and mode == "full" else np.ones(len(rows), np.bool_)
        beside[mode] = Scored.of(offices, mixed, known)
        fresh = encoded.fresh if encoded and mode == "full" else None
        calibration, settings = _calibrated(rubric, learnt[mode], raw[mode], beside[mode], columns, fresh)
        modes[mode] = calibration, settings, weights
    words = WordsModel.train(rubric, [*rows, *extra], seed)
    data: dict[str, str | int] = {"hash": corpus_hash(offices), **counts_of(offices)}
    return Trained(rubric, words, modes, learnt, raw, beside, data, encoded)


def _mixed(
    rows: Sequence[LabelledPassage], scored: Sequence[tuple[Floats, float]], columns: Columns
) -> Floats:
    """Mix the scores of all rows as a loaded model does: the first alone where that finds nothing, else all."""
    words = scored[0][0]
    mixed = words.copy()
    if len(scored) > 1:
        closer = worth_a_closer_look(words, [row.passage for row in rows], columns)
        mixed[closer] = blend([(scores[closer], weight) for scores, weight in scored], columns)
    return mixed


def _calibrated(
    rubric: Rubric,
    offices: Sequence[LabelledOffice],
    raw: Floats,
    beside: Scored,
    columns: Columns,
    fresh: frozenset[str] | None,
) -> tuple[Calibration, JudgementSettings]:
    rows = [row for office in offices for row in office.rows]
    calibration = beside.calibration(rows, raw, columns)
    settings = learn_settings(rubric, offices, by_office(rows, calibration.apply(raw)), columns, fresh)
    return calibration, settings


def _places(offices: Sequence[LabelledOffice], chosen: Sequence[LabelledOffice]) -> list[int]:
    """Places of the rows of ``chosen`` among the rows of ``offices``."""
    names = {office.id for office in chosen}
    rows = [row for office in offices for row in office.rows]
    return [place for place, row in enumerate(rows) if row.office in names]


def _offices_known(offices: Sequence[LabelledOffice], encoded: Encoded | None) -> list[LabelledOffice]:
    """The submissions of which the encoder's scores are known for every row."""
    if encoded is None:
        return []
    at, whole = 0, []
    for office in offices:
        if office.is_submission and encoded.known[at : at + len(office.rows)].all():
            whole.append(office)
        at += len(office.rows)
    return whole


def _scored_by_words(
    rubric: Rubric, extra: Sequence[LabelledPassage], seed: int, rows: Sequence[LabelledPassage]
) -> Callable[[Sequence[Passage]], Floats]:
    return WordsModel.train(rubric, [*rows, *extra], seed).scores


def bundled_encoded(offices: Sequence[LabelledOffice]) -> Encoded | None:
    """What the bundled encoder says of ``offices``: kept scores of the corpus, its own of text it was not taught on.

    An office of the bundled corpus whose scores were not kept stays unknown, because the encoder has learnt it.
    """
    encoder = bundled()
    if encoder is None or not (BUNDLED_ENCODER / UNSEEN).exists():
        return None
    rows = [row for office in offices for row in office.rows]
    outputs, known = UnseenScores.load(BUNDLED_ENCODER).of(rows)
    taught = {folder.name for folder in office_folders([CORPUS])}
    fresh = [index for index, row in enumerate(rows) if not known[index] and row.office not in taught]
    if fresh:
        outputs[fresh] = encoder.logits([rows[index].passage for index in fresh])
        known[fresh] = True
    scores = encoder_scores(outputs, outputs, None, encoder.columns)
    return Encoded(scores, known, EncoderScorer(encoder), _fresh(encoder.later, offices, taught))


def _fresh(
    later: frozenset[str] | None, offices: Sequence[LabelledOffice], taught: Collection[str]
) -> frozenset[str] | None:
    if later is None:
        return None
    return frozenset(office.id for office in offices if office.author in later or office.id not in taught)


def corpus_hash(offices: Sequence[LabelledOffice]) -> str:
    """Hash of everything that was learnt from, for the model card."""
    digest = hashlib.blake2b(digest_size=16)
    for office in offices:
        for row in office.rows:
            digest.update(repr((row.passage, row.labels, row.office, row.weight)).encode())
    return digest.hexdigest()


def card_of(trained: Trained, identity: str, created: dt.datetime, rounds: int = 200) -> ModelCard:
    """Evaluate a trained model on its own offices, each judged by what was learnt without its author."""
    return ModelCard(
        model=identity,
        rubric=trained.rubric.name,
        created=created.date().isoformat(),
        data=dict(trained.data),
        evaluations={
            mode: held_out_evaluation(
                trained.rubric,
                trained.offices[mode],
                raw,
                trained.beside[mode],
                trained.encoded.fresh if trained.encoded and mode == "full" else None,
                rounds=rounds,
            )
            for mode, raw in trained.raw.items()
        },
    )


def headline(card: ModelCard) -> dict[str, float]:
    """The few figures that lists of models show, of the best mode."""
    best = card.evaluations.get("full") or card.evaluations["quick"]
    names = (
        "evidence_recall",
        "evidence_precision",
        "evidence_f1",
        "judgements",
        "score_exact",
        "score_kappa",
    )
    return {name: round(best.figures[name].value, 3) for name in names}


def main() -> None:
    """Train the default model from the corpus and write its folder with the card."""
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument(
        "--corpus", type=Path, action="append", help="corpus folder (default: the bundled one)"
    )
    parser.add_argument("--rubric", default="esa-2560-1.1")
    parser.add_argument("--quick", action="store_true", help="words alone, without the encoder")
    parser.add_argument("--into", type=Path, default=BUNDLED, help="model folder to write")
    arguments = parser.parse_args()
    rubric = load_rubric(arguments.rubric)
    offices = load_corpus(arguments.corpus or [CORPUS], rubric)
    encoded = None if arguments.quick else bundled_encoded(offices)
    trained = train(rubric, offices, encoded=encoded)
    created = dt.datetime.now(dt.UTC)
    card = card_of(trained, "", created)
    identity = trained.write(arguments.into, headline(card), created)
    replace(card, model=identity).write(arguments.into)
    print(f"{identity}: {headline(card)}")
