"""The picture that keeps its pixels is the one that is drawn anew."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from timbrescope.desktop.views.spectrogram.column_image import ColumnImage
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea

pytestmark = pytest.mark.usefixtures("qapp")

WIDTH, HEIGHT, SECONDS = 330, 90, 4.0
BOX = QRectF(12.0, 8.0, 300.0, 70.0)
OTHER, NOTHING = 0xFFFF00FF, (0xFF, 0x00, 0xFF)
GREYS = (0xFF000000 + np.arange(256, dtype=np.uint32) * 0x010101)[np.newaxis]


def _drawn(image: ColumnImage, *, end_s: float, ratio: float) -> NDArray[np.int64]:
    """Return the colours (height, width, 3) of a frame of the view."""
    frame = QImage(round(WIDTH * ratio), round(HEIGHT * ratio), QImage.Format.Format_RGB32)
    frame.setDevicePixelRatio(ratio)
    frame.fill(OTHER)
    painter = QPainter(frame)
    painter.setClipRect(BOX)
    image.draw(painter, PlotArea(BOX, end_s - SECONDS, end_s), ratio=ratio)
    painter.end()
    return _colours(frame)


def _colours(frame: QImage) -> NDArray[np.int64]:
    flat = np.frombuffer(frame.constBits(), np.uint8)
    return flat.reshape(frame.height(), frame.width(), 4)[..., :3].astype(np.int64)


def _sound(rng: np.random.Generator, count: int) -> NDArray[np.uint8]:
    """Return levels that resemble their neighbours, as those of sound do."""
    return (np.abs(np.cumsum(rng.integers(-12, 13, (128, count)), axis=1)) % 200).astype(np.uint8)


def _show(image: ColumnImage, levels: NDArray[np.uint8], *, first: int) -> None:
    image.show_columns(levels, None, first_column=first, table=GREYS)


def _shown(levels: NDArray[np.uint8], *, first: int) -> ColumnImage:
    image = ColumnImage()
    _show(image, levels, first=first)
    return image


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_picture_that_moved_on_is_the_one_drawn_anew(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    ratio = data.draw(st.sampled_from([1.0, 1.5, 2.0]))
    image = ColumnImage()
    wide = math.ceil(SECONDS / COLUMN_S) + 8
    stream = _sound(rng, wide + 900)
    first = 0
    for _ in range(data.draw(st.integers(1, 8))):
        first += data.draw(st.integers(0, 110))
        kept = image.kept(first, wide)
        if kept and data.draw(st.booleans()):
            added = stream[:, first + kept : first + wide]
            image.scroll(added, None, first_column=first, table=GREYS)
        else:
            # Evidence is laid over what was there.
            changed = first + data.draw(st.integers(0, wide - 1))
            stream = stream.copy()
            stream[40:60, changed : changed + 50] ^= 0x3F
            _show(image, stream[:, first : first + wide], first=first)
        end_s = (first + wide) * COLUMN_S - data.draw(st.floats(0.05, 0.08))
        found = _drawn(image, end_s=end_s, ratio=ratio)
        anew = _drawn(
            _shown(stream[:, first : first + wide], first=first), end_s=end_s, ratio=ratio
        )
        # Where Qt begins to count decides on the last digit of a place between two columns.
        assert np.abs(found - anew).max() <= 40
        assert np.abs(found - anew).mean() < 0.5
        rows, columns = (
            slice(round(low * ratio), round(high * ratio)) for low, high in ((10, 70), (13, 310))
        )
        assert not (found[rows, columns] == NOTHING).all(axis=-1).any()


def test_it_lies_where_columns_scaled_in_place_do() -> None:
    image = _shown(_sound(np.random.default_rng(7), 200), first=10)
    # Seconds that lie on whole pixels.
    end_s = 300 * SECONDS / BOX.width()
    area = PlotArea(BOX, end_s - SECONDS, end_s)
    frames = []
    for ratio in (1.0, 7.0):
        frame = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        frame.fill(OTHER)
        painter = QPainter(frame)
        painter.setClipRect(BOX)
        # No screen has seven pixels where this image has one: the columns are scaled in place.
        image.draw(painter, area, ratio=ratio)
        painter.end()
        frames.append(_colours(frame))
    kept, in_place = frames
    assert np.abs(kept - in_place).mean() < 0.5
    moved = np.abs(np.roll(kept, 1, axis=1) - in_place).mean()
    assert moved > 4 * np.abs(kept - in_place).mean()


def test_columns_beside_the_picture_are_not_drawn() -> None:
    image = _shown(np.full((128, 20), 255, np.uint8), first=100)
    for end_s in (-1.0, 20.0):
        assert (_drawn(image, end_s=end_s, ratio=1.0) == NOTHING).all()
    found = _drawn(image, end_s=110 * COLUMN_S, ratio=1.0)
    white = (found == 0xFF).all(axis=-1).any(axis=0)
    left, right = np.flatnonzero(white)[[0, -1]]
    assert abs(left - (BOX.right() - 10.5 * COLUMN_S * BOX.width() / SECONDS)) <= 1.0
    assert right == BOX.right() - 1


def test_a_picture_that_goes_back_or_is_another_size_is_whole() -> None:
    levels = _sound(np.random.default_rng(3), 600)
    image = ColumnImage()
    for first, end_s, ratio in (
        (200, 8.9, 1.0), (0, 4.3, 1.0), (150, 7.6, 1.0), (150, 6.0, 2.0), (150, 6.0, 1.0),
    ):  # fmt: skip
        _show(image, levels[:, first : first + 190], first=first)
        found = _drawn(image, end_s=end_s, ratio=ratio)
        anew = _drawn(_shown(levels[:, first : first + 190], first=first), end_s=end_s, ratio=ratio)
        assert np.abs(found - anew).mean() < 0.5


def test_it_keeps_its_place_over_a_day() -> None:
    levels = np.zeros((128, 190), np.uint8)
    levels[:, 100] = 255
    first = 43 * 60 * 60 * 24
    end_s = (first + 186) * COLUMN_S
    found = _drawn(_shown(levels, first=first), end_s=end_s, ratio=1.0)
    brightest = int(found[40].sum(axis=-1).argmax())
    wanted = BOX.right() - 86 * COLUMN_S * BOX.width() / SECONDS
    assert abs(brightest + 0.5 - wanted) <= 1.5
