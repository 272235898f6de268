"""The crosshair says what lies under the pointer: time, frequency, note and level."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.spectrogram.mel_scale import band_from_hz
from timbrescope.desktop.views.spectrogram.view import SpectrogramView
from timbrescope.desktop.views.style.theme import DARK


@pytest.fixture
def view(qtbot: QtBot) -> SpectrogramView:
    made = SpectrogramView(DARK)
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    columns = np.full((128, 500), -60.0, np.float32)
    columns[int(band_from_hz(440.0)), 300] = -20.0
    made.append(columns, 0)
    made.refresh()
    return made


def _place(view: SpectrogramView, *, second: float, hz: float) -> QPoint:
    return QPointF(view.area.x(second), view.area.y(band_from_hz(hz))).toPoint()


def _move(view: SpectrogramView, where: QPoint) -> None:
    at = QPointF(where)
    buttons, plain = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), buttons, buttons, plain)
    QApplication.sendEvent(view, event)


def test_a_note_under_the_pointer_is_named_with_time_and_level(view: SpectrogramView) -> None:
    assert view.pointed is None
    _move(view, _place(view, second=300 * COLUMN_S, hz=440.0))
    pointed = view.pointed
    assert pointed is not None
    assert pointed.second == pytest.approx(300 * COLUMN_S, abs=0.02)
    assert pointed.level_db == pytest.approx(-20.0, abs=0.6)
    assert pointed.words.startswith("0:07.0 · 4")
    assert "· A4 ·" in pointed.words
    assert pointed.words.endswith("−20 dB")
    view.grab()


def test_outside_the_picture_nothing_is_said(view: SpectrogramView) -> None:
    _move(view, QPoint(2, 2))
    assert view.pointed is None


def test_where_no_sound_is_kept_there_is_no_level(view: SpectrogramView) -> None:
    view.forget()
    view.append(np.full((128, 40), -60.0, np.float32), 0)
    view.refresh()
    _move(view, _place(view, second=-5.0, hz=440.0))
    pointed = view.pointed
    assert pointed is not None
    assert pointed.level_db is None
    assert "dB" not in pointed.words
