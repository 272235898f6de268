"""One steady answer: quiet, listening, not sure, a name - and no flicker between names."""

from dataclasses import replace

import numpy as np
import pytest

from timbrescope.desktop.engine.smoothing import AnswerSmoother
from timbrescope.models.analysis import Analysis, ModelIdentity, State
from timbrescope.models.artefact import Thresholds
from timbrescope.models.decision import judge

THRESHOLDS = Thresholds(quiet_dbfs=-60.0, not_sure=0.5)


def _preview(end_s: float, *, best: int, probability: float, level_dbfs: float = -20.0) -> Analysis:
    probabilities = np.full(28, (1 - probability) / 27, dtype=np.float32)
    probabilities[best] = probability
    return Analysis(
        start_s=end_s - 3,
        end_s=end_s,
        level_dbfs=level_dbfs,
        state=judge(probabilities, level_dbfs=level_dbfs, thresholds=THRESHOLDS),
        probabilities=probabilities,
        heatmaps=None,
        evidence=None,
        embedding=np.zeros(128, dtype=np.float32),
        model=ModelIdentity("mel", "test", "0"),
        cost_ms=1.0,
    )


def _of_the_unknown(end_s: float, *, share: float) -> Analysis:
    """A preview of which this share of the probability is some instrument's, most of it one's."""
    found = _preview(end_s, best=3, probability=0.9)
    return replace(found, probabilities=found.probabilities * np.float32(share))


def test_what_is_likely_no_instrument_is_not_named_however_likely_the_best_one_is() -> None:
    smoother = AnswerSmoother(replace(THRESHOLDS, least_known=0.98))
    found = [smoother.update(_of_the_unknown(10 + t, share=0.97)) for t in np.arange(0, 2, 0.1)]
    assert {answer.state for answer in found[5:]} == {State.NOT_SURE}
    named = [smoother.update(_of_the_unknown(12 + t, share=0.999)) for t in np.arange(0, 2, 0.1)]
    assert named[-1].state is State.INSTRUMENT
    # A little less sure than for a new name is enough to keep one.
    kept = [smoother.update(_of_the_unknown(14 + t, share=0.97)) for t in np.arange(0, 2, 0.1)]
    assert {answer.state for answer in kept} == {State.INSTRUMENT}
    lost = [smoother.update(_of_the_unknown(16 + t, share=0.9)) for t in np.arange(0, 2, 0.1)]
    assert lost[-1].state is State.NOT_SURE


def test_an_instrument_that_begins_in_noise_is_named_within_a_second() -> None:
    smoother = AnswerSmoother(replace(THRESHOLDS, least_known=0.98))
    for t in np.arange(0, 2, 0.1):
        smoother.update(_of_the_unknown(10 + t, share=0.1))
    found = [smoother.update(_of_the_unknown(12 + t, share=0.995)) for t in np.arange(0, 1, 0.1)]
    assert found[-1].state is State.INSTRUMENT


def _states(previews: list[Analysis]) -> list[State]:
    smoother = AnswerSmoother(THRESHOLDS)
    return [smoother.update(preview).state for preview in previews]


@pytest.mark.parametrize("hop_s", [0.1, 0.2, 0.4])
def test_a_sound_is_listened_to_before_it_is_named_whatever_the_hop(hop_s: float) -> None:
    times = np.arange(0, 2, hop_s)
    states = _states([_preview(10 + t, best=3, probability=0.9) for t in times])
    expected = [State.LISTENING if t < 0.4 - 1e-9 else State.INSTRUMENT for t in times]
    assert states == expected


def test_quiet_is_told_at_once_and_shows_no_probability() -> None:
    smoother = AnswerSmoother(THRESHOLDS)
    for step in range(10):
        smoother.update(_preview(step / 5, best=3, probability=0.9))
    answer = smoother.update(_preview(2.0, best=3, probability=0.9, level_dbfs=-75))
    assert answer.state is State.QUIET
    assert not answer.probabilities.any()


def test_a_weak_answer_is_not_sure() -> None:
    states = _states([_preview(t / 5, best=3, probability=0.3) for t in range(10)])
    assert states[-1] is State.NOT_SURE


def test_a_dip_below_the_threshold_keeps_the_name_but_does_not_win_it() -> None:
    just_below = [_preview(2 + t / 5, best=3, probability=0.45) for t in range(20)]
    settled = [_preview(t / 5, best=3, probability=0.9) for t in range(10)]
    assert _states(settled + just_below)[-1] is State.INSTRUMENT
    assert _states(just_below)[-1] is State.NOT_SURE


def test_a_rival_has_to_lead_for_a_while() -> None:
    smoother = AnswerSmoother(THRESHOLDS)
    for step in range(10):
        smoother.update(_preview(step / 5, best=3, probability=0.9))
    shown = []
    for step in range(10, 25):
        answer = smoother.update(_preview(step / 5, best=7, probability=0.95))
        if answer.state is State.INSTRUMENT:
            shown.append(int(answer.probabilities.argmax()))
    assert shown[-1] == 7
    # Never a name that is not the leading one.
    assert set(shown) <= {3, 7}
    assert shown == sorted(shown)
