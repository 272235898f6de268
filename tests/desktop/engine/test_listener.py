"""The listener: chunks change nothing, and a file gets the live path's numbers."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile
from engine_doubles import RATE_HZ, HandSource, tune
from hypothesis import given, settings
from hypothesis import strategies as st
from sign_classifier import SignClassifier

from timbrescope.desktop.audio.ring import RingBuffer
from timbrescope.desktop.engine.classify_file import classify_file
from timbrescope.desktop.engine.listener import PREVIEW_SAMPLES, Listener
from timbrescope.desktop.engine.stream import Stream
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.audio.decode import read_mono
from timbrescope.models.catalogue import CNN_NAMES, FLAGSHIP_NAME
from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import NOTHING
from timbrescope.models.evidence_words import evidence_in_words
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES

SOUND = tune(7.0, rate=SAMPLE_RATE_HZ)


@settings(max_examples=10)
@given(cuts=st.lists(st.integers(0, len(SOUND)), max_size=12))
def test_chunks_change_no_verdict_and_no_column(cuts: list[int]) -> None:
    classifier = Classifier.load("mel")
    at_once = Listener(classifier).hear(SOUND)
    listener = Listener(classifier)
    edges = sorted({0, *cuts, len(SOUND)})
    heard = [listener.hear(SOUND[a:b]) for a, b in itertools.pairwise(edges)]
    columns = np.concatenate([part.columns for part in heard], axis=1)
    np.testing.assert_array_equal(columns, at_once.columns)
    verdicts = [verdict for part in heard for verdict in part.verdicts]
    assert len(verdicts) == len(at_once.verdicts) == 2
    for found, expected in zip(verdicts, at_once.verdicts, strict=True):
        np.testing.assert_array_equal(found.probabilities, expected.probabilities)
        np.testing.assert_array_equal(found.heatmaps, expected.heatmaps)
        assert found.start_s == expected.start_s


@pytest.mark.parametrize("name", [FLAGSHIP_NAME, *CNN_NAMES])
def test_a_file_and_the_live_path_give_the_same_probabilities(name: str, tmp_path: Path) -> None:
    path = tmp_path / "tune.wav"
    soundfile.write(path, SOUND[: 6 * SAMPLE_RATE_HZ], SAMPLE_RATE_HZ, subtype="FLOAT")
    result = classify_file(path, classifier=Classifier.load(name))
    live = Listener(Classifier.load(name)).hear(read_mono(path))
    assert [window.probability for window in result.windows] == [
        verdict.probability for verdict in live.verdicts
    ]
    mean = np.mean([verdict.probabilities for verdict in live.verdicts], axis=0)
    np.testing.assert_allclose(result.probabilities, mean, atol=1e-7)


def test_a_preview_is_what_the_batch_says_of_its_window() -> None:
    classifier = Classifier.load("mel")
    preview = Listener(classifier).hear(SOUND[: 4 * SAMPLE_RATE_HZ]).preview
    assert preview is not None
    start = round(preview.start_s * SAMPLE_RATE_HZ)
    window = SOUND[start : start + 3 * SAMPLE_RATE_HZ]
    expected = classifier.classify(window)
    np.testing.assert_allclose(preview.probabilities, expected.probabilities, atol=1e-6)
    assert 4.0 - preview.end_s < 0.03


def test_previews_come_five_times_a_second_and_late_ones_are_counted() -> None:
    listener = Listener(Classifier.load("mel"))
    step = PREVIEW_SAMPLES // 4
    heard = [listener.hear(SOUND[at : at + step]) for at in range(0, 2 * SAMPLE_RATE_HZ, step)]
    assert sum(part.preview is not None for part in heard) == 10
    assert not any(part.dropped_previews for part in heard)
    late = listener.hear(SOUND[: 5 * PREVIEW_SAMPLES])
    assert late.preview is not None
    assert late.dropped_previews == 4


def test_the_level_is_of_the_newest_tenth_of_a_second() -> None:
    listener = Listener(Classifier.load("mel"))
    heard = listener.hear(np.full(SAMPLE_RATE_HZ, 0.5, dtype=np.float32))
    assert heard.level.rms_dbfs == pytest.approx(-6.02, abs=0.01)
    silent = listener.hear(np.zeros(SAMPLE_RATE_HZ // 10, dtype=np.float32))
    assert silent.level.peak_dbfs == float("-inf")


def test_another_model_answers_from_the_next_preview_on() -> None:
    listener = Listener(Classifier.load("mel"))
    listener.hear(SOUND[: 2 * SAMPLE_RATE_HZ])
    listener.use(Classifier.load("mfcc"))
    heard = listener.hear(SOUND[2 * SAMPLE_RATE_HZ :][:100])
    assert heard.preview is not None
    assert heard.preview.model.kind == "mfcc"
    assert heard.dropped_previews == 0


@pytest.mark.parametrize("channels", [1, 2])
def test_a_take_gives_the_same_answers_live_and_from_disk(channels: int, tmp_path: Path) -> None:
    take = np.stack([tune(7.0, seed=seed) for seed in range(channels)], axis=1)
    path = tmp_path / "take.wav"
    soundfile.write(path, take, RATE_HZ, subtype="FLOAT")
    classifier = Classifier.load("mel")
    result = classify_file(path, classifier=classifier)
    source = HandSource(channels=channels, ring=RingBuffer(len(take), channels))
    stream = Stream(source, lambda: Listener(classifier))
    verdicts: list[Analysis] = []
    for start in range(0, len(take), 1_111):
        source.ring.write(take[start : start + 1_111])
        heard = stream.hear()
        verdicts += heard.verdicts if heard else ()
    assert len(verdicts) == 2
    for verdict, window in zip(verdicts, result.windows, strict=False):
        assert verdict.start_s == window.start_s
        assert verdict.probability == pytest.approx(window.probability, abs=1e-5)
        assert verdict.level_dbfs == pytest.approx(window.level_dbfs, abs=1e-4)


def test_less_than_a_second_of_sound_is_listened_to_and_names_nothing() -> None:
    sound = np.zeros(6 * SAMPLE_RATE_HZ, np.float32)
    sound[2 * SAMPLE_RATE_HZ + 4410 : 3 * SAMPLE_RATE_HZ] = 0.1
    sound[3 * SAMPLE_RATE_HZ : 5 * SAMPLE_RATE_HZ] = 0.1
    listener = Listener(SignClassifier())
    first, second = (
        listener.hear(sound[: 3 * SAMPLE_RATE_HZ]),
        listener.hear(sound[3 * SAMPLE_RATE_HZ :]),
    )
    assert first.preview is not None
    assert first.preview.state is State.LISTENING
    assert [verdict.state for verdict in first.verdicts] == [State.LISTENING]
    assert first.answer is not None
    assert not first.answer.probabilities.any()
    assert [verdict.state for verdict in second.verdicts] == [State.INSTRUMENT]
    assert second.answer is not None
    assert second.answer.state is State.INSTRUMENT


def test_without_evidence_on_show_only_verdicts_have_some() -> None:
    listener = Listener(Classifier.load("mel"))
    listener.explain(NOTHING)
    heard = listener.hear(SOUND[: 4 * SAMPLE_RATE_HZ])
    assert heard.preview is not None
    assert heard.preview.evidence is None
    assert [verdict.evidence is None for verdict in heard.verdicts] == [False]


def test_partials_are_found_once_for_a_verdict_and_for_a_preview_when_asked_for() -> None:
    heard = Listener(Classifier.load("mel")).hear(SOUND[: 4 * SAMPLE_RATE_HZ])
    (verdict,) = heard.verdicts
    assert verdict.evidence is not None
    assert verdict.evidence.peaks is not None
    # Minutes of verdicts are kept: no window stays behind one.
    assert verdict.evidence.sound is None
    assert heard.preview is not None
    assert heard.preview.evidence is not None
    assert heard.preview.evidence.peaks is None
    named = heard.preview.evidence.with_peaks()
    assert named.peaks is not None
    assert evidence_in_words(named) == evidence_in_words(heard.preview.evidence)


def test_partials_are_those_of_the_window_whatever_is_done_to_its_array_later() -> None:
    window = SOUND[:WINDOW_SAMPLES].copy()
    found = Classifier.load("mel").analyse(window, start_s=0.0).evidence
    assert found is not None
    window[:] = 0.0
    assert found.with_peaks().peaks is not None
    assert found.with_peaks().peaks.hertz.size > 0


def _states(listener: Listener, sound: np.ndarray) -> list[State]:
    """Return what is answered one after the other, each once, while a sound comes in."""
    step = SAMPLE_RATE_HZ // 10
    answers = [listener.hear(sound[at : at + step]).answer for at in range(0, len(sound), step)]
    told = [answer.state for answer in answers if answer is not None]
    return [state for state, _ in itertools.groupby(told)]


def _zeros(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def _noise(seconds: float, *, amplitude: float) -> np.ndarray:
    noise = np.random.default_rng(1).normal(size=round(seconds * SAMPLE_RATE_HZ))
    return (amplitude * noise).astype(np.float32)


def test_zeros_are_listened_to_for_a_moment_and_are_then_no_signal() -> None:
    listener = Listener(Classifier.load("mel"))
    assert _states(listener, _zeros(7.0)) == [State.LISTENING, State.NO_SIGNAL]
    assert _states(listener, _noise(4.0, amplitude=1e-5)) == [State.QUIET]


@pytest.mark.parametrize("before", [SOUND[: 4 * SAMPLE_RATE_HZ], 0.02 * SOUND])
def test_sound_that_ends_in_zeros_is_never_called_quiet(before: np.ndarray) -> None:
    listener = Listener(Classifier.load("mel"))
    _states(listener, before)
    after = _states(listener, _zeros(4.5))
    assert after[-1] is State.NO_SIGNAL
    assert State.QUIET not in after


def test_faint_noise_that_is_muted_is_quiet_and_then_no_signal() -> None:
    listener = Listener(Classifier.load("mel"))
    _states(listener, _noise(4.0, amplitude=1e-5))
    assert _states(listener, _zeros(1.8)) == [State.QUIET]
    assert _states(listener, _zeros(1.0))[-1] is State.NO_SIGNAL


def test_a_block_of_zeros_says_no_signal_and_one_of_faint_noise_quiet() -> None:
    sound = np.concatenate([_zeros(3.0), _noise(3.0, amplitude=1e-5)])
    verdicts = Listener(Classifier.load("mel")).hear(sound).verdicts
    assert [verdict.state for verdict in verdicts] == [State.NO_SIGNAL, State.QUIET]
