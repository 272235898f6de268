"""The last minutes: frozen, scrubbed, zoomed, looked into by mouse and keyboard, played."""

from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot
from view_doubles import (
    FakeFiles,
    FakeLive,
    list_models,
    make_analysis,
    make_history,
    make_update,
    probabilities_of,
)

from timbrescope.desktop.engine.messages import Gap, GapReason
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.instruments import index_of

SECONDS = 60.0
FLUTE = probabilities_of(Flute=0.8)


class HandPlayer:
    def __init__(self) -> None:
        self.played: list[tuple[int, np.ndarray]] = []
        self.start_s = 0.0
        self.position_s: float | None = None
        self.problem = ""

    @property
    def is_playing(self) -> bool:
        return self.position_s is not None

    def play(self, sound: Iterable[tuple[int, np.ndarray]], *, start_s: float = 0.0) -> None:
        self.played = list(sound)
        self.start_s = self.position_s = start_s

    def stop(self) -> None:
        self.position_s = None


def _verdicts() -> tuple[Analysis, ...]:
    """Violin, and from the 30th second on flute."""
    return tuple(
        make_analysis(start_s, probabilities=FLUTE, explained="Flute")
        if start_s >= 30.0
        else make_analysis(start_s)
        for start_s in np.arange(0.0, SECONDS, 3.0)
    )


@pytest.fixture
def window(qtbot: QtBot, settings: Settings) -> Iterator[MainWindow]:
    live = FakeLive(make_update())
    live.heard = make_history(SECONDS, verdicts=_verdicts())
    made = MainWindow(live, FakeFiles(), settings, list_models=list_models)
    made.player = made._past._player = HandPlayer()
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    made._timer.stop()
    columns = np.full((128, round(SECONDS * 22050 / 512)), -20.0, np.float32)
    live.updates = [
        make_update(
            columns=columns[:, -600:],
            first_column=columns.shape[1] - 600,
            state=State.INSTRUMENT,
            probabilities=FLUTE,
            preview=make_analysis(SECONDS - 3.0, probabilities=FLUTE, explained="Flute"),
            verdicts=_verdicts(),
        )
    ]
    made.show_frame()
    live.updates = [make_update(first_column=columns.shape[1], position=SECONDS)]
    yield made
    made.close()


def _x(window: MainWindow, second: float) -> QPoint:
    view = window.live_view.spectrogram
    return QPointF(view.area.x(second), view.area.y(64.0)).toPoint()


def test_a_click_on_a_block_returns_to_its_sound_answer_and_evidence(
    window: MainWindow, qtbot: QtBot
) -> None:
    live = window.live_view
    window._past.go_to(21.0)
    window.show_frame()
    x = round(live.timeline.span.x(19.0))
    qtbot.mouseClick(live.timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
    assert live.is_frozen
    assert live.answer.answer.headline == "Violin"
    assert live.answer.answer.detail.startswith("0:18–0:21")
    (explained,) = live.spectrogram.explained
    assert explained.start_s == 18.0
    assert live.bars.figures[index_of("Violin")] == pytest.approx(0.9)
    # All evidence on view is that of the answer named.
    past = live.spectrogram.past
    assert past is not None
    first, count = past.visible()
    codes = past.evidence(first, count)
    assert codes is not None
    seconds = (first + np.flatnonzero(np.abs(codes).max(axis=0))) * COLUMN_S
    assert seconds.size
    assert seconds.min() >= 18.0 - COLUMN_S
    assert seconds.max() <= 21.0 + COLUMN_S
    # What comes meanwhile changes nothing of it.
    window.show_frame()
    assert live.answer.answer.headline == "Violin"
    live.grab()


@pytest.mark.parametrize("is_left", [True, False])
def test_a_second_click_finds_the_block_of_the_first(
    window: MainWindow, qtbot: QtBot, is_left: bool
) -> None:
    timeline = window.live_view.timeline
    window._past.go_to(20.0)
    window.show_frame()
    start_s, end_s = window.live_view.spectrogram.span_s
    # At the picture's edge only a part of the block is to be seen.
    x = round(timeline.span.x(start_s + 0.4 if is_left else end_s - 0.4))
    chosen: list[float] = []
    timeline.block_chosen.connect(chosen.append)
    for _ in range(2):
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
        window.show_frame()
    assert len(chosen) == 2
    assert chosen[0] == chosen[1]
    shown_s = window.live_view.spectrogram.span_s
    assert shown_s[0] - 0.01 <= chosen[0] <= shown_s[1] - 3.0 + 0.01


def test_freezing_early_leaves_the_picture_where_it_is(window: MainWindow) -> None:
    window._live.heard = make_history(5.0)
    before = window.live_view.spectrogram.span_s
    window._past.freeze()
    window.show_frame()
    assert window.live_view.spectrogram.span_s == pytest.approx(before)


def test_headline_and_bars_belong_to_what_is_on_view(window: MainWindow, qtbot: QtBot) -> None:
    live = window.live_view
    overview = live.past_row.overview
    assert live.answer.answer.headline == "Flute"
    x = round(overview._x(19.0))
    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=QPoint(x, 4))
    assert live.is_frozen
    assert live.answer.answer.headline == "Violin"
    assert live.bars.figures[index_of("Violin")] == pytest.approx(0.9)
    (explained,) = live.spectrogram.explained
    assert explained.start_s <= overview.second_at(x) <= explained.start_s + 3.0
    # A small step leaves the answer; a large one takes it out of sight.
    window._past.scroll(-0.5)
    assert live.answer.answer.headline == "Violin"
    window._past.drag(-30.0)
    assert live.answer.answer.headline == "Flute"
    window._past.go_on()
    window.show_frame()
    assert live.answer.answer.headline != "Flute"


