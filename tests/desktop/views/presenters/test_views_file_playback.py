"""Files are played as they are, from any second on, and the cursor follows."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot
from view_doubles import make_evidence, make_result, make_window

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.frame.banner import Banner
from timbrescope.desktop.views.presenters.file_playback import FilePlayback, sound_of
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.errors import AudioFileError

RATE_HZ = 8000


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    second = np.repeat(np.arange(10) / 16, RATE_HZ)
    soundfile.write(path, np.stack([second, -second], axis=1), RATE_HZ)
    return path


@pytest.mark.parametrize("from_s", [0.0, 2.5, 9.75])
def test_a_file_is_given_from_a_second_on_with_all_its_channels(song: Path, from_s: float) -> None:
    blocks = list(sound_of(song, from_s=from_s))
    assert {rate for rate, _ in blocks} == {RATE_HZ}
    samples = np.concatenate([part for _, part in blocks])
    assert samples.shape == (round((10.0 - from_s) * RATE_HZ), 2)
    assert samples[0, 0] == pytest.approx(int(from_s) / 16, abs=1e-3)
    assert samples[-1, 1] == pytest.approx(-9 / 16, abs=1e-3)


def test_a_file_that_has_gone_is_said_while_it_is_read(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError):
        list(sound_of(tmp_path / "gone.wav", from_s=0.0))


class HandPlayer:
    def __init__(self) -> None:
        self.position_s: float | None = None
        self.problem = ""

    @property
    def is_playing(self) -> bool:
        return self.position_s is not None

    def play(self, sound: object, *, start_s: float = 0.0) -> None:
        self.position_s = start_s

    def stop(self) -> None:
        self.position_s = None


def test_the_cursor_follows_and_the_picture_turns_the_page(qtbot: QtBot, song: Path) -> None:
    view, notice = FilesView(DARK), Banner()
    for widget in (view, notice):
        qtbot.addWidget(widget)
    player = HandPlayer()
    playback = FilePlayback(player, view, notice=notice)  # type: ignore[arg-type]
    windows = tuple(make_window(3.0 * number) for number in range(6))
    done = FileEvent(song, FileEventKind.DONE, 1.0, make_result(song, windows=windows))
    view.apply([FileEvent(song, FileEventKind.QUEUED), done])
    view.show_evidence(make_evidence(song, 0.0, 4))
    view.detail._play.click()
    player.position_s = 1.5
    playback.follow()
    assert view.detail.timeline._played_s == 1.5
    assert view.detail._play.text() == "Stop"
    with qtbot.waitSignal(view.evidence_requested) as asked:
        player.position_s = 14.0
        playback.follow()
    assert asked.args == [song, 12.0, 6.0]
    view.detail._play.click()
    assert not player.is_playing
    assert view.detail._play.text() == "Play"
    player.problem = ""
    view.detail.timeline.block_chosen.emit(3.0)
    view.detail._play.click()
    assert player.position_s == 3.0
    player.position_s, player.problem = None, "nothing can be played: no output"
    playback.follow()
    assert "song.wav: nothing can be played" in notice.text
