import re
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QFontMetricsF, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from view_doubles import make_analysis, make_evidence, make_grid, probabilities_of

from timbrescope.desktop.drawing.colour_maps import bivariate_table
from timbrescope.desktop.engine.strength import CONTRAST, FULL_NATS
from timbrescope.desktop.views.answers.wording import NO_EVIDENCE
from timbrescope.desktop.views.spectrogram.axes import frequency_ticks, time_ticks
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S, column_of
from timbrescope.desktop.views.spectrogram.content import SpectrogramContent
from timbrescope.desktop.views.spectrogram.overlay import _label_font, shortened
from timbrescope.desktop.views.spectrogram.view import SpectrogramView
from timbrescope.desktop.views.style.theme import CAPTION, DARK, LIGHT, scaled_font
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.instruments import index_of

Grid = NDArray[np.float32]


@pytest.fixture
def view(qtbot: QtBot) -> SpectrogramView:
    made = SpectrogramView(DARK)
    qtbot.addWidget(made)
    made.resize(900, 400)
    return made


def sound(count: int, level_db: float = 0.0) -> Grid:
    return np.full((128, count), level_db, np.float32)


def evidence_in_view(view: SpectrogramView) -> tuple[int, NDArray[np.int8]]:
    first, count = view._content.visible()
    shown = view._content.evidence(first, count)
    assert shown is not None
    return first, shown[0]


def warm_seconds(view: SpectrogramView) -> NDArray[np.float64]:
    """Stream seconds of the columns that are drawn in evidence colours."""
    first, codes = evidence_in_view(view)
    return (np.flatnonzero(codes > 0) + first) * COLUMN_S


def test_a_verdict_lies_over_exactly_its_own_three_seconds(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0))
    warm = warm_seconds(view)
    assert warm.min() == pytest.approx(3.0, abs=COLUMN_S)
    assert warm.max() == pytest.approx(3.0 + 129 * COLUMN_S, abs=COLUMN_S)
    assert len(warm) == 130


def test_sound_and_evidence_scroll_together(view: SpectrogramView) -> None:
    view.append(sound(300), 0)
    view.show_evidence(make_analysis(3.0))
    before = warm_seconds(view)
    view.append(sound(57), 300)
    view.refresh()
    assert np.allclose(warm_seconds(view), before)
    assert view._image.span_s[1] == pytest.approx((357 - 0.5) * COLUMN_S)


def test_the_picture_uses_warm_colours_where_the_evidence_is(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0))
    view.refresh()
    pixels = view._image.pixels[0]
    first, codes = evidence_in_view(view)
    red, blue = (pixels >> 16) & 255, pixels & 255
    warm = codes > 0
    heard = np.arange(first, first + len(pixels)) >= 0
    assert (red[warm] > blue[warm]).all()
    assert (red[~warm & heard] < blue[~warm & heard]).all()


def test_the_preview_stands_for_its_own_three_seconds_and_what_came_before_fades(
    view: SpectrogramView,
) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0))
    view.show_preview(make_analysis(4.5, nats=0.5 * FULL_NATS), state=State.INSTRUMENT)
    first, codes = evidence_in_view(view)
    seconds = (np.arange(len(codes)) + first) * COLUMN_S
    older = codes[(seconds > 3.05) & (seconds < 4.45)].astype(int)
    assert (np.diff(older) >= 0).all()
    assert 0 < older[0] < older[-1]
    full = (0.9 - 0.05) / 0.95 * 127
    assert (np.abs(codes[(seconds > 4.55) & (seconds < 7.4)] - 0.5**CONTRAST * full) <= 1).all()


def test_old_evidence_of_another_answer_goes(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0))
    flute = make_analysis(4.5, explained="Flute", probabilities=probabilities_of(Flute=0.9))
    view.show_preview(flute, state=State.INSTRUMENT)
    assert warm_seconds(view).min() > 4.45