def test_a_place_without_an_answer_shows_none(window: MainWindow) -> None:
    live, history = window.live_view, window._live.heard
    window._live.heard = make_history(SECONDS, verdicts=history.verdicts[10:])
    window._past.go_to(15.0)
    assert (live.answer.answer.headline, live.answer.answer.detail) == ("No answer here", "0:15")
    assert not live.bars.figures.any()
    assert live.spectrogram.explained == ()
    window._past.drag(-25.0)
    assert live.answer.answer.headline == "Flute"


def test_that_it_is_frozen_stands_at_the_right_of_the_picture_at_any_size(
    window: MainWindow,
) -> None:
    window._past.freeze()
    live = window.live_view
    for width in (1280, 1024, 1600):
        window.resize(width, 800)
        window.show_frame()
        right = round(live.spectrogram.picture_edges[1])
        assert live.frozen_mark.geometry().right() + 1 == right
        # The key gives way to it.
        assert live.spectrogram._taken == live.frozen_mark.width()
    window._past.go_on()
    assert live.spectrogram._taken == 0.0


def test_the_sentence_on_the_evidence_stays_when_frozen_and_goes_with_the_answer_looked_at(
    window: MainWindow,
) -> None:
    view = window.live_view.spectrogram
    told = view.words
    assert told.startswith("Flute: ")
    window.live_view.past_row.freeze.click()
    window.show_frame()
    assert window.live_view.is_frozen
    assert view.words == told
    assert view.words_drawn
    window._past.go_to(19.0)
    assert view.words.startswith("Violin: ")
    window.live_view.show_no_past_answer(19.0)
    assert view.words == ""


def test_in_the_presentation_an_audience_reads_the_sentence_and_the_axes(
    window: MainWindow,
) -> None:
    live = window.live_view
    view = live.spectrogram
    small, axis = view.type_scale, view.area.box.left()
    live.set_presenting(True)
    live.resize(1440, 900)
    assert view.type_scale > 2 * small
    assert view.area.box.left() > 1.5 * axis
    live.grab()
    assert view.words_drawn.startswith("Flute: ")
    live.set_presenting(False)
    assert view.type_scale == small
    assert view.area.box.left() == axis


def test_the_timeline_lies_under_the_sound_that_it_speaks_of(window: MainWindow) -> None:
    live = window.live_view
    for act in (lambda: None, lambda: window._past.scroll(3.0), lambda: window._past.zoom(3.0)):
        act()
        window.show_frame()
        start_s, end_s = live.spectrogram.span_s
        for second in (start_s, (start_s + end_s) / 2, end_s):
            above = live.spectrogram.mapTo(live, _x(window, second)).x()
            below = live.timeline.x() + live.timeline.span.x(second)
            assert below == pytest.approx(above, abs=1.5)


