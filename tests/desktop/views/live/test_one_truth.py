"""Silence, note, silence through the real listener: evidence on sound only, one answer."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from timbrescope.desktop.audio.demo import DEMO_FOLDER
from timbrescope.desktop.engine.listener import Listener
from timbrescope.desktop.engine.messages import ChannelLevels, Health, LiveUpdate, SourceReport
from timbrescope.desktop.engine.outbox import Outbox
from timbrescope.desktop.views.answers.bar_rows import NONE_OF_THEM
from timbrescope.desktop.views.answers.wording import percent
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.spectrogram.column_store import COLUMN_S
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.analysis import State
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ

GOLDEN = Path(__file__).parents[3] / "data" / "golden"
SPEECH = "_speech/googlechromelabs-web-audio-samples"
CHUNK = SAMPLE_RATE_HZ // 10
RUNNING = SourceReport(Health.RUNNING, "test", SAMPLE_RATE_HZ, 1, "", 0, 0)
# A frame of the spectrogram reaches over 46 ms to both sides, one of the network's less.
REACH_S = 0.07


@pytest.fixture(scope="module")
def flagship() -> Classifier:
    return Classifier.load()


@pytest.fixture
def view(qtbot: QtBot) -> LiveView:
    made = LiveView(DARK)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    return made


def clip(name: str, seconds: float, *, folder: Path = DEMO_FOLDER) -> NDArray[np.float32]:
    samples, rate = soundfile.read(folder / f"{name}.ogg", dtype="float32")
    heard = soxr.resample(samples[: round(seconds * rate)], rate, SAMPLE_RATE_HZ)
    return np.resize(np.asarray(heard, np.float32), round(seconds * SAMPLE_RATE_HZ))


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def played(sound: NDArray[np.float32], classifier: Classifier) -> Iterator[LiveUpdate]:
    """Play a sound through listener and outbox, a tenth of a second at a time."""
    outbox, listener = Outbox(), Listener(classifier)
    outbox.begin_stream()
    outbox.report(RUNNING, ChannelLevels())
    for start in range(0, len(sound), CHUNK):
        heard = listener.hear(sound[start : start + CHUNK])
        outbox.leave(heard, position_s=listener.position_s)
        yield outbox.collect()


def shown_evidence(view: LiveView) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return the seconds of the columns in view and the strongest code in each."""
    content = view.spectrogram._content
    first, count = content.visible()
    codes = content.evidence(first, count)
    assert codes is not None
    return (np.arange(count) + first) * COLUMN_S, np.abs(codes).max(axis=0)


def test_evidence_lies_on_the_note_and_nowhere_else(view: LiveView, flagship: Classifier) -> None:
    sound = np.concatenate([silence(2.0), clip("trumpet", 2.5), silence(3.5)])
    seen = 0
    for update in played(sound, flagship):
        view.show_update(update, elapsed_s=0.1)
        seconds, strength = shown_evidence(view)
        outside = (seconds < 2.0 - REACH_S) | (seconds > 4.5 + REACH_S)
        assert not strength[outside].any()
        seen += bool(strength.any())
        if update.state not in (State.INSTRUMENT, State.NOT_SURE):
            assert update.probabilities.max() == 0 or update.state is State.NONE_OF_THEM
    assert seen > 5


def test_a_sound_from_the_first_sample_has_no_evidence_before_it(
    view: LiveView, flagship: Classifier
) -> None:
    for update in played(clip("trumpet", 2.4), flagship):
        view.show_update(update, elapsed_s=0.1)
        seconds, strength = shown_evidence(view)
        assert not strength[seconds < -1e-9].any()
        assert all(frame.start_s >= 0 for frame in view.spectrogram.explained)


def test_what_is_none_of_the_28_has_no_evidence(view: LiveView, flagship: Classifier) -> None:
    rng = np.random.default_rng(3)
    noise = (0.05 * rng.normal(size=6 * SAMPLE_RATE_HZ)).astype(np.float32)
    states = []
    for update in played(noise, flagship):
        view.show_update(update, elapsed_s=0.1)
        states.append(update.state)
        if update.state is State.NONE_OF_THEM:
            assert not shown_evidence(view)[1].any()
    assert State.NONE_OF_THEM in states


def _check(view: LiveView, update: LiveUpdate) -> None:
    """Compare what every part of the page says with the one answer."""
    headline, said = view.answer.answer, update.answer
    figures = view.bars.figures
    if said.state is State.INSTRUMENT:
        assert said.best is not None
        assert headline.figure == percent(float(figures[said.best]))
        assert figures.argmax() == said.best
    if said.state is State.NONE_OF_THEM:
        assert headline.figure == percent(float(figures[NONE_OF_THEM]))
    if not said.claims:
        assert not figures.any()
        assert headline.figure == ""
    if said.state not in (State.INSTRUMENT, State.NOT_SURE):
        assert view.spectrogram.words == ""
        # Nothing of an older answer is left beside one that names none.
        assert not shown_evidence(view)[1].any()
    if update.verdicts:
        block = view.timeline.blocks[-1]
        assert block.state is said.state
        if said.state is State.INSTRUMENT:
            assert percent(block.probability) == headline.figure
            assert block.index == said.best


def _run(view: LiveView, classifier: Classifier, sound: NDArray[np.float32]) -> None:
    changes: list[tuple[float, bytes]] = []
    for update in played(sound, classifier):
        view.show_update(update, elapsed_s=0.1)
        _check(view, update)
        if update.answer.claims:
            said = update.probabilities.tobytes()
            if not changes or changes[-1][1] != said:
                changes.append((update.position_s, said))
    times = np.array([time_s for time_s, _ in changes])
    # Twice a second at most, on a grid that previews meet to within a fifth of a second.
    assert (times[2:] - times[:-2] > 0.75).all()


def test_headline_bars_and_timeline_say_the_same(view: LiveView, flagship: Classifier) -> None:
    _run(view, flagship, np.concatenate([clip("trumpet", 4.0), silence(2.5), clip("violin", 4.0)]))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_they_do_so_for_a_minute_of_instruments_noise_and_speech(
    view: LiveView, flagship: Classifier, shared_audio: Path
) -> None:
    rng = np.random.default_rng(5)
    demo = ("acoustic-guitar", "flute", "piano", "trumpet", "vibraphone", "violin")
    parts = [clip(name, 5.0) for name in demo]
    parts += [clip(name, 5.0, folder=GOLDEN) for name in ("clarinet", "banjo")]
    noise = (0.03 * rng.normal(size=6 * SAMPLE_RATE_HZ)).astype(np.float32)
    parts += [silence(3.0), noise, parts[0] + 0.5 * parts[3], noise * 0.1]
    parts += [clip("human-voice-d06b8e", 6.0, folder=shared_audio / SPEECH)]
    sound = np.concatenate(parts)
    assert len(sound) >= 60 * SAMPLE_RATE_HZ
    _run(view, flagship, sound)
