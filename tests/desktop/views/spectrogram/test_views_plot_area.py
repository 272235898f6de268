"""Places of the picture, the line round the evidence, and what is kept between frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from view_doubles import make_analysis, make_history

from timbrescope.desktop.drawing.colour_maps import bivariate_table
from timbrescope.desktop.views.presenters.pictures import picture_of
from timbrescope.desktop.views.spectrogram.column_image import ColumnImage
from timbrescope.desktop.views.spectrogram.content import SpectrogramContent
from timbrescope.desktop.views.spectrogram.plot_area import PlotArea
from timbrescope.desktop.views.spectrogram.still_layer import StillLayer
from timbrescope.desktop.views.spectrogram.traced_line import path_of_pieces
from timbrescope.desktop.views.spectrogram.view import SpectrogramView
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.analysis import State

SIZE = QSize(40, 30)


@given(
    width=st.floats(10.0, 4000.0),
    start_s=st.floats(-12.0, 40_000.0),
    length_s=st.floats(1.5, 300.0),
    share=st.floats(0.0, 1.0),
)
def test_a_place_and_its_second_belong_together(
    width: float, start_s: float, length_s: float, share: float
) -> None:
    area = PlotArea(QRectF(30.0, 20.0, width, 200.0), start_s, start_s + length_s)
    second, band = start_s + share * length_s, 128.0 * share
    assert area.second(area.x(second)) == pytest.approx(second, abs=1e-6)
    assert area.band(area.y(band)) == pytest.approx(band, abs=1e-6)
    assert area.box.left() - 1e-6 <= area.x(second) <= area.box.right() + 1e-6
    assert (area.y(0.0), area.y(128.0)) == (area.box.bottom(), area.box.top())


def test_pieces_of_a_line_stay_apart() -> None:
    path = path_of_pieces(np.array([1.0, 2.0, 5.0, 6.5]), np.array([3.0, 4.0, -7.0, 8.0]))
    elements = [path.elementAt(number) for number in range(path.elementCount())]
    assert [(each.x, each.y) for each in elements] == [(1, 3), (2, 4), (5, -7), (6.5, 8)]
    assert [each.isMoveTo() for each in elements] == [True, False, True, False]


def _drawn(layer: StillLayer, painter: QPainter, times: list[str], of: str) -> None:
    layer.draw(painter, SIZE, ratio=1.0, without=QRectF(), of=of, paint=lambda _: times.append(of))


def test_what_stays_the_same_is_drawn_once_for_the_screen(qapp: QApplication) -> None:
    layer, times = StillLayer(), list[str]()
    image = QImage(SIZE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for of in ("a", "a", "b", "b", "a"):
        _drawn(layer, painter, times, of)
    painter.end()
    assert times == ["a", "b", "a"]


def test_a_picture_finer_than_the_screen_or_of_lines_gets_no_pixels(qapp: QApplication) -> None:
    layer, times = StillLayer(), list[str]()
    fine = QImage(SIZE * 2, QImage.Format.Format_RGB32)
    fine.setDevicePixelRatio(2.0)
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer := QBuffer())
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    for device in (fine, drawing):
        painter = QPainter(device)
        for _ in range(2):
            _drawn(layer, painter, times, "a")
        painter.end()
    assert times == ["a"] * 4


def test_a_saved_drawing_has_the_axes_and_the_sentence_as_letters(qtbot: QtBot) -> None:
    view = SpectrogramView(DARK)
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.append(np.zeros((128, 400), np.float32), 0)
    view.show_preview(make_analysis(4.5), state=State.INSTRUMENT)
    view.refresh()
    drawing = picture_of(view).svg.decode()
    for letters in ("4 k", "C6", "0:06", "speaks for the answer", "Violin: "):
        assert letters in drawing


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_picture_that_scrolled_is_the_one_drawn_anew(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    content, image = SpectrogramContent(seconds=3.0), ColumnImage()
    table = bivariate_table(dark=True)
    content.append(rng.uniform(-60, 0, (128, 160)).astype(np.float32), 0)
    content.lay_preview(make_analysis(0.5), state=State.INSTRUMENT)
    at = 160
    for count in data.draw(st.lists(st.integers(0, 200), min_size=1, max_size=4)):
        content.append(rng.uniform(-60, 0, (128, count)).astype(np.float32), at)
        at += count
        first, wide = content.visible()
        kept = image.kept(first, wide)
        added = (first + kept, wide - kept)
        show = image.scroll if kept else image.show_columns
        show(content.levels(*added), content.evidence(*added), first_column=first, table=table)
        anew = ColumnImage()
        levels, evidence = content.levels(first, wide), content.evidence(first, wide)
        anew.show_columns(levels, evidence, first_column=first, table=table)
        assert np.array_equal(image.pixels, anew.pixels)
        assert image.span_s == anew.span_s


def test_where_no_sound_is_kept_the_picture_is_empty(qtbot: QtBot) -> None:
    view = SpectrogramView(DARK)
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.append(np.zeros((128, 200), np.float32), 0)
    view.refresh()
    view.show_past(make_history(4.0))
    box = view.area.box
    # What a view draws nothing on keeps what was there before.
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    view.render(image)
    for x in (box.left() + 8, box.right() - 8):
        assert image.pixelColor(round(x), 300) != QColor("#ff00ff")
    assert image.pixelColor(round(box.left()) + 8, 300) == QColor(DARK.surface)
