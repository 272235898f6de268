"""Fixtures of the end-to-end tests: a private microphone, a private screen, hands at a window."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from desk import Desk, missing_hands
from monitors import divide
from rig import (
    Home,
    VirtualMicrophone,
    VirtualScreen,
    missing_for_microphone,
    missing_for_screen,
)


@pytest.fixture
def rig_home() -> Iterator[Home]:
    """Give an empty home folder for the programs under test."""
    home = Home()
    yield home
    home.remove()


@pytest.fixture
def virtual_microphone(rig_home: Home) -> Iterator[VirtualMicrophone]:
    """Give a running virtual microphone, or skip with what is missing for one."""
    reason = missing_for_microphone()
    if reason:
        pytest.skip(reason)
    with VirtualMicrophone(rig_home) as microphone:
        yield microphone


@pytest.fixture
def virtual_screen(rig_home: Home) -> Iterator[VirtualScreen]:
    """Give a running virtual screen, or skip with what is missing for one."""
    reason = missing_for_screen()
    if reason:
        pytest.skip(reason)
    with VirtualScreen(rig_home) as screen:
        yield screen


@pytest.fixture
def stage(virtual_microphone: VirtualMicrophone, virtual_screen: VirtualScreen) -> dict[str, str]:
    """Give the variables for a program that uses both the microphone and the screen."""
    return virtual_microphone.environment() | virtual_screen.environment()


@pytest.fixture
def make_desk(rig_home: Home) -> Iterator[Callable[..., Desk]]:
    """Give what opens a window for mouse and keyboard, or skip with what is missing for it.

    `size` is that of the screen in its own pixels, `monitors` are those it is made of if there are
    several; `sound` gives it something to play on. All else is for `Desk`.
    """
    if reason := missing_for_screen():
        pytest.skip(reason)
    if missing := missing_hands():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with ExitStack() as open_things:

        def make(
            *,
            size: tuple[int, int] = (1920, 1080),
            monitors: Sequence[tuple[int, int]] = (),
            sound: bool = False,
            **options: Any,
        ) -> Desk:
            if monitors:
                size = sum(each[0] for each in monitors), max(each[1] for each in monitors)
            width, height = size
            screen = open_things.enter_context(VirtualScreen(rig_home, width=width, height=height))
            if monitors:
                divide(screen.display, monitors)
            stage = screen.environment()
            if sound:
                if reason := missing_for_microphone():
                    pytest.skip(reason)
                stage |= open_things.enter_context(VirtualMicrophone(rig_home)).environment()
            desk = Desk(rig_home, stage, **options)
            open_things.callback(desk.close)
            return desk

        yield make
