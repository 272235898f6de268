"""Files are classified behind the window's back: its thread goes first."""

import os
import sys
from collections.abc import Iterator
from threading import Event, Thread, get_native_id

import pytest

from timbrescope.desktop.engine import file_session, giving_way
from timbrescope.desktop.engine.file_session import FileSession
from timbrescope.desktop.engine.giving_way import (
    STEPS_BEHIND,
    SWITCH_INTERVAL_S,
    give_way,
    hand_over_soon,
)

only_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="threads have priorities of their own on Linux"
)


@pytest.fixture
def _interval_again() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def _priority(thread: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, thread)


@only_linux
def test_only_the_thread_that_gives_way_is_put_behind() -> None:
    before, found = _priority(get_native_id()), []

    def work() -> None:
        found.append((give_way(), _priority(get_native_id())))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert found == [(True, min(19, before + STEPS_BEHIND))]
    assert _priority(get_native_id()) == before


@only_linux
def test_the_thread_of_the_files_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    gave_way = Event()
    monkeypatch.setattr(file_session, "give_way", lambda: bool(give_way()) and gave_way.set())
    session = FileSession()
    try:
        assert gave_way.wait(30)
        thread = session._thread.native_id
        assert thread is not None
        assert _priority(thread) == min(19, _priority(get_native_id()) + STEPS_BEHIND)
    finally:
        session.close()


def test_elsewhere_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(giving_way.sys, "platform", "darwin")
    monkeypatch.setattr(os, "setpriority", lambda *args: asked.append(args), raising=False)
    assert not give_way()
    assert asked == []


@only_linux
def test_what_the_system_refuses_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    assert not give_way()


@pytest.mark.usefixtures("_interval_again")
def test_the_interpreter_is_handed_over_sooner() -> None:
    hand_over_soon()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL_S)
