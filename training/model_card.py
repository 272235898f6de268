"""Writes ``models/MODEL_CARD.md`` from what the shipped models' sidecars state."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from models.artefact import Sidecar, read_sidecar, sidecar_path
from models.catalogue import MODEL_NAMES, MODELS_FOLDER, CatalogueEntry, entry_of, model_path

CARD_PATH = MODELS_FOLDER / "MODEL_CARD.md"

_HEAD = """# Model card

Written by `timbrescope-train card` from the sidecars beside this file.

Each model names the most likely of 28 instruments in a 3-second window of one instrument playing
alone; the two networks give the Grad-CAM evidence for every class as well. They are first models,
honest rather than good: the figures below are on real recordings from sources that no model ever
heard, and they are far from the 97 % that a random split of one corpus would show.

**Not for** mixtures of instruments, for instruments outside the 28 (they are named after
something else, or *not sure*), or for any decision that matters.
"""

_METHOD = """
The methods are those of Senatori & Nardone (Information 2025, 16, 864), all five trained on the
same 3-second windows, composed from notes, hits and phrases with random levels, rooms, responses
and noise, and stopped, calibrated and compared on the same whole held-out groups (a group is what
one source recorded of one class).

- The two CNNs: three blocks of convolution, batch normalisation and pooling, global average
  pooling, dense 128, dense 28; 113,692 parameters; Adam, balanced class weights, early stopping.
- The three classical models read the mean of 40 MFCCs over the window, standardised with mean and
  deviation of the training windows: logistic regression (at most 1000 iterations, balanced class
  weights), the 5 nearest neighbours weighted by distance, a random forest of 200 trees.

## Limits

- The held-out windows come partly from soundfonts, so that the temperature and the *not sure*
  threshold fitted to them are optimistic for real recordings.
- Accordion, Harmonica and Harmonium were learned almost only from soundfonts or one instrument;
  Dobro, Mandolin and Ukulele from one or two sources. Expect them to be the weakest.
- There is no class for noise, speech or other instruments. The level gate and the threshold are
  all that stands between them and an answer.
- The classical models hear the mean timbre of a window only, neither attack nor rhythm, and give
  no evidence for their answers. They are here to be compared with.
"""

_CUT_FIGURES = ("accuracy", "macro_f1", "top3")
_SIZE = """A file that ships is smaller than 10 MB. The figures are on the held-out windows; where
something was cut they are given before and after. A split of the forest takes nine bytes; as
skl2onnx writes forests, this one would take 313 MB.
"""


def render(sidecars: Sequence[Sidecar]) -> str:
    """Return the card of these models as Markdown."""
    parts = [_HEAD, "\n## Figures on the dev split\n\n", _figures(sidecars), "\n\n"]
    parts += [_repeat(), _METHOD, "\n## Recall per class\n\n", _per_class(sidecars)]
    parts += ["\n\n## Training\n\n", "\n".join(_training(sidecar) for sidecar in sidecars)]
    parts += ["\n\n## Size\n\n", _sizes(sidecars)]
    parts += ["\n\n## Material\n\n", _credits(sidecars), "\n"]
    return "".join(parts)


def _entry(sidecar: Sidecar) -> CatalogueEntry:
    return entry_of(sidecar.kind if sidecar.family == "cnn" else sidecar.family)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _dev(sidecar: Sidecar) -> dict[str, Any]:
    figures: dict[str, Any] = sidecar.metrics.get("dev", {})
    return figures


def _figures(sidecars: Sequence[Sidecar]) -> str:
    head = ("model", "files", "accuracy", "macro recall", "top-3", "held-out windows")
    return _table(head, [_figures_row(sidecar) for sidecar in sidecars])


def _figures_row(sidecar: Sidecar) -> list[str]:
    dev, held_out = _dev(sidecar), sidecar.metrics.get("validation")
    named = f"{_entry(sidecar).title} {sidecar.version}"
    windows = f"{held_out['accuracy']:.1%} of {held_out['n']}" if held_out else ""
    if not dev:
        return [named, "not measured", "", "", "", windows]
    shares = [f"{dev[name]:.1%}" for name in ("accuracy", "macro_recall", "top3")]
    return [named, f"{dev['n']} of {dev['classes']} classes", *shares, windows]


def _repeat() -> str:
    return (
        "The first figures are per file: an answer is the mean over a file's windows that are\n"
        "not quiet. Repeat with `timbrescope-train evaluate --model NAME --manifest\n"
        f"PATH/manifest.csv` (NAME is {', '.join(MODEL_NAMES)}),\n"
        "which also says whether the sidecar states the same. The last column is the accuracy on\n"
        "the composed windows of held-out groups, one by one.\n"
    )


def _per_class(sidecars: Sequence[Sidecar]) -> str:
    names = sorted({name for sidecar in sidecars for name in _dev(sidecar).get("per_class", {})})
    rows = []
    for name in names:
        found = [_dev(sidecar).get("per_class", {}).get(name) for sidecar in sidecars]
        count = next(row["n"] for row in found if row)
        rows.append([name, str(count), *(f"{row['recall']:.0%}" if row else "" for row in found)])
    return _table(["class", "files", *(_entry(sidecar).short_title for sidecar in sidecars)], rows)


def _training(sidecar: Sidecar) -> str:
    split, corpus = sidecar.split, sidecar.corpus
    return (
        f"- **{_entry(sidecar).title}**: {split.get('train_windows', '?')} windows of "
        f"{corpus.get('recordings', '?')} recordings, {split.get('validation_windows', '?')} held "
        f"out; {_effort(sidecar.metrics.get('training', {}))}; temperature "
        f"{sidecar.temperature:.3f}, *not sure* below {sidecar.thresholds.not_sure:.2f}."
    )


def _effort(stated: dict[str, Any]) -> str:
    """Return how long a model was trained, as far as it is stated."""
    if "seconds" in stated:
        return f"fitted in {stated['seconds']:.1f} s"
    minutes = stated.get("minutes")
    spent = f", {minutes:.0f} minutes" if isinstance(minutes, int | float) else ""
    return f"{stated.get('epochs', '?')} epochs{spent}"


def _sizes(sidecars: Sequence[Sidecar]) -> str:
    """Return what the classical models lost to stay below the size of a file that ships."""
    head = ("model", "whole", "as shipped", "what was cut", "accuracy", "macro F1", "top-3")
    rows = []
    for sidecar in sidecars:
        stated = sidecar.metrics.get("pruning")
        if stated:
            full, shipped = stated["full"], stated["shipped"]
            sizes = [f"{side['bytes'] / 1e6:.2f} MB" for side in (full, shipped)]
            figures = [_change(full[name], shipped[name]) for name in _CUT_FIGURES]
            cut = "nothing" if stated["method"] == "none" else stated["method"]
            rows.append([_entry(sidecar).title, *sizes, cut, *figures])
    return f"{_SIZE}\n{_table(head, rows)}"


def _change(before: float, after: float) -> str:
    return f"{after:.1%}" if before == after else f"{before:.1%} → {after:.1%}"


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
    sidecars = [read_sidecar(sidecar_path(model_path(name))) for name in MODEL_NAMES]
    path.write_text(render(sidecars), "utf-8")
    return path
