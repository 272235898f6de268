"""Draws all figures of a study that are not there yet."""

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.files import write_json, write_text
from timbrescope.training.hashes import short_hash
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.figures import (
    class_counts,
    confusion,
    curves,
    examples,
    grad_cam,
    leak_gap,
    network,
    reliability_plot,
    representations,
    tsne_map,
)
from timbrescope.training.study.figures.drawing import DrawnFigure, FigureError, Page, Plan
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.style import house_style, write_figure
from timbrescope.training.study.folder import StudyFolder

# To be raised when figures are drawn differently: those that exist are drawn anew then.
DRAWING_VERSION = 1
CAPTIONS_FILE = "captions.json"
KEYS_FILE = "drawn.json"

# In the order of the paper, then what it does not have.
_SUBJECTS = (
    class_counts,
    examples,
    network,
    curves,
    confusion,
    grad_cam,
    representations,
    tsne_map,
    reliability_plot,
    leak_gap,
)


def draw_figures(
    folder: StudyFolder,
    *,
    clips: Sequence[Clip],
    vectors: NDArray[np.floating],
    only: Collection[str] | None = None,
) -> list[DrawnFigure]:
    """Draw the figures that do not exist or whose inputs have changed.

    Writes PNG and SVG of each, one HTML page, and ``captions.json`` with number, title and
    caption of all figures that there are by name, into the study's folder of figures.

    Parameters
    ----------
    folder : StudyFolder
    clips : sequence of Clip
        Of the training corpora.
    vectors : ndarray, shape (N, 40)
        Mean MFCCs of the clips, in their order.
    only : collection of str, optional
        Names of figures; the others are left as they are.

    Returns
    -------
    list of DrawnFigure
        In the paper's order; a figure that could not be drawn states the reason.

    Raises
    ------
    FigureError
        If clips and vectors are not of one number, or `only` names an unknown figure.
    """
    if len(clips) != len(vectors):
        raise FigureError(f"{len(clips)} clips and {len(vectors)} mean vectors do not fit")
    inputs = FigureInputs(folder, tuple(clips), np.asarray(vectors, dtype=np.float32))
    plans = list(_plans(inputs))
    _check_names(only, plans)
    folder.figures.mkdir(parents=True, exist_ok=True)
    record = _Record(folder.figures)
    found = [
        _draw_one(plan, folder.figures, record)
        for plan in plans
        if only is None or plan.name in only
    ]
    record.keep_only({plan.name for plan in plans})
    return found


def _plans(inputs: FigureInputs) -> Iterator[Plan]:
    for subject in _SUBJECTS:
        yield from subject.plans(inputs)


def _check_names(only: Collection[str] | None, plans: Sequence[Plan]) -> None:
    known = {plan.name for plan in plans}
    unknown = sorted(set(only or ()) - known)
    if unknown:
        raise FigureError(
            f"there is no figure {', '.join(unknown)}; known are {', '.join(sorted(known))}"
        )


class _Record:
    """What is drawn, from what, and with which caption: two JSON files beside the figures."""

    def __init__(self, folder: Path) -> None:
        self._keys_path = folder / KEYS_FILE
        self._captions_path = folder / CAPTIONS_FILE
        self._keys = _read(self._keys_path)
        self._captions = _read(self._captions_path)

    def caption(self, plan: Plan, key: str) -> str | None:
        """Return the caption of a figure if it was drawn from the inputs of `key`."""
        if self._keys.get(plan.name) != key or plan.name not in self._captions:
            return None
        return str(self._captions[plan.name]["caption"])

    def note(self, plan: Plan, key: str, caption: str) -> None:
        """Remember a figure; after each of them, so that a killed run goes on from there."""
        self._captions[plan.name] = {
            "number": plan.number,
            "title": plan.title,
            "caption": caption,
        }
        self._keys[plan.name] = key
        self._write()

    def forget(self, plan: Plan) -> None:
        """Forget a figure that can no longer be drawn."""
        self._keys.pop(plan.name, None)
        if self._captions.pop(plan.name, None) is not None:
            self._write()

    def keep_only(self, names: Collection[str]) -> None:
        """Forget figures that the study no longer has, and sort the others."""
        self._keys = {name: self._keys[name] for name in sorted(self._keys) if name in names}
        self._captions = {name: self._captions[name] for name in self._keys}
        self._write()

    def _write(self) -> None:
        write_json(self._captions_path, self._captions)
        write_json(self._keys_path, self._keys)


def _read(path: Path) -> dict[str, Any]:
    """Return what a JSON file holds; what is damaged is drawn anew."""
    try:
        stated = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    except ValueError:
        return {}
    return stated if isinstance(stated, dict) else {}


def _draw_one(plan: Plan, folder: Path, record: _Record) -> DrawnFigure:
    key = short_hash(DRAWING_VERSION, plan.title, plan.key)
    paths = plan.paths(folder)
    caption = record.caption(plan, key)
    if caption is not None and all(path.is_file() for path in paths):
        return DrawnFigure(plan.name, plan.title, plan.number, caption, paths)
    try:
        with house_style():
            page = plan.draw()
            _write(page, paths, title=plan.title)
    except TimbrescopeError as error:
        record.forget(plan)
        return DrawnFigure(plan.name, plan.title, plan.number, reason=str(error))
    record.note(plan, key, page.caption)
    return DrawnFigure(plan.name, plan.title, plan.number, page.caption, paths, drawn_now=True)


def _write(page: Page, paths: Sequence[Path], *, title: str) -> None:
    if isinstance(page.content, str):
        write_text(paths[0], page.content)
        return
    png, svg = paths
    write_figure(page.content, png, svg, title=title)
