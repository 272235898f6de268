"""A watched folder: files that come, files that grow, and the end of it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from timbrescope.desktop.views.frame.banner import Banner
from timbrescope.desktop.views.presenters.watching import STOP_WATCHING, FolderWatch


@pytest.fixture
def notice(qtbot: QtBot) -> Banner:
    made = Banner()
    qtbot.addWidget(made)
    return made


def test_files_are_told_once_and_when_they_have_stopped_growing(
    qtbot: QtBot, notice: Banner, tmp_path: Path
) -> None:
    watch = FolderWatch(notice, ask=lambda _: tmp_path)
    told: list[list[Path]] = []
    watch.files_came.connect(told.append)
    (tmp_path / "inside").mkdir()
    first, growing = tmp_path / "first.wav", tmp_path / "inside" / "growing.FLAC"
    first.write_bytes(b"sound")
    (tmp_path / "notes.txt").write_text("no sound")
    watch.choose()
    assert str(tmp_path) in notice.text
    growing.write_bytes(b"so")
    watch.look()
    assert told == [[first]]
    growing.write_bytes(b"sound")
    watch.look()
    assert told == [[first]]
    watch.look()
    watch.look()
    assert told == [[first], [growing]]
    watch.stop()


def test_the_system_says_when_something_comes(qtbot: QtBot, notice: Banner, tmp_path: Path) -> None:
    watch = FolderWatch(notice)
    watch.watch(tmp_path)
    with qtbot.waitSignal(watch.files_came, timeout=30_000) as told:
        (tmp_path / "late.wav").write_bytes(b"sound")
    assert told.args == [[tmp_path / "late.wav"]]
    notice.action_chosen.emit(STOP_WATCHING)
    assert watch.folder is None
    assert notice.text == ""
    (tmp_path / "later.wav").write_bytes(b"sound")
    with qtbot.assertNotEmitted(watch.files_came):
        watch.look()
