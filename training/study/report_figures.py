"""The figures of a report: which there are, what they show, and how they get into the page."""

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from models.catalogue import CNN_NAMES, MODEL_NAMES
from training.study.folder import SPLIT_NAMES
from training.study.results import title_of

_MEDIA = {".svg": "image/svg+xml", ".png": "image/png"}
# Figures of the paper by what ours are called, without the split's name.
_OF_PAPER = {
    "fig-01-clips-per-class": ("1", "Clips per class."),
    "fig-02-waveform": ("2", "A clip as a waveform."),
    "fig-03-mel-spectrogram": ("3", "A clip as a mel spectrogram, the network's input."),
    "fig-04-model": ("4", "The network; it is the same for both inputs but for their height."),
    "fig-05-curves-mel": ("5", "Loss and accuracy by epoch, CNN on mel spectrograms"),
    "fig-06-curves-mfcc": ("6", "Loss and accuracy by epoch, CNN on MFCCs"),
    "fig-07-confusion-mel": ("7", "Confusion matrix, CNN on mel spectrograms"),
    "fig-08-confusion-mfcc": ("8", "Confusion matrix, CNN on MFCCs"),
    "fig-09-grad-cam": (
        "9",
        "Grad-CAM: the mel spectrogram, the heatmap of the class that was answered, and both.",
    ),
    "fig-10-tsne": (
        "10",
        "t-SNE of the clips' 40 mean MFCCs. Clips that lie together sound alike; distances "
        "between groups of them mean little.",
    ),
}
_OTHERS = {
    "examples-waveforms": "A waveform of every class.",
    "examples-mel": "A mel spectrogram of every class.",
    "leak-gap": "Every model on the random and on the grouped split, with 95 % intervals.",
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
    caption : str
    paper : str or None
        Number of the paper's figure that it repeats.
    """

    name: str
    source: str
    caption: str
    paper: str | None


def read_figures(folder: Path) -> dict[str, Figure]:
    """Return the figures in a folder by name; of the two forms the smaller file.

    Pictures stand in the page as images, SVG too: drawings in one document would share, and
    mix up, the names of their parts.
    """
    best: dict[str, Path] = {}
    for path in sorted(folder.glob("*")):
        if path.suffix in _MEDIA and path.stat().st_size:
            other = best.get(path.stem)
            if other is None or path.stat().st_size < other.stat().st_size:
                best[path.stem] = path
    return {name: _embedded(name, path) for name, path in best.items()}


def _embedded(name: str, path: Path) -> Figure:
    content = b64encode(path.read_bytes()).decode("ascii")
    paper, caption = described(name)
    return Figure(name, f"data:{_MEDIA[path.suffix]};base64,{content}", caption, paper)


def described(name: str) -> tuple[str | None, str]:
    """Return the number of the paper's figure, if there is one, and the caption of ours."""
    base, split = _without_split(name)
    on = f" on the {split} split." if split else ""
    if base in _OF_PAPER:
        paper, caption = _OF_PAPER[base]
        return paper, caption.removesuffix(".") + on if split else caption
    for model in MODEL_NAMES:
        if base == f"confusion-{model}":
            return None, f"Confusion matrix, {title_of(model)}{on}"
    if base == "reliability":
        return None, f"Reliability: how often answers of a confidence are right{on}"
    return None, _OTHERS.get(base, name.replace("-", " ") + ".")


def _without_split(name: str) -> tuple[str, str | None]:
    for split in SPLIT_NAMES:
        if name.endswith(f"-{split}"):
            return name.removesuffix(f"-{split}"), split
    return name, None


def confusion_name(model: str, split: str) -> str:
    """Return what the confusion matrix of a model is called."""
    numbered: dict[str, str] = dict(zip(CNN_NAMES, ("fig-07-", "fig-08-"), strict=True))
    return f"{numbered.get(model, '')}confusion-{model}-{split}"
