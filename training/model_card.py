"""Writes ``models/MODEL_CARD.md`` from what the shipped models' sidecars state."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.artefact import Sidecar, read_sidecar, sidecar_path
from models.catalogue import MODELS_FOLDER, model_path
from models.frontend import KINDS

CARD_PATH = MODELS_FOLDER / "MODEL_CARD.md"

_HEAD = """# Model card

Written by `timbrescope-train card` from the sidecars beside this file.

Each model names the most likely of 28 instruments in a 3-second window of one instrument playing
alone, and gives the Grad-CAM evidence for every class. They are first models, honest rather than
good: the figures below are on real recordings from sources that neither model ever heard, and
they are far from the 97 % that a random split of one corpus would show.

**Not for** mixtures of instruments, for instruments outside the 28 (they are named after
something else, or *not sure*), or for any decision that matters.
"""

_METHOD = """
Both are the CNN of Senatori & Nardone (Information 2025, 16, 864): three blocks of convolution,
batch normalisation and pooling, global average pooling, dense 128, dense 28; 113,692 parameters;
Adam, balanced class weights, early stopping on whole held-out groups (a group is what one source
recorded of one class). They were trained on 3-second windows composed from notes, hits and
phrases, with random levels, rooms, responses and noise.

## Limits

- The held-out windows come partly from soundfonts, so that the temperature and the *not sure*
  threshold fitted to them are optimistic for real recordings.
- Accordion, Harmonica and Harmonium were learned almost only from soundfonts or one instrument;
  Dobro, Mandolin and Ukulele from one or two sources. Expect them to be the weakest.
- There is no class for noise, speech or other instruments. The level gate and the threshold are
  all that stands between them and an answer.
"""


def render(sidecars: Sequence[Sidecar]) -> str:
    """Return the card of these models as Markdown."""
    rows = [_figures_row(sidecar) for sidecar in sidecars]
    table = [
        "| model | files | accuracy | macro recall | top-3 |",
        "|---|---|---|---|---|",
        *rows,
    ]
    parts = [_HEAD, "\n## Figures on the dev split\n\n", "\n".join(table), "\n\n"]
    parts += [_repeat(), _METHOD, "\n## Recall per class\n\n", _per_class(sidecars)]
    parts += ["\n\n## Training\n\n", "\n".join(_training(sidecar) for sidecar in sidecars)]
    parts += ["\n\n## Material\n\n", _credits(sidecars), "\n"]
    return "".join(parts)


def _dev(sidecar: Sidecar) -> dict[str, Any]:
    figures: dict[str, Any] = sidecar.metrics.get("dev", {})
    return figures


def _figures_row(sidecar: Sidecar) -> str:
    dev = _dev(sidecar)
    if not dev:
        return f"| {sidecar.name} {sidecar.version} | not measured | | | |"
    return (
        f"| {sidecar.name} {sidecar.version} | {dev['n']} of {dev['classes']} classes "
        f"| {dev['accuracy']:.1%} | {dev['macro_recall']:.1%} | {dev['top3']:.1%} |"
    )


def _repeat() -> str:
    return (
        "An answer is the mean over a file's windows that are not quiet. Repeat with\n"
        "`timbrescope-train evaluate --model mel --manifest PATH/manifest.csv` (and `mfcc`),\n"
        "which also says whether the sidecar states the same.\n"
    )


def _per_class(sidecars: Sequence[Sidecar]) -> str:
    names = sorted({name for sidecar in sidecars for name in _dev(sidecar).get("per_class", {})})
    head = ["| class | files | " + " | ".join(sidecar.kind for sidecar in sidecars) + " |"]
    head.append("|---" * (2 + len(sidecars)) + "|")
    rows = []
    for name in names:
        found = [_dev(sidecar).get("per_class", {}).get(name) for sidecar in sidecars]
        count = next(row["n"] for row in found if row)
        recalls = " | ".join(f"{row['recall']:.0%}" if row else "" for row in found)
        rows.append(f"| {name} | {count} | {recalls} |")
    return "\n".join(head + rows)


def _training(sidecar: Sidecar) -> str:
    split, corpus = sidecar.split, sidecar.corpus
    stated = sidecar.metrics.get("training", {})
    minutes = stated.get("minutes")
    spent = f", {minutes:.0f} minutes" if isinstance(minutes, int | float) else ""
    return (
        f"- **{sidecar.kind}**: {split.get('train_windows', '?')} windows of "
        f"{corpus.get('recordings', '?')} recordings, {split.get('validation_windows', '?')} held "
        f"out; {stated.get('epochs', '?')} epochs{spent}; temperature {sidecar.temperature:.3f}, "
        f"*not sure* below {sidecar.thresholds.not_sure:.2f}."
    )


def _credits(sidecars: Sequence[Sidecar]) -> str:
    sources = sorted({credit for sidecar in sidecars for credit in sidecar.attributions})
    lines = "\n".join(f"- {source}" for source in sources)
    return (
        "Sources of the training material, with the licence each states. None of it is part of "
        f"this project.\n\n{lines}"
    )


def write_card(path: Path = CARD_PATH) -> Path:
    """Write the card of the shipped models.

    Raises
    ------
    ModelFileError
        If a sidecar cannot be read.
    """
    sidecars = [read_sidecar(sidecar_path(model_path(kind))) for kind in KINDS]
    path.write_text(render(sidecars), "utf-8")
    return path
