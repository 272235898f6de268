"""What was heard can be saved and recorded from the window, and it says what became of it."""

from pathlib import Path
from threading import Event, Timer

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from view_doubles import FakeLive, make_analysis, make_update

from timbrescope.desktop.engine.history import History, Piece
from timbrescope.desktop.engine.messages import RecordingReport
from timbrescope.desktop.export.heard import save_heard
from timbrescope.desktop.views.controls.sound_menu import SoundMenu
from timbrescope.desktop.views.frame.banner import Banner
from timbrescope.desktop.views.presenters.heard import HeardPresenter
from timbrescope.desktop.views.style.theme import Theme, colours_for
from timbrescope.models.frontend import SAMPLE_RATE_HZ


class Desk:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.live = FakeLive(make_update())
        self.menu, self.notice = SoundMenu(colours_for(Theme.DARK)), Banner()
        qtbot.addWidget(self.menu)
        qtbot.addWidget(self.notice)
        self.answer: Path | None = folder / "take.flac"
        self.proposed = Path()
        self.presenter = HeardPresenter(
            self.live, menu=self.menu, notice=self.notice, ask=self._ask
        )

    def _ask(self, parent: object, title: str, proposed: Path, kinds: str) -> Path | None:
        self.proposed = proposed
        return self.answer

    def hear(self, seconds: int) -> None:
        sound = np.full(seconds * SAMPLE_RATE_HZ, 0.25, np.float32)
        piece = Piece(0, sound, 0, np.empty((128, 0), np.float32))
        self.live.heard = History((piece,), (make_analysis(0.0),))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path)


def test_the_last_minutes_are_saved_where_the_user_says(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    desk.hear(65)
    desk.presenter.save()

    def saved() -> None:
        desk.presenter.follow(None)
        assert "Saved 1:05 to" in desk.notice.text

    qtbot.waitUntil(saved)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "take.flac",
        "take.json",
        "take.txt",
    ]
    assert desk.proposed.suffix == ".flac"


def test_what_cannot_be_saved_is_told(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    desk.presenter.save()
    assert "nothing was heard" in desk.notice.text
    desk.hear(3)
    desk.answer = tmp_path / "nowhere" / "take.flac"
    desk.presenter.save()

    def told() -> None:
        desk.presenter.follow(None)
        assert "not saved" in desk.notice.text

    qtbot.waitUntil(told)
    desk.notice.clear()
    desk.answer = None
    desk.presenter.save()
    desk.presenter.follow(None)
    assert desk.notice.text == ""


def test_a_recording_is_shown_while_it_goes_on_and_told_when_it_ends(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "take.wav"
    desk.answer = path
    desk.presenter.follow(None)
    assert "Record the session…" in desk.menu.titles
    desk.presenter.switch_recording()
    assert desk.live.calls == [("record", path)]
    desk.presenter.follow(RecordingReport(path, 61.0, 0.0, running=True, problem=""))
    assert desk.menu.text() == "1:01"
    assert "Stop recording" in desk.menu.titles
    desk.presenter.switch_recording()
    assert desk.live.calls[-1] == "stop recording"
    desk.presenter.follow(RecordingReport(path, 62.0, 0.0, running=False, problem=""))
    assert desk.notice.text == f"Recorded 1:02 to {path}."
    assert desk.menu.text() == ""
    desk.notice.clear()
    desk.presenter.follow(RecordingReport(path, 62.0, 0.0, running=False, problem=""))
    assert desk.notice.text == ""


def test_a_full_disk_is_told(desk: Desk, tmp_path: Path) -> None:
    problem = "Recording has ended: No space left on device."
    report = RecordingReport(tmp_path / "take.wav", 62.0, 0.0, running=False, problem=problem)
    desk.presenter.follow(report)
    assert problem in desk.notice.text
    assert "take.wav" in desk.notice.text


def test_closing_waits_for_what_is_being_saved(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = Event()

    def slowly(history: History, path: Path) -> tuple[Path, ...]:
        assert goes_on.wait(30)
        return save_heard(history, path)

    monkeypatch.setattr("timbrescope.desktop.views.presenters.heard.save_heard", slowly)
    desk.hear(2)
    desk.presenter.save()
    Timer(0.05, goes_on.set).start()
    desk.presenter.close()
    assert (tmp_path / "take.txt").exists()
