"""Files of the built corpus: stored once for a recipe, listed as rows of its manifest."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.models.instruments import NAMES
from timbrescope.training.files import write_text
from timbrescope.training.labels import TRAIN_SPLIT

# Where the corpus that is built of packages lies below the working folder.
RENDERED_FOLDER = Path("packages") / "rendered"
TARGET_PEAK = 0.7
DONE_NAME = "done"


@dataclass(frozen=True)
class Facts:
    """What the files of one folder have in common.

    Attributes
    ----------
    what : str
        One of the 28 names, or in small letters the name of another instrument.
    family : str
        Recordings of one family and instrument share an origin.
    kind : str
        ``note`` or ``phrase``; another instrument's recordings are listed as ``other``.
    source, licence : str
        The package and the licence of what is in it.
    """

    what: str
    family: str
    kind: str
    source: str
    licence: str

    @property
    def instrument(self) -> str:
        """The class, empty for another instrument."""
        return self.what if self.what in NAMES else ""

    @property
    def group(self) -> str:
        """Family and instrument: nothing of one group may stand on both sides of a split."""
        return group_name(self.family, self.what)


def group_name(family: str, what: str) -> str:
    """Return the group of a family's recordings of one class or of another instrument."""
    return f"{family}:{what}" if what in NAMES else f"{family}:other-{what}"


def slug(name: str) -> str:
    """Return a name as folders have it."""
    return name.lower().replace(" ", "-")


def store_once(place: Path, recipe: str, fill: Callable[[Path], None]) -> list[Path]:
    """Let `fill` write FLAC files into a folder, unless the same recipe filled it before.

    Parameters
    ----------
    place : Path
        The folder; what an unfinished call or another recipe left there is removed.
    recipe : str
        Everything that decides what the files are.
    fill : callable
        Writes the files.

    Returns
    -------
    list of Path
        The files, sorted.
    """
    done = place / DONE_NAME
    if not done.is_file() or done.read_text("utf-8") != recipe:
        if place.exists():
            shutil.rmtree(place)
        place.mkdir(parents=True)
        fill(place)
        write_text(done, recipe)
    return sorted(place.glob("*.flac"))


def write_samples(path: Path, samples: Samples) -> None:
    """Write mono samples at 22050 Hz with their peak at `TARGET_PEAK`."""
    peak = float(np.abs(samples).max(initial=0.0)) or 1.0
    soundfile.write(path, samples * np.float32(TARGET_PEAK / peak), SAMPLE_RATE_HZ)


def rows_of(
    paths: Iterable[Path], facts: Facts, *, target: Path, origin: Callable[[Path], str]
) -> list[dict[str, str]]:
    """Return a row of the manifest, which lies in `target`, for each file."""
    return [
        {
            "path": path.relative_to(target).as_posix(),
            "instrument": facts.instrument,
            "source": facts.source,
            "group": facts.group,
            "kind": facts.kind if facts.instrument else "other",
            "split": TRAIN_SPLIT,
            "seconds": f"{soundfile.info(path).duration:.2f}",
            "licence": facts.licence,
            "origin": origin(path),
        }
        for path in paths
    ]
