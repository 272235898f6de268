import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.fit.flagship.schedule import warmed_cosine  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings  # noqa: E402

SETTINGS = FlagshipSettings(epochs=4, learning_rate=1e-2, warm_up_share=0.1)
STEPS_PER_EPOCH = 50


def test_the_rate_warms_up_once_and_falls_to_zero() -> None:
    rate = warmed_cosine(SETTINGS, steps_per_epoch=STEPS_PER_EPOCH)
    rates = [float(rate(step)) for step in range(4 * STEPS_PER_EPOCH + 1)]
    warm_up = 20
    assert rates[0] == 0.0
    assert rates[: warm_up + 1] == sorted(rates[: warm_up + 1])
    assert rates[warm_up] == pytest.approx(1e-2)
    assert rates[warm_up:] == sorted(rates[warm_up:], reverse=True)
    assert rates[-1] == pytest.approx(0.0, abs=1e-9)


def test_a_run_of_no_epochs_has_a_rate_all_the_same() -> None:
    rate = warmed_cosine(FlagshipSettings(epochs=0), steps_per_epoch=STEPS_PER_EPOCH)
    assert float(rate(0)) == pytest.approx(FlagshipSettings().learning_rate)