def test_wheel_keys_and_buttons_move_and_zoom_within_what_is_kept(
    window: MainWindow, qtbot: QtBot
) -> None:
    view = window.live_view.spectrogram
    start_s, end_s = view.span_s
    assert end_s - start_s == pytest.approx(12.0)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.span_s[1] < end_s
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.span_s[1] - view.span_s[0] == pytest.approx(24.0)
    window.live_view.past_row.nearer.click()
    assert view.span_s[1] - view.span_s[0] == pytest.approx(12.0)
    for _ in range(200):
        window._past.scroll(1.0)
    assert view.span_s[0] == pytest.approx(0.0, abs=0.05)
    for _ in range(8):
        window._past.zoom(2.0)
    assert view.span_s == pytest.approx((0.0, SECONDS), abs=0.1)
    window.live_view.grab()
    window.live_view.past_row.freeze.click()
    assert not window.live_view.is_frozen
    assert view.past is None


def test_the_timeline_is_walked_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    timeline = window.live_view.timeline
    timeline.setFocus()
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    assert window.live_view.answer.answer.detail.startswith("0:57–1:00")
    qtbot.keyClick(timeline, Qt.Key.Key_Left)
    assert window.live_view.answer.answer.detail.startswith("0:54–0:57")
    qtbot.keyClick(timeline, Qt.Key.Key_Home)
    assert window.live_view.answer.answer.headline == "Violin"
    assert window.live_view.spectrogram.span_s[0] == pytest.approx(0.0, abs=0.05)


def test_a_click_on_the_picture_asks_for_the_moment(window: MainWindow, qtbot: QtBot) -> None:
    view, live = window.live_view.spectrogram, window._live
    window._past.go_to(20.0)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=_x(window, 20.0))
    kind, end_s = live.calls[-1]
    assert kind == "moment"
    assert end_s == pytest.approx(21.5, abs=0.05)
    moment = make_analysis(18.5, probabilities=probabilities_of(Banjo=0.7), explained="Banjo")
    live.updates = [make_update(moment=moment, position=SECONDS)]
    window.show_frame()
    assert window.live_view.answer.answer.headline == "Banjo"
    assert view.explained[0].start_s == pytest.approx(18.5)


def test_what_is_on_view_is_played_with_a_cursor(window: MainWindow) -> None:
    window._past.go_to(20.0)
    window._past.switch_playing()
    player = window.player
    ((rate_hz, samples),) = player.played
    start_s, end_s = window.live_view.spectrogram.span_s
    assert len(samples) == pytest.approx((end_s - start_s) * rate_hz, abs=2)
    assert player.start_s == pytest.approx(start_s)
    player.position_s = 21.0
    window.show_frame()
    assert window.live_view.spectrogram._played_s == 21.0
    assert window.live_view.timeline._played_s == 21.0
    window.live_view.grab()
    player.position_s, player.problem = None, "nothing can be played: no output"
    window.show_frame()
    assert window.live_view.spectrogram._played_s is None
    assert "no output" in window.notice.text


def test_what_has_gone_is_said(window: MainWindow) -> None:
    window._past.look_into(-300.0)
    assert "5 minutes" in window.notice.text


def test_a_gap_is_said_where_it_lies(window: MainWindow) -> None:
    timeline = window.live_view.timeline
    gap = Gap(50.0, 51.0, 12.0, GapReason.PAUSED)
    window._live.updates = [make_update(gaps=(gap,), position=SECONDS)]
    window.show_frame()
    assert timeline._words_at(timeline.span.x(50.5)) == "paused, 0:12"
    assert gap in window.live_view.spectrogram.gaps
    window.live_view.grab()


def test_escape_leaves_the_past(window: MainWindow, qtbot: QtBot) -> None:
    window._past.go_to(20.0)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.live_view.is_frozen
    assert window.live_view.spectrogram.past is None


def test_another_instruments_evidence_is_asked_for_what_is_looked_at(window: MainWindow) -> None:
    live = window._live
    window._past.look_into(18.0)
    window.live_view.bars.choose(index_of("Flute"))
    kinds = [call[0] for call in live.calls if isinstance(call, tuple)]
    assert kinds[-2:] == ["explained", "moment"]
    assert live.calls[-1] == ("moment", 21.0)
    window._past.go_on()
    window.live_view.bars.choose(None)
    assert live.calls[-1][0] == "explained"
