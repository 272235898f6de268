"""A study's folder as the steps would leave it, with made-up answers and tiny pictures."""

import json
from base64 import b64decode
from collections.abc import Collection
from pathlib import Path

import numpy as np

from timbrescope.models.catalogue import CLASSICAL_NAMES, CNN_NAMES, PAPER_NAMES
from timbrescope.models.instruments import NAMES
from timbrescope.training.study.clips import Clip, write_clips
from timbrescope.training.study.evaluate.metrics import (
    baseline_probabilities,
    evaluate_answers,
    measure,
    save_answers,
    write_metrics,
)
from timbrescope.training.study.explore.near_duplicates import RELATIONS, NearDuplicates, NearPair
from timbrescope.training.study.explore.records import (
    ClassFacts,
    Distribution,
    Exploration,
    Format,
    LeftOut,
    LeftOutFile,
    SetFacts,
    write_exploration,
)
from timbrescope.training.study.folder import BASELINE, SPLIT_NAMES, StudyFolder
from timbrescope.training.study.inspect.kaggle import CountDifference
from timbrescope.training.study.split.splits import make_split, write_split

EVERY_STEP = ("inspect", "explore", "split", "train", "evaluate", "figures")
# A hundred times smaller than any real picture.
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0L9 9"/></svg>'
CORPUS, OTHER = "samples", "audio-dev"
STRENGTH = {"mel": 2.0, "mfcc": 1.8, "logistic-regression": 0.8, "random-forest": 1.9}


def make_study(
    root: Path, *, steps: Collection[str] = EVERY_STEP, groups_per_class: int = 6
) -> StudyFolder:
    """Write what the named steps would; an unnamed step leaves nothing."""
    folder = StudyFolder(root)
    clips = _clips(groups_per_class)
    if "inspect" in steps:
        write_clips(clips, folder.clips)
        _write(folder.settings, _settings())
        _write(folder.timings, {"inspect": 61.5, "extract": 4000.0, "train": 16_000.0})
        _write(folder.problems, [{"step": "extract", "what": "a & b.wav", "reason": "<broken>"}])
    if "explore" in steps:
        write_exploration(_exploration(clips), folder.exploration)
    own = [clip for clip in clips if clip.corpus == CORPUS]
    for name in SPLIT_NAMES:
        split = make_split(own, name)
        if "split" in steps:
            write_split(split, folder.split(name))
            _write(folder.split_summary(name), split.summary(own))
        if "train" in steps:
            _train(folder, name)
        if "evaluate" in steps:
            tests = {"test": split.of_part(own, "test")}
            tests[OTHER] = [clip for clip in clips if clip.corpus == OTHER]
            for test_set, chosen in tests.items():
                _evaluate(folder, name, test_set, chosen)
    if "evaluate" in steps:
        _evaluate_across(folder, own)
    if "figures" in steps:
        folder.figures.mkdir(parents=True)
        (folder.figures / "fig-01-clips-per-class.svg").write_text(SVG, "utf-8")
        (folder.figures / "fig-01-clips-per-class.png").write_bytes(PNG * 9)
        (folder.figures / "fig-05-curves-mel-random.png").write_bytes(PNG)
        (folder.figures / "tsne.html").write_text("<p>dots</p>", "utf-8")
    return folder


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


def _settings() -> dict[str, object]:
    return {
        "corpora": ["/sounds/samples", "<b>bold</b> & more"],
        "tests": [],
        "seed": 22,
        "clips_per_class": None,
        "versions": {"python": "3.11.4", "numpy": "2.4.6"},
        "command": "timbrescope-train study samples --out 'a & b'",
    }


def _clips(groups_per_class: int) -> list[Clip]:
    found = []
    for place, instrument in enumerate(NAMES):
        # The last class has one group, and so nothing to test on the grouped split.
        groups = 1 if place == len(NAMES) - 1 else groups_per_class
        for group in range(groups):
            for number in range(4 + place % 5):
                found.append(_clip(instrument, f"{instrument}-{group}", number, CORPUS))
        if place % 2:
            found += [_clip(instrument, f"{instrument}-dev{n}", 0, OTHER) for n in range(4)]
    return found


def _clip(instrument: str, group: str, number: int, corpus: str) -> Clip:
    return Clip(
        name=f"{corpus}/{group}.wav@{3 * number}",
        path=Path(f"{group}.wav"),
        start_s=3.0 * number,
        sha256=f"{corpus}{group}",
        instrument=instrument,
        group=group,
        source="somebody/samples",
        corpus=corpus,
    )


