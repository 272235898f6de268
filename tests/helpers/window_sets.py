"""A small set of windows in memory, as `training.features.cache.load_set` would map it."""

import json
from pathlib import Path

import numpy as np

from timbrescope.models.frontend import KINDS, FeatureKind, settings
from timbrescope.models.instruments import NAMES, index_of
from timbrescope.training.features.cache import FLAGSHIP_KIND, WindowSet
from timbrescope.training.labels import BACKGROUND_LABEL, UNLABELLED

VARIANTS = 2
LOUD_BANDS = {"Cowbell": slice(60, 90), "Violin": slice(10, 30)}


def window_set(
    *, per_label: int = 6, teacher: bool = True, seed: int = 1, kind: FeatureKind = FLAGSHIP_KIND
) -> WindowSet:
    """Return windows of two instruments, loud in different bands, of noise and of music."""
    rng = np.random.default_rng(seed)
    subjects = {index_of(name): name for name in LOUD_BANDS}
    subjects |= {BACKGROUND_LABEL: "noise", UNLABELLED: "music"}
    labels = [index_of(name) for name in LOUD_BANDS] + [BACKGROUND_LABEL, UNLABELLED]
    rows = np.repeat(labels, per_label * VARIANTS)
    mel = rng.normal(-60, 4, (len(rows), 128, 130)).clip(-80, 0)
    logmel = rng.normal(-4, 0.5, (len(rows), 64, 256))
    for name, bands in LOUD_BANDS.items():
        mel[rows == index_of(name), bands] += 45
        # Two mel bands make about one of the flagship's.
        logmel[rows == index_of(name), bands.start // 2 : bands.stop // 2] += 5
    windows = len(rows) // VARIANTS
    features = {
        "mel": mel.clip(-80, 0).astype(np.float16),
        "mfcc": np.zeros((len(rows), 40, 130), np.float32),
        "logmel": logmel.astype(np.float16),
    }
    return WindowSet(
        features=features[kind],
        labels=rows.astype(np.int64),
        groups=[f"group{row % 3}" for row in range(len(rows))],
        subjects=[subjects[label] for label in rows],
        # Folds hold out one window in three each.
        held_by=(1 << (np.arange(len(rows)) // VARIANTS % 3)).astype(np.uint8),
        ways=[("note", "phrase")[row // VARIANTS % 2] for row in range(len(rows))],
        variants=VARIANTS,
        teacher_embedding=rng.normal(size=(windows, 384)).astype(np.float16) if teacher else None,
        teacher_logits=rng.normal(-4, 2, (windows, 527)).astype(np.float16) if teacher else None,
    )


def store(root: Path) -> Path:
    """Write a set, as `training.features.prepare.prepare_features` does, and return `root`."""
    folder = root / "features" / "k"
    folder.mkdir(parents=True)
    for part, seed in (("train", 1), ("validation", 2)):
        whole = window_set(seed=seed)
        arrays = {
            **{kind: window_set(seed=seed, kind=kind).features for kind in KINDS},
            "labels": whole.labels,
            "held-by": whole.held_by,
        }
        arrays |= {"teacher-embedding": whole.teacher_embedding}
        arrays |= {"teacher-logits": whole.teacher_logits}
        for name, array in arrays.items():
            np.save(folder / f"{part}-{name}.npy", array)
        for name in ("groups", "subjects", "ways"):
            text = json.dumps(getattr(whole, name)[:: whole.variants])
            (folder / f"{part}-{name}.json").write_text(text)
    stated = {
        "recipe": {"variants": VARIANTS},
        "corpus": "0" * 64,
        "recordings": 3,
        "sources": ["someone (CC0)"],
        "front_end": {kind: settings(kind) for kind in KINDS},
        "classes": list(NAMES),
        "seed": 22,
    }
    (folder / "settings.json").write_text(json.dumps(stated))
    (root / "features" / "current.json").write_text(json.dumps({"key": "k"}))
    return root
