"""A small finished study on disk, made up in a second, for the tests of its figures."""

import csv
import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from kaggle_tree import class_sound
from numpy.typing import NDArray

from timbrescope.models.catalogue import MODELS_FOLDER, PAPER_NAMES
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES, features_of_kinds
from timbrescope.models.instruments import NAMES
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.evaluate.metrics import evaluate_answers, save_answers
from timbrescope.training.study.folder import BASELINE, OWN_TEST, SPLIT_NAMES, StudyFolder

EPOCHS = 7
BEST_EPOCH = 4
CLIPS_PER_CLASS = 2
# A class without clips, which every figure has to cope with.
ABSENT = "Dobro"


@dataclass(frozen=True)
class FigureStudy:
    """What `draw_figures` wants."""

    folder: StudyFolder
    clips: list[Clip]
    vectors: NDArray[np.float32]


def make_figure_study(root: Path) -> FigureStudy:
    """Write sounds, histories, answers with their figures, and the shipped mel network."""
    folder = StudyFolder(root / "study")
    sounds = _write_sounds(root / "sounds")
    clips, windows = list(sounds), list(sounds.values())
    clips, windows = _with_an_answer_that_is_right(clips, windows)
    vectors = np.stack([features_of_kinds(w, ("mfcc",))["mfcc"].mean(axis=1) for w in windows])
    for split in SPLIT_NAMES:
        for model in ("mel", "mfcc"):
            write_history(folder, split=split, model=model)
            for suffix in (".onnx", ".json"):
                target = folder.onnx(split, model).with_suffix(suffix)
                shutil.copyfile(MODELS_FOLDER / f"{model}{suffix}", target)
        for number, model in enumerate((*PAPER_NAMES, BASELINE)):
            write_answers(folder, clips, split=split, model=model, seed=number)
    state_layout(folder, "kaggle")
    return FigureStudy(folder, clips, vectors)


def state_layout(folder: StudyFolder, layout: str) -> None:
    """Write what the study says of its one corpus."""
    folder.corpora.parent.mkdir(parents=True, exist_ok=True)
    folder.corpora.write_text(json.dumps([{"name": "tree", "layout": layout, "trains": True}]))


def _write_sounds(root: Path) -> dict[Clip, NDArray[np.float32]]:
    found: dict[Clip, NDArray[np.float32]] = {}
    for label, name in enumerate(NAMES):
        if name == ABSENT:
            continue
        for number in range(CLIPS_PER_CLASS):
            path = root / name / f"{number}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            rng = np.random.default_rng([label, number])
            sound = class_sound(label, rng, samples=WINDOW_SAMPLES)
            soundfile.write(path, sound, SAMPLE_RATE_HZ, subtype="FLOAT")
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            clip = Clip(
                f"tree/{name}/{number}.wav@0", path, 0.0, sha256, name, f"{name}-{number}",
                "made up", "tree",
            )  # fmt: skip
            found[clip] = sound.astype(np.float32)
    return found


def _with_an_answer_that_is_right(
    clips: list[Clip], windows: list[NDArray[np.float32]]
) -> tuple[list[Clip], list[NDArray[np.float32]]]:
    """Put the clip first that the shipped network answers most surely, and call that right.

    Which sound that is changes with every network that is shipped.
    """
    classifier = Classifier.load("mel")
    answers = np.stack([classifier.classify(window).probabilities for window in windows])
    surest = int(answers.max(axis=1).argmax())
    clip, window = clips.pop(surest), windows.pop(surest)
    renamed = replace(clip, instrument=NAMES[int(answers[surest].argmax())])
    return [renamed, *clips], [window, *windows]


def write_history(folder: StudyFolder, *, split: str, model: str, epochs: int = EPOCHS) -> Path:
    """Write a history whose validation loss is least in `BEST_EPOCH`."""
    path = folder.run(split, model) / "history.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"])
        for epoch in range(1, epochs + 1):
            distance = abs(epoch - BEST_EPOCH)
            writer.writerow(
                [epoch, 3 / epoch, 1 - 0.9 / epoch, 0.5 + 0.1 * distance, 0.8 - 0.05 * distance, 9]
            )
    return path


def write_answers(
    folder: StudyFolder, clips: list[Clip], *, split: str, model: str, seed: int
) -> None:
    """Write answers that are mostly right on the random split and less so on the other."""
    rng = np.random.default_rng([seed, SPLIT_NAMES.index(split)])
    labels = np.array([clip.label for clip in clips])
    scores = rng.standard_normal((len(clips), len(NAMES)))
    scores[np.arange(len(clips)), labels] += 4.0 if split == "random" else 1.5
    # The first clip is what figure 9 explains.
    scores[0, labels[0]] += 20.0
    odds = np.exp(scores)
    save_answers(
        folder.answers(split, model, OWN_TEST),
        probabilities=odds / odds.sum(axis=1, keepdims=True),
        labels=labels,
        groups=[clip.group for clip in clips],
        clips=[clip.name for clip in clips],
    )
    evaluate_answers(folder, split, model, OWN_TEST)
