"""The settings of the real window by mouse and keyboard, before and after a restart."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from desk import Desk, Status

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

SETTINGS = "Timbrescope: settings"
FREEZE = "Key: Freeze the picture while listening goes on, or go on"
# A button in the page, on which the wheel scrolls.
SCROLLED = "Untick all"
TWO = {"Flute", "Violin"}


def _open_settings(desk: Desk) -> None:
    desk.key("ctrl+comma")
    desk.until(lambda told: told["active"] == SETTINGS, what="the settings")


def _close_settings(desk: Desk) -> None:
    desk.key("Escape")
    desk.until(lambda told: told["active"] != SETTINGS, what="the window")


def _lightness(desk: Desk, path: Path) -> float:
    return float(np.median(desk.window.grab(path)))


def test_a_key_of_ones_own_survives_a_restart_and_ends_with_a_reset(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk()
    desk.until(lambda told: told["explained"], what="the window at work")
    _open_settings(desk)
    desk.scroll_to(FREEZE, over=SCROLLED)
    desk.click(FREEZE)
    desk.key("F8")
    _close_settings(desk)
    for _ in range(2):
        desk.key("F8")
        desk.until(lambda told: told["frozen"], what="a picture frozen by the chosen key")
        desk.restart()
        desk.until(lambda told: told["explained"], what="the window at work again")
    _open_settings(desk)
    desk.click("Reset everything…")
    desk.click("Reset")
    desk.until(lambda told: told["keys"]["FREEZE"] == "F", what="the first keys")
    _close_settings(desk)
    desk.key("f")
    desk.until(lambda told: told["frozen"], what="a picture frozen by the first key")


def test_colours_and_language_are_chosen_and_remembered(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk()
    desk.until(lambda told: told["explained"], what="the window at work")
    dark = _lightness(desk, tmp_path / "dark.png")
    _open_settings(desk)
    desk.choose("Colours", "High contrast")
    desk.until(lambda told: told["theme"] == "contrast", what="high contrast")
    desk.choose("Colours", "Light")
    desk.until(lambda told: told["theme"] == "light", what="light colours")
    assert _lightness(desk, tmp_path / "light.png") > dark + 100
    desk.choose("Language", "Deutsch")
    _close_settings(desk)
    desk.restart()
    desk.find("Dateien")
    desk.find("Einfrieren")
    assert desk.window.now()["theme"] == "light"


def test_instruments_and_sensitivity_act_and_are_plainly_shown(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk()
    desk.until(lambda told: told["explained"], what="the window at work")
    _open_settings(desk)
    for name in ("Violin", "Flute"):
        desk.click(name)
    desk.until(lambda told: told["narrowing"] == "Only Flute, Violin", what="two instruments")
    desk.click("Probability from which on an instrument is named")
    desk.write("95")
    desk.key("Tab")
    desk.until(lambda told: "Named from 95" in told["narrowing"], what="a limit")
    _close_settings(desk)

    def is_among_two(told: Status) -> bool:
        others = (share for name, share in told["shares"].items() if name not in TWO)
        return told["headline"] in {*TWO, "Not sure"} and sum(others) < 1e-3

    desk.until(is_among_two, what="an answer among the two")
    desk.restart()
    desk.until(lambda told: "Named from 95" in told["narrowing"], what="what was chosen")
    desk.click("Remove the limits")
    desk.until(lambda told: not told["narrowing"], what="all 28")
