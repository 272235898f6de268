"""Writes ``models/MODEL_CARD.md`` from what the shipped models' sidecars state."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from timbrescope.models.artefact import Sidecar, read_sidecar, sidecar_path
from timbrescope.models.catalogue import (
    DEFAULT_MODEL,
    MODEL_NAMES,
    MODELS_FOLDER,
    CatalogueEntry,
    entry_of,
    model_path,
)
from timbrescope.training.evaluate.evidence_table import evidence_table
from timbrescope.training.evaluate.tables import (
    Figures,
    class_table,
    confusion_table,
    kind_table,
    main_table,
    markdown_table,
    orientation_table,
    part_table,
    share,
)
from timbrescope.training.files import write_text
from timbrescope.training.release.card_text import (
    CONFUSIONS,
    EVIDENCE,
    HEAD,
    METHOD,
    MISTAKEN,
    ORIENTATION,
    READING,
    SIZE,
)

CARD_PATH = MODELS_FOLDER / "MODEL_CARD.md"
MEASURED_SPLIT = "dev"
_CUT_FIGURES = ("accuracy", "macro_f1", "top3")


def render(sidecars: Sequence[Sidecar]) -> str:
    """Return the card of these models as Markdown; the first is shown in detail."""
    first = _entry(sidecars[0]).title
    parts = [
        HEAD,
        f"## Figures on the dev split\n\n{figures_table(sidecars)}\n{READING}\n{_repeat()}",
        f"{ORIENTATION}\n{orientation_table()}\n{METHOD}",
        f"## Per class\n\nTop-1 per file.\n\n{_per_class(sidecars)}\n",
        f"## Notes and phrases\n\n{kinds_table(sidecars)}\n",
        f"## {first}: per source\n\n{_parts(sidecars[0], 'per_source', 'source')}\n",
        f"## {first}: what it confuses\n\n{CONFUSIONS}\n{_confusions(sidecars[0])}\n",
        f"## {first}: how true its evidence is\n\n{_evidence(sidecars[0])}\n",
        "## Training\n\n" + "\n".join(_training(sidecar) for sidecar in sidecars) + "\n",
        f"## Size\n\n{_sizes(sidecars)}\n",
        f"## Material\n\n{_credits(sidecars)}\n",
    ]
    return "\n".join(parts)


def figures_table(sidecars: Sequence[Sidecar]) -> str:
    """Return the main figures of these models as a table in Markdown."""
    return main_table([(_entry(sidecar).title, dev_figures(sidecar)) for sidecar in sidecars])


def kinds_table(sidecars: Sequence[Sidecar]) -> str:
    """Return the figures of notes and of phrases of these models as a table in Markdown."""
    return kind_table([(_entry(sidecar).short_title, dev_figures(sidecar)) for sidecar in sidecars])


def dev_figures(sidecar: Sidecar) -> Figures:
    """Return what a sidecar states of the dev split, empty if nothing."""
    figures: Figures = sidecar.metrics.get(MEASURED_SPLIT, {})
    return figures


def _entry(sidecar: Sidecar) -> CatalogueEntry:
    return entry_of(sidecar.kind if sidecar.family == "cnn" else sidecar.family)


def _repeat() -> str:
    return (
        "Repeat with `timbrescope-train evaluate --model all --manifest PATH/manifest.csv`, which "
        "also says\nwhether the sidecars state the same. In place of `all` stands a single model, "
        f"one of\n{', '.join(MODEL_NAMES)}.\n"
    )


def _per_class(sidecars: Sequence[Sidecar]) -> str:
    return class_table(
        [(_entry(sidecar).short_title, dev_figures(sidecar)) for sidecar in sidecars]
    )


def _parts(sidecar: Sidecar, part: str, head: str) -> str:
    return part_table(dev_figures(sidecar), part=part, head=head)


def _confusions(sidecar: Sidecar) -> str:
    """Return the most frequent wrong answers, and what is none of the 28 but gets a name."""
    found = dev_figures(sidecar)
    return (
        f"{confusion_table(found, part='confused', head='class')}\n\n{MISTAKEN}\n"
        f"{confusion_table(found, part='mistaken', head='none of the 28')}"
    )


def _evidence(sidecar: Sidecar) -> str:
    """Return how true the evidence of a model is, on the split that it was measured on."""
    found = sidecar.metrics.get("faithfulness")
    if not found:
        return "Not measured."
    kind = DEFAULT_MODEL if sidecar.family != "cnn" else sidecar.kind
    repeat = (
        f"Repeat with `timbrescope-train faithfulness --model {kind} --split {found['split']} "
        "--manifest PATH/manifest.csv`."
    )
    return f"{EVIDENCE}\n{evidence_table(found)}\n\n{repeat}"


def _training(sidecar: Sidecar) -> str:
    split, corpus = sidecar.split, sidecar.corpus
    return (
        f"- **{_entry(sidecar).title}** {sidecar.version}: {split.get('train_windows', '?')} "
        f"windows of {corpus.get('recordings', '?')} recordings, "
        f"{split.get('validation_windows', '?')} held out{_held_out(sidecar)}; "
        f"{_effort(sidecar.metrics.get('training', {}))}; temperature "
        f"{sidecar.temperature:.3f}, {_not_sure(sidecar)}."
    )


def _not_sure(sidecar: Sidecar) -> str:
    """Return where claims end."""
    limits = sidecar.thresholds
    known = (
        f" or when all instruments together are less likely than {limits.least_known:.3f}"
        if limits.least_known
        else ""
    )
    return f"*not sure* below {limits.not_sure:.2f}{known}"


def _held_out(sidecar: Sidecar) -> str:
    """Return the accuracy on held-out windows, one by one, as far as it is stated."""
    accuracy = sidecar.metrics.get("validation", {}).get("accuracy")
    return "" if accuracy is None else f" ({share(accuracy)} of them right)"


def _effort(stated: dict[str, Any]) -> str:
    """Return how long a model was trained, as far as it is stated."""
    if "seconds" in stated:
        return f"fitted in {stated['seconds']:.1f} s"
    if "core_hours" in stated:
        return f"{stated.get('epochs', '?')} epochs, {stated['core_hours']:.1f} core hours"
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
    return f"{SIZE}\n{markdown_table(head, rows)}"


def _change(before: float, after: float) -> str:
    return share(after) if before == after else f"{share(before)} → {share(after)}"


def _credits(sidecars: Sequence[Sidecar]) -> str:
    sources = sorted({credit for sidecar in sidecars for credit in sidecar.attributions})
    lines = "\n".join(f"- {source}" for source in sources)
    return (
        "Sources of the training material, with the licence each states. None of it is part of "
        f"this project.\n\n{lines}"
    )


def shipped_sidecars() -> list[Sidecar]:
    """Return the sidecars of the shipped models, the default one first.

    Raises
    ------
    ModelFileError
        If a sidecar cannot be read.
    """
    names = sorted(MODEL_NAMES, key=lambda name: name != DEFAULT_MODEL)
    return [read_sidecar(sidecar_path(model_path(name))) for name in names]


def write_card(path: Path = CARD_PATH) -> Path:
    """Write the card of the shipped models.

    Raises
    ------
    ModelFileError
        If a sidecar cannot be read.
    """
    write_text(path, render(shipped_sidecars()))
    return path
