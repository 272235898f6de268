"""Fixtures of the end-to-end tests: a private microphone and a private screen."""

from collections.abc import Iterator

import pytest
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