def _exploration(clips: list[Clip]) -> Exploration:
    pair = NearPair("samples/a.wav@0", "samples/b.wav@3", "across groups", 0.991, 0.97)
    return Exploration(
        sets=(_set(clips, CORPUS, "kaggle"), _set(clips, OTHER, "manifest")),
        across_sets=LeftOut("duplicate in another corpus", 2, ()),
        near=NearDuplicates(
            threshold=0.975,
            compared=len(clips),
            pairs=dict(zip(RELATIONS, (31, 5, 1), strict=True)),
            clips=dict(zip(RELATIONS, (40, 9, 2), strict=True)),
            groups=dict(zip(RELATIONS, (12, 4, 1), strict=True)),
            examples=(pair,),
        ),
        shared_groups=3,
        shared_sets=2,
        examples=(),
    )


def _set(clips: list[Clip], name: str, layout: str) -> SetFacts:
    chosen = [clip for clip in clips if clip.corpus == name]
    files = len({clip.sha256 for clip in chosen})
    classes = [
        ClassFacts(instrument, 9, sum(c.instrument == instrument for c in chosen), 6, 80.0, 0)
        for instrument in NAMES
    ]
    quantiles = dict(
        zip(("0", "0.05", "0.25", "0.5", "0.75", "0.95", "1"), range(-9, 5), strict=False)
    )
    broken = (LeftOutFile("Piano/1 & 2.wav", "no <data> chunk"), LeftOutFile("x.wav", ""))
    return SetFacts(
        name=name,
        layout=layout,
        files=files + 2,
        used=files,
        clips=len(chosen),
        groups=len({clip.group for clip in chosen}),
        sources=1,
        seconds=3.0 * len(chosen),
        classes=tuple(classes),
        lengths_s=Distribution(quantiles, (), ()),
        levels_dbfs=Distribution(quantiles, (), ()),
        silent_windows=4,
        clipped_files=1,
        formats=(Format(22_050, 1, files),),
        left_out=(LeftOut("corrupt", 2, broken),),
        differences=(CountDifference("Banjo", 2998, 9),) if layout == "kaggle" else (),
        remarks=("no groups are known: every file is one",) if layout == "kaggle" else (),
    )


def _train(folder: StudyFolder, split: str) -> None:
    for model in CNN_NAMES:
        fit = {
            "settings": {"epochs": 100, "batch_size": 16, "patience": 5},
            "epochs": 27,
            "best_epoch": 22,
            "stopped_by": "patience",
            "minutes": 64.2,
            "train_windows": 820,
        }
        _write(folder.run(split, model) / "fit.json", fit)
    for model in CLASSICAL_NAMES:
        fit = {"settings": {"estimator": model, "parameters": {"k": 5, "none": None}}, "seconds": 3}
        _write(folder.run(split, model) / "fit.json", fit | {"train_windows": 820})


def _evaluate(folder: StudyFolder, split: str, test_set: str, clips: list[Clip]) -> None:
    labels = np.array([clip.label for clip in clips])
    groups = [clip.group for clip in clips]
    for model in (*PAPER_NAMES, BASELINE):
        easy = 2.5 if (split, test_set) == ("random", "test") else 1.0
        found = answers(labels, groups, strength=easy * STRENGTH.get(model, 1.5))
        if model == BASELINE:
            found = baseline_probabilities(np.array([1, 1, 2]), len(labels))
        path = folder.answers(split, model, test_set)
        save_answers(
            path, probabilities=found, labels=labels, groups=groups, clips=[c.name for c in clips]
        )
        evaluate_answers(folder, split, model, test_set)


def answers(labels: np.ndarray, groups: list[str], *, strength: float) -> np.ndarray:
    """Probabilities that favour the true class; clips of a group are hard or easy together."""
    rng = np.random.default_rng(len(labels))
    ease = {group: rng.normal(strength, strength) for group in sorted(set(groups))}
    logits = rng.normal(0, 1.0, (len(labels), len(NAMES)))
    logits[np.arange(len(labels)), labels] += [ease[group] for group in groups]
    powers = np.exp(logits)
    found: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return found


def _evaluate_across(folder: StudyFolder, clips: list[Clip]) -> None:
    chosen = clips[::5]
    labels = np.array([clip.label for clip in chosen])
    groups = [clip.group for clip in chosen]
    found = measure(answers(labels, groups, strength=1.0), labels, np.array(groups))
    for model in CLASSICAL_NAMES:
        for tested in (CORPUS, OTHER):
            path = folder.cross(model, CORPUS, tested)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_metrics(found, path)