@pytest.mark.parametrize(
    ("state", "share"),
    [(State.NONE_OF_THEM, 0.9), (State.LISTENING, 0.9), (State.INSTRUMENT, 0.04)],
)
def test_what_nobody_claims_has_no_evidence(
    view: SpectrogramView, state: State, share: float
) -> None:
    view.append(sound(400), 0)
    found = make_analysis(4.5, probabilities=probabilities_of(Violin=share))
    view.show_preview(found, state=state)
    assert len(warm_seconds(view)) == 0


def test_evidence_is_as_strong_as_its_claim(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    strongest = []
    for share in (0.3, 0.6, 0.95):
        found = make_analysis(4.5, probabilities=probabilities_of(Violin=share))
        view.show_preview(found, state=State.INSTRUMENT)
        strongest.append(int(evidence_in_view(view)[1].max()))
    assert strongest == sorted(set(strongest))


def test_a_comparison_shows_both_sides(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    grid = np.full((128, 130), -FULL_NATS, np.float32)
    grid[:, :65] *= -1
    evidence = replace(make_grid(1.0), grid=grid, against=index_of("Trumpet"))
    view.show_preview(replace(make_analysis(4.5), evidence=evidence), state=State.INSTRUMENT)
    _, codes = evidence_in_view(view)
    assert codes.min() < 0 < codes.max()
    assert view.explained[0].label == "why Violin rather than Trumpet"


def test_what_speaks_against_is_drawn_when_asked_for(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    grid = np.full((128, 130), -FULL_NATS, np.float32)
    grid[:, :65] *= -1
    analysis = replace(make_analysis(4.5), evidence=replace(make_grid(1.0), grid=grid))
    view.show_preview(analysis, state=State.INSTRUMENT)
    assert evidence_in_view(view)[1].min() == 0
    assert "against" not in view.words
    view.set_against_shown(True)
    _, codes = evidence_in_view(view)
    assert codes.min() < 0 < codes.max()
    assert "; against it: " in view.words
    view.set_against_shown(False)
    assert evidence_in_view(view)[1].min() == 0


def test_the_evidence_is_told_in_words_no_oftener_than_they_are_read(
    view: SpectrogramView,
) -> None:
    view.append(sound(400), 0)
    view.show_preview(make_analysis(4.5), state=State.INSTRUMENT)
    view.refresh()
    words = view.words
    assert words.startswith("Violin: ")
    assert view.accessibleDescription() == words
    view.show_preview(make_analysis(4.7, nats=5.0), state=State.INSTRUMENT)
    assert view.words == words
    view.show_preview(make_analysis(4.9), state=State.QUIET)
    assert view.words == ""
    view.show_preview(make_analysis(5.1), state=State.INSTRUMENT)
    view.set_evidence_shown(False)
    assert view.words == ""


@pytest.mark.parametrize("with_against", [False, True])
def test_the_sentence_gets_shorter_with_the_picture_and_is_never_cut(
    view: SpectrogramView, with_against: bool
) -> None:
    grid = np.zeros((128, 130), np.float32)
    grid[[20, 40, 60], 40:60] = FULL_NATS
    grid[[30, 50, 70], 80:90] = -FULL_NATS
    evidence = replace(make_grid(1.0), grid=grid)
    view.append(sound(400), 0)
    view.show_preview(replace(make_analysis(4.5), evidence=evidence), state=State.INSTRUMENT)
    view.set_against_shown(with_against)
    view.show()
    whole = view.words
    drawn = []
    for width in range(1600, 240, -20):
        view.resize(width, 300)
        view.grab()
        assert view.words == whole == view.accessibleDescription()
        assert "…" not in view.words_drawn
        left, right = view.picture_edges
        room = QFontMetricsF(scaled_font(CAPTION)).horizontalAdvance(view.words_drawn)
        assert room <= right - left
        drawn.append(view.words_drawn)
    assert drawn[0] == whole
    assert all(len(after) <= len(before) for before, after in pairwise(drawn))
    assert len(set(drawn)) > 3
    assert "Hz" in drawn[-6]


def test_the_whole_sentence_is_the_tooltip_of_the_line_above_the_picture(
    view: SpectrogramView,
) -> None:
    view.append(sound(400), 0)
    view.show_preview(make_analysis(4.5), state=State.INSTRUMENT)
    view.show()
    for y, is_told in ((200, False), (5, True)):
        place = QPoint(300, y)
        event = QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place))
        QApplication.sendEvent(view, event)
        assert (QToolTip.text() == view.words) is is_told


def test_the_frame_stands_where_the_answer_comes_from_and_the_headline_names_it(
    view: SpectrogramView,
) -> None:
    view.append(sound(400), 0)
    assert view.explained == ()
    view.show_preview(make_analysis(4.5), state=State.INSTRUMENT)
    (frame,) = view.explained
    assert (frame.start_s, frame.end_s) == (4.5, 7.5)
    assert frame.label == ""
    assert frame.colour is not None


def test_nothing_is_framed_before_the_first_sample(view: SpectrogramView) -> None:
    view.append(sound(50), 0)
    view.show_preview(make_analysis(-1.8), state=State.INSTRUMENT)
    (frame,) = view.explained
    assert frame.start_s == 0.0


def test_no_instrument_is_named_before_the_answer_does(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_preview(make_analysis(4.5), state=State.LISTENING)
    assert view.explained == ()
    assert len(warm_seconds(view)) == 0


def test_quiet_windows_explain_nothing(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0, state=State.QUIET))
    view.show_preview(make_analysis(6.0, state=State.QUIET), state=State.QUIET)
    assert len(warm_seconds(view)) == 0
    assert view.explained == ()


def test_a_class_may_be_picked_for_its_evidence(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0))
    view.show_preview(make_analysis(4.5), state=State.INSTRUMENT)
    view.set_evidence_class(index_of("Flute"))
    # What there is explains another class; the engine brings what is wanted.
    assert len(warm_seconds(view)) == 0
    shares = probabilities_of(Violin=0.5, Flute=0.4)
    view.show_preview(
        make_analysis(4.5, explained="Flute", probabilities=shares), state=State.INSTRUMENT
    )
    assert len(warm_seconds(view)) > 0
    assert view.explained[0].label.startswith("for Flute 40")
    view.set_evidence_class(None)
    view.show_preview(make_analysis(4.7), state=State.INSTRUMENT)
    assert len(warm_seconds(view)) > 0


