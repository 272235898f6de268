"""What the sidecars of all shipped models state of the windows that they were trained on."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from timbrescope.training.export.sidecar import Provenance
from timbrescope.training.features.cache import current_folder

SETTINGS_FILE = "settings.json"


def release_provenance(
    cache_dir: Path, *, summary: dict[str, Any], keys: Sequence[str]
) -> Provenance:
    """Return the provenance of a model trained on the windows that were prepared last.

    Parameters
    ----------
    cache_dir : Path
    summary : dict
        Of the run: ``train_windows``, the figures ``validation``, and `keys`.
    keys : sequence of str
        What of the summary the sidecar states of the training itself.

    Raises
    ------
    FeatureCacheError
        If nothing is prepared.
    """
    stated = json.loads((current_folder(cache_dir) / SETTINGS_FILE).read_text("utf-8"))
    return Provenance(
        corpus={
            "identity": stated["corpus"],
            "recordings": stated["recordings"],
            "recipe": stated["recipe"],
        },
        split={
            "rule": "whole groups held out; a group is one source's recordings of one class",
            "seed": stated["seed"],
            "train_windows": summary["train_windows"],
            "validation_windows": summary["validation"]["n"],
        },
        metrics={
            "validation": summary["validation"],
            "training": {key: summary[key] for key in keys},
        },
        attributions=tuple(stated["sources"]),
    )
