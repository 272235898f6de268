import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.fit.flagship.schedule import CosineCycles  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings  # noqa: E402

STEPS_PER_EPOCH = 50
ONCE = FlagshipSettings(epochs=4, learning_rate=1e-2, warm_up_share=0.1)
TWICE = FlagshipSettings(
    epochs=4, restart_epochs=2, restart_share=0.5, learning_rate=1e-2, warm_up_share=0.1
)


def _rates(settings: FlagshipSettings) -> list[float]:
    rate = CosineCycles(settings, steps_per_epoch=STEPS_PER_EPOCH)
    return [float(rate(step)) for step in range(settings.all_epochs * STEPS_PER_EPOCH + 1)]


def test_a_second_cycle_changes_nothing_in_the_first() -> None:
    first = 4 * STEPS_PER_EPOCH
    assert _rates(TWICE)[:first] == _rates(ONCE)[:first]


def test_each_cycle_falls_from_its_highest_rate_to_zero() -> None:
    rates = _rates(TWICE)
    first = 4 * STEPS_PER_EPOCH
    assert max(rates[:first]) == pytest.approx(1e-2)
    assert rates[first - 1] < 1e-5
    assert rates[first] == pytest.approx(0.5e-2)
    assert rates[-1] == pytest.approx(0.0, abs=1e-9)
    assert rates[first:] == sorted(rates[first:], reverse=True)


def test_it_warms_up_once() -> None:
    rates = _rates(ONCE)
    warm_up = int(0.1 * 4 * STEPS_PER_EPOCH)
    assert rates[0] == 0.0
    assert rates[: warm_up + 1] == sorted(rates[: warm_up + 1])
    assert rates[warm_up] == pytest.approx(1e-2)
