"""Files that are played: from their beginning or the block looked at, with a moving cursor."""

from collections.abc import Iterator
from pathlib import Path

from timbrescope.desktop.audio.playback import Player, Sound
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.frame.banner import Banner, Severity


def sound_of(path: Path, *, from_s: float) -> Iterator[Sound]:
    """Give a file's sound block by block, as it is in the file.

    Raises
    ------
    AudioFileError
        While it is read: if it cannot be.
    """
    # See `models.hearing`.
    from timbrescope.models.audio.decode import open_audio

    with open_audio(path) as audio:
        # Files are sought by whole seconds; what is before the place is left out here.
        begin_s = int(from_s)
        to_skip_s = from_s - begin_s
        for block in audio.blocks(from_s=begin_s):
            skipped = min(len(block.samples), round(to_skip_s * block.rate_hz))
            to_skip_s -= skipped / block.rate_hz
            if skipped < len(block.samples):
                yield block.rate_hz, block.samples[skipped:]


class FilePlayback:
    """Owns which file is played; the player is shared with the live page.

    Parameters
    ----------
    player : Player
    view : FilesView
    notice : Banner
        Tells why a file cannot be played.
    """

    def __init__(self, player: Player, view: FilesView, *, notice: Banner) -> None:
        self._player, self._view, self._notice = player, view, notice
        self._path: Path | None = None
        view.play_requested.connect(self.switch)

    def switch(self, path: Path, start_s: float) -> None:
        """Play a file from a second on; if it is the one that is played, stop."""
        stops = self._path == path and self._player.is_playing
        self._player.stop()
        if stops:
            self.follow()
            return
        self._path = path
        self._player.play(sound_of(path, from_s=start_s), start_s=start_s)

    def follow(self) -> None:
        """Show how far playing is; to be called for each frame."""
        if self._path is None:
            return
        if self._player.is_playing:
            self._view.detail.show_played(self._path, self._player.position_s)
            return
        self._view.detail.show_played(self._path, None)
        if self._player.problem:
            self._notice.show_message(
                f"{self._path.name}: {self._player.problem}", Severity.WARNING
            )
        self._path = None