def test_evidence_can_be_hidden(view: SpectrogramView, qtbot: QtBot) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0))
    with qtbot.waitSignal(view.evidence_toggled) as told:
        view.set_evidence_shown(False)
    assert told.args == [False]
    assert view.explained == ()
    first, count = view._content.visible()
    assert view._content.evidence(first, count) is None
    assert len(view._line.points) == 0


def test_a_new_stream_forgets_the_old_evidence(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0))
    view.show_preview(make_analysis(6.0), state=State.INSTRUMENT)
    view.append(sound(10), 0)
    view.refresh()
    assert len(warm_seconds(view)) == 0
    assert view.explained == ()


def test_the_contour_surrounds_the_evidence(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_evidence(make_analysis(3.0))
    view.refresh()
    seconds = view._line.points[:, 0]
    assert seconds.min() == pytest.approx(3.0, abs=4 * COLUMN_S)
    assert seconds.max() == pytest.approx(6.0, abs=4 * COLUMN_S)


def test_the_contrast_follows_loud_sound_but_never_blows_up_noise(view: SpectrogramView) -> None:
    table = bivariate_table(dark=True)
    view.append(sound(600, -60.0), 0)
    view.refresh()
    assert view._image.pixels[0, -1] == table[0, 0] or view._contrast.top_db == 0.0
    quiet = view._image.pixels[0, -1]
    view.append(sound(5, 30.0), 600)
    view.refresh()
    assert view._image.pixels[0, -1] > quiet
    assert view._contrast.top_db == pytest.approx(32.0, abs=1.0)


def test_the_picture_glides_and_stays_near_the_newest_column(view: SpectrogramView) -> None:
    at, ends = 0, []
    view.append(sound(100), at)
    view.refresh()
    at = 100
    for frame in range(200):
        if frame % 3 == 0:
            view.append(sound(4), at)
            at += 4
        view.refresh(4 * COLUMN_S / 3)
        ends.append(view.area.end_s)
    steps = np.diff(ends[20:])
    assert (steps >= 0).all()
    assert steps.max() < 3 * 4 * COLUMN_S / 3
    assert at * COLUMN_S - ends[-1] < 0.3


def test_a_stretch_of_a_file_stands_still_with_each_window_framed(view: SpectrogramView) -> None:
    view.show_stretch(make_evidence(Path("a.wav"), start_s=30.0, count=3))
    assert [round(frame.start_s, 3) for frame in view.explained] == [0.0, 3.0, 6.0]
    ticks = time_ticks(view.area, origin_s=view.origin_s, room=60.0)
    assert [tick.text for tick in ticks][:3] == ["0:30", "0:31", "0:32"]
    assert ticks[0].second == pytest.approx(0.0)
    start_s, end_s = view.area.start_s, view.area.end_s
    view.refresh(0.5)
    assert (view.area.start_s, view.area.end_s) == (start_s, end_s)
    assert end_s - start_s == pytest.approx(9.0, abs=2 * COLUMN_S)
    view.forget()
    assert view.explained == ()


def test_frames_of_a_files_last_windows_stand_side_by_side(view: SpectrogramView) -> None:
    stretch = make_evidence(Path("a.wav"), count=2)
    # The last window is the last 3 s of the file, which overlap those before.
    last = replace(stretch.analyses[1], start_s=0.2, end_s=3.2)
    view.show_stretch(replace(stretch, analyses=(stretch.analyses[0], last)))
    spans = [(frame.start_s, frame.end_s) for frame in view.explained]
    assert spans == [(0.0, 3.0), (3.0, pytest.approx(3.2))]


def test_labels_show_hertz_and_notes() -> None:
    hertz = {tick.text for tick in frequency_ticks(notes=False, height=500.0, line=13.0)}
    notes = {tick.text for tick in frequency_ticks(notes=True, height=500.0, line=13.0)}
    assert {"500", "1 k", "4 k"} <= hertz
    assert {"C4", "A4", "C6"} <= notes


def test_it_can_be_drawn_in_both_themes(view: SpectrogramView) -> None:
    view.append(sound(400), 0)
    view.show_preview(make_analysis(6.0), state=State.INSTRUMENT)
    view.refresh()
    dark = view.grab().toImage()
    view.set_colours(LIGHT)
    light = view.grab().toImage()
    assert light.pixelColor(3, 3).lightness() > dark.pixelColor(3, 3).lightness()


@pytest.mark.slow
def test_a_frame_is_cheap(view: SpectrogramView) -> None:
    view.resize(1200, 500)
    view.append(sound(600), 0)
    view.show_evidence(make_analysis(9.0))
    measured = [_time(lambda: (view.refresh(0.033), view.grab())) for _ in range(30)]
    # The best of many, so that a busy machine does not count.
    assert min(measured) < 0.02


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def test_a_model_without_evidence_is_told_in_words(view: SpectrogramView) -> None:
    view.append(np.full((128, 200), -20.0, np.float32), 0)
    view.show_preview(make_analysis(1.0))
    assert view.note == ""
    view.show_evidence(make_analysis(0.0, nats=None))
    view.show_preview(make_analysis(1.2, nats=None))
    view.set_evidence_class(3)
    view.refresh()
    view.grab()
    assert view.note == NO_EVIDENCE
    # Who has hidden the evidence misses none.
    view.set_evidence_shown(False)
    assert view.note == ""


def test_a_file_judged_by_a_model_without_evidence_is_named_all_the_same(
    view: SpectrogramView,
) -> None:
    stretch = make_evidence(Path("a.wav"))
    blind = replace(stretch, analyses=(make_analysis(0.0, nats=None),))
    view.show_stretch(blind)
    view.set_evidence_class(3)
    view.grab()
    assert view.note == NO_EVIDENCE
    # Not "for Bass Guitar": nothing is shown for the class that was picked.
    assert [explained.label for explained in view.explained] == ["Violin 90\u202f%"]


@pytest.mark.parametrize("room", [90.0, 120.0, 135.5, 151.3, 160.0, 240.0])
def test_a_label_keeps_its_sign(room: float) -> None:
    label = "Vibraphone 90\u202f%"
    metrics = QFontMetricsF(_label_font(label, room=room, height=400.0, least=CAPTION))
    text = shortened(label, metrics, room)
    assert text.endswith(" 90\u202f%")
    assert metrics.horizontalAdvance(text) <= room + 1.0


def test_only_a_label_that_does_not_fit_is_shortened() -> None:
    label = "Vibraphone 90\u202f%"
    metrics = QFontMetricsF(_label_font(label, room=400.0, height=400.0, least=CAPTION))
    assert shortened(label, metrics, 400.0) == label
    assert shortened("why Violin rather than Flute", metrics, 100.0).endswith("…")


def _moments(words: str) -> list[float]:
    """Return the moments that a sentence names."""
    return [
        60 * int(minutes) + float(rest) for minutes, rest in re.findall(r"(\d+):([\d.]+)", words)
    ]


def _attacked(start_s: float, attacks_s: list[float]) -> Analysis:
    """Return the analysis of a window whose evidence lies on attacks of a stream."""
    times_s = start_s + (np.arange(130) + 0.5) * 3.0 / 130
    parts = [np.where(times_s >= at, np.exp((at - times_s) / 0.1), 0.0) for at in attacks_s]
    grid = 0.01 * np.outer(np.ones(128), np.sum(parts, axis=0)).astype(np.float32)
    return replace(make_analysis(start_s), evidence=replace(make_grid(0.0), grid=grid))


def test_an_attack_is_told_until_it_comes_near_the_frames_beginning() -> None:
    content = SpectrogramContent(seconds=12.0)
    content.append(sound(600), 0)
    told = {}
    for start_s in (2.2, 2.9, 3.7, 4.4, 5.2):
        content.forget()
        content.lay_preview(_attacked(start_s, [5.0]), state=State.INSTRUMENT)
        told[start_s] = bool(_moments(content.words))
    assert told == {2.2: True, 2.9: True, 3.7: True, 4.4: False, 5.2: False}


@settings(max_examples=25, deadline=None)
@given(
    attacks_s=st.lists(st.floats(0.2, 11.0), min_size=1, max_size=8),
    step_s=st.sampled_from([0.2, 0.4]),
)
def test_the_sentence_names_moments_inside_the_frame_only(
    attacks_s: list[float], step_s: float
) -> None:
    content = SpectrogramContent(seconds=12.0)
    content.append(sound(600), 0)
    for start_s in np.arange(0.0, 9.0, step_s):
        content.lay_preview(_attacked(start_s, attacks_s), state=State.INSTRUMENT)
        (frame,) = content.explained
        for moment_s in _moments(content.words):
            assert frame.start_s - 0.05 <= moment_s <= frame.end_s + 0.05


@settings(max_examples=25, deadline=None)
@given(
    names=st.lists(
        st.sampled_from(["Violin", "Violin", "Violin", "Trumpet", None]), min_size=20, max_size=60
    )
)
def test_outside_the_frame_evidence_only_fades(names: list[str | None]) -> None:
    content = SpectrogramContent(seconds=30.0)
    content.append(sound(1200), 0)
    before, outside = np.zeros((128, 1200), np.int8), np.zeros(1200, bool)
    for number, name in enumerate(names):
        start_s = number * 0.2 - 1.0
        state = State.INSTRUMENT if name else State.LISTENING
        shown = make_analysis(start_s, state=state, explained=name or "Violin")
        if number % 15 == 14:
            content.lay_verdict(replace(shown, start_s=start_s, end_s=start_s + 3.0))
        content.lay_preview(shown, state=state)
        now = content.evidence(0, 1200)
        assert now is not None
        assert (now[:, outside] <= before[:, outside]).all()
        before, outside = now, np.arange(1200) < column_of(start_s)
