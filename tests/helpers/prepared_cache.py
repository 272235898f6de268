"""A prepared set of features that has all 28 classes and fits on a thumbnail."""

import json
from pathlib import Path

import numpy as np

from timbrescope.models.frontend import KINDS, settings
from timbrescope.models.instruments import NAMES
from timbrescope.training.features.cache import PAPER_FOLD


def make_prepared_cache(root: Path, *, each: int = 2, key: str = "k") -> Path:
    """Write MFCCs of `each` training windows and one held-out window a class; return `root`."""
    folder = root / "features" / key
    folder.mkdir(parents=True)
    rng = np.random.default_rng(1)
    for part, count in (("train", 28 * each), ("validation", 28)):
        np.save(folder / f"{part}-mfcc.npy", rng.normal(0, 20, (count, 40, 130)).astype("f4"))
        np.save(folder / f"{part}-labels.npy", np.arange(count) // (count // 28))
        held = np.full(count, 1 << PAPER_FOLD if part == "validation" else 0, np.uint8)
        np.save(folder / f"{part}-held-by.npy", held)
        (folder / f"{part}-groups.json").write_text(json.dumps(["g"] * count))
        names = [NAMES[row // (count // 28)] for row in range(count)]
        (folder / f"{part}-ways.json").write_text(json.dumps(["phrase"] * count))
        (folder / f"{part}-subjects.json").write_text(json.dumps(names))
    stated = {
        "recipe": {"version": 1, "variants": 1, "per_class": each, "validation_per_class": 1},
        "corpus": "0" * 64,
        "recordings": 3,
        "sources": ["someone (CC0)"],
        "front_end": {kind: settings(kind) for kind in KINDS},
        "classes": list(NAMES),
        "seed": 22,
    }
    (folder / "settings.json").write_text(json.dumps(stated))
    (root / "features" / "current.json").write_text(json.dumps({"key": key}))
    return root
