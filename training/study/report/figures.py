"""The figures of a report: which there are, what they show, and how they get into the page."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timbrescope.models.catalogue import CNN_NAMES, PAPER_NAMES
from timbrescope.training.study.evaluate.results import title_of
from timbrescope.training.study.folder import SPLIT_NAMES
from timbrescope.training.study.report.facts import read_json

CAPTIONS_FILE = "captions.json"
_MEDIA = {".svg": "image/svg+xml", ".png": "image/png"}
# What figures are called where they are missing, by name without the split's.
_TITLES = {
    "fig-01-clips-per-class": "clips per class",
    "fig-02-waveform": "a clip as a waveform",
    "fig-03-mel-spectrogram": "a clip as a mel spectrogram",
    "fig-04-model": "the network",
    "fig-05-curves-mel": "training of the CNN on mel spectrograms",
    "fig-06-curves-mfcc": "training of the CNN on MFCCs",
    "fig-09-grad-cam": "Grad-CAM of a clip",
    "explained-representations": "what the network goes by, in six representations",
    "fig-10-tsne": "t-SNE of the mean MFCCs",
    "tsne": "the interactive t-SNE page",
    "examples-waveforms": "a waveform of every class",
    "examples-mel": "a mel spectrogram of every class",
    "leak-gap": "random against grouped split",
    "reliability": "reliability of the probabilities",
}
CURVES = ("fig-05-curves-mel", "fig-06-curves-mfcc")


@dataclass(frozen=True)
class Figure:
    """A figure that can stand in a page by itself.

    Attributes
    ----------
    name : str
    source : str
        ``data:`` address with the picture's bytes.
    title, caption : str
    number : int or None
        Of the paper's figure that it repeats.
    """

    name: str
    source: str
    title: str
    caption: str
    number: int | None


def read_figures(folder: Path) -> dict[str, Figure]:
    """Return the figures in a folder by name; of the two forms the smaller file.

    Where the captions are, a figure without one is left over from an earlier state, and not
    shown. Pictures stand in the page as images, SVG too: drawings in one document would share,
    and mix up, the names of their parts.

    Raises
    ------
    ReportError
        If the captions cannot be read.
    """
    captions: Mapping[str, Mapping[str, Any]] | None = read_json(folder / CAPTIONS_FILE)
    best: dict[str, Path] = {}
    for path in sorted(folder.glob("*")):
        drawn = captions is None or path.stem in captions
        if drawn and path.suffix in _MEDIA and path.stat().st_size:
            other = best.get(path.stem)
            if other is None or path.stat().st_size < other.stat().st_size:
                best[path.stem] = path
    return {
        name: _embedded(name, path, (captions or {}).get(name, {})) for name, path in best.items()
    }


def _embedded(name: str, path: Path, stated: Mapping[str, Any]) -> Figure:
    content = b64encode(path.read_bytes()).decode("ascii")
    title = missing_title(name)
    return Figure(
        name=name,
        source=f"data:{_MEDIA[path.suffix]};base64,{content}",
        title=str(stated.get("title") or title[:1].upper() + title[1:]),
        caption=str(stated.get("caption") or ""),
        number=stated.get("number"),
    )


def missing_title(name: str) -> str:
    """Return what a figure is called in a sentence that says that it is missing."""
    base, split = _without_split(name)
    on = f", {split} split" if split else ""
    for model in PAPER_NAMES:
        if base.endswith(f"confusion-{model}"):
            return f"confusions of {title_of(model)}{on}"
    return _TITLES.get(base, base.replace("-", " ")) + on


def _without_split(name: str) -> tuple[str, str | None]:
    for split in SPLIT_NAMES:
        if name.endswith(f"-{split}"):
            return name.removesuffix(f"-{split}"), split
    return name, None


def confusion_name(model: str, split: str) -> str:
    """Return what the confusion matrix of a model is called."""
    numbered: dict[str, str] = dict(zip(CNN_NAMES, ("fig-07-", "fig-08-"), strict=True))
    return f"{numbered.get(model, '')}confusion-{model}-{split}"
