"""The last minutes between engine and views: frozen, scrubbed, zoomed, looked into, played."""

from timbrescope.desktop.audio.playback import Player
from timbrescope.desktop.engine.messages import LiveUpdate
from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.ports import LivePort
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_S

# A step of the wheel moves by this share of what is on view.
_STEP_SHARE = 0.15


class PastPresenter:
    """Owns what becomes of the snapshot that is taken when the picture freezes.

    Parameters
    ----------
    live : LivePort
    view : LiveView
    notice : Banner
        Tells why nothing can be played.
    player : Player
    """

    def __init__(self, live: LivePort, view: LiveView, *, notice: Banner, player: Player) -> None:
        self._live, self._view, self._notice, self._player = live, view, notice, player
        self._was_playing = False
        view.past_row.freeze_requested.connect(self.switch)
        view.past_row.play_requested.connect(self.switch_playing)
        view.past_row.zoom_requested.connect(self.zoom)
        view.past_row.overview.second_chosen.connect(self.go_to)
        view.timeline.block_chosen.connect(self.look_into)
        view.spectrogram.scrolled.connect(self.scroll)
        view.spectrogram.dragged.connect(self.drag)
        view.spectrogram.zoomed.connect(self.zoom)
        view.spectrogram.second_picked.connect(self.ask)
        # The view has told already for which class: what is looked at is explained anew.
        view.bars.class_chosen.connect(lambda _: self._ask_again())
        view.answer.runner_up_chosen.connect(self._ask_again)

    # -- frozen or not --------------------------------------------------------------------

    def switch(self) -> None:
        """Freeze, or go on."""
        if self._view.is_frozen:
            self.go_on()
        else:
            self.freeze()

    def freeze(self) -> None:
        """Keep what is there; sound goes on being heard."""
        if not self._view.is_frozen:
            self._view.freeze(self._live.history())

    def go_on(self) -> None:
        """Show the stream again."""
        self._player.stop()
        self._view.go_on()

    # -- where to look --------------------------------------------------------------------

    def scroll(self, steps: float) -> None:
        """Move by steps of the wheel, into the past for those above zero."""
        self.freeze()
        start_s, end_s = self._view.spectrogram.span_s
        way_s = steps * _STEP_SHARE * (end_s - start_s)
        self._look(start_s - way_s, end_s - way_s)

    def drag(self, way_s: float) -> None:
        """Move the picture to the right by some seconds."""
        self.freeze()
        start_s, end_s = self._view.spectrogram.span_s
        self._look(start_s - way_s, end_s - way_s)

    def zoom(self, factor: float, at_s: float | None = None) -> None:
        """Show `factor` times as much, round a second or the middle."""
        self.freeze()
        start_s, end_s = self._view.spectrogram.span_s
        centre_s = (start_s + end_s) / 2 if at_s is None else at_s
        self._look(centre_s - (centre_s - start_s) * factor, centre_s + (end_s - centre_s) * factor)

    def go_to(self, second: float) -> None:
        """Bring a second into the middle of the picture."""
        self.freeze()
        start_s, end_s = self._view.spectrogram.span_s
        half_s = (end_s - start_s) / 2
        self._view.spectrogram.look(second - half_s, second + half_s)
        self._tell(second)

    def _look(self, start_s: float, end_s: float) -> None:
        """Show these seconds; an answer that is out of sight by then gives way to theirs."""
        self._view.spectrogram.look(start_s, end_s)
        past = self._view.spectrogram.past
        if past is None:
            return
        start_s, end_s = past.span_s
        chosen = past.chosen
        if chosen is None or not start_s <= (chosen.start_s + chosen.end_s) / 2 <= end_s:
            self._tell((start_s + end_s) / 2)

    def _tell(self, second: float) -> None:
        """Show what was said of a second: headline and bars belong to what is on view."""
        past = self._view.spectrogram.past
        verdict = None if past is None else past.history.verdict_at(second)
        if verdict is None:
            self._view.show_no_past_answer(second)
        else:
            self._view.show_past_answer(verdict)

    # -- what was said --------------------------------------------------------------------

    def look_into(self, start_s: float) -> None:
        """Return to the sound, the answer and the evidence of the verdict that starts there."""
        self.freeze()
        past = self._view.spectrogram.past
        verdict = None if past is None else past.history.verdict_at(start_s + WINDOW_S / 2)
        if verdict is None:
            words = tr("Only the last 5 minutes are kept with their sound.")
            self._notice.show_message(words, Severity.BRIEF)
            return
        begin_s, end_s = self._view.spectrogram.span_s
        # No further than needed: the block that was clicked stays under the pointer.
        way_s = min(0.0, verdict.start_s - begin_s) or max(0.0, verdict.end_s - end_s)
        if way_s:
            self._view.spectrogram.look(begin_s + way_s, end_s + way_s)
        self._view.show_past_answer(verdict)

    def ask(self, second: float) -> None:
        """Ask what was to be heard round a second; the answer comes with one of the updates."""
        self.freeze()
        self._live.request_moment(second + WINDOW_S / 2)

    def _ask_again(self) -> None:
        """Ask for the evidence of what is looked at, for another class."""
        past = self._view.spectrogram.past
        if past is not None and past.chosen is not None:
            self._live.request_moment(past.chosen.end_s)

    # -- playing --------------------------------------------------------------------------

    def switch_playing(self) -> None:
        """Play what is on view, or stop."""
        if self._player.is_playing:
            self._player.stop()
            return
        self.freeze()
        past = self._view.spectrogram.past
        if past is None or past.history.end_s <= past.history.start_s:
            return
        start_s, end_s = past.span_s
        samples = past.history.samples(start_s, min(end_s, past.history.end_s))
        self._player.play([(SAMPLE_RATE_HZ, samples[:, None])], start_s=start_s)

    def follow(self, update: LiveUpdate) -> None:
        """Show what came: the answer that was asked for, and how far playing is."""
        if update.moment is not None and self._view.is_frozen:
            self._view.show_past_answer(update.moment)
        playing = self._player.is_playing
        if not playing and not self._was_playing:
            return
        self._was_playing = playing
        self._view.show_played(self._player.position_s if self._view.is_frozen else None)
        self._view.past_row.show_playing(playing)
        if not playing and self._player.problem:
            self._notice.show_message(self._player.problem, Severity.WARNING)
