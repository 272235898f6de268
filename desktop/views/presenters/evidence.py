"""Whether evidence is shown and of what, on both pages, and that none is counted in vain."""

from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.controls_view import ControlsView
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.ports import FilesPort, LivePort
from timbrescope.models.evidence import BEST, NOTHING, OTHERS


class EvidencePresenter:
    """Keeps the pages, the button and the engines of one mind.

    Parameters
    ----------
    live : LivePort
    files : FilesPort
    settings : Settings
    controls : ControlsView
    live_view : LiveView
    files_view : FilesView
    """

    def __init__(
        self,
        live: LivePort,
        files: FilesPort,
        settings: Settings,
        *,
        controls: ControlsView,
        live_view: LiveView,
        files_view: FilesView,
    ) -> None:
        self._live, self._files, self._settings = live, files, settings
        self._controls = controls
        self._shown_in = (live_view.spectrogram, files_view.detail.spectrogram)
        self._explained, self._is_counted, self._is_seen = (BEST, OTHERS), True, True
        live_view.explanation_wanted.connect(self._explain_live)
        files_view.detail.explanation_wanted.connect(self._explain_files)
        controls.evidence_toggled.connect(self.show)

    def show(self, shown: bool) -> None:
        """Show evidence on both pages, or the sound alone; it is remembered."""
        self._settings.evidence_shown = shown
        self._count()
        for view in self._shown_in:
            view.set_evidence_shown(shown)
        self._controls.show_evidence(shown)

    def follow_sight(self, *, seen: bool) -> None:
        """Count evidence of live sound only while somebody can see the window."""
        self._is_seen = seen
        self._count()

    def _count(self) -> None:
        if self._is_counted != (self._settings.evidence_shown and self._is_seen):
            self._explain_live(*self._explained)

    def switch(self) -> None:
        """Show evidence if it is not shown, and the other way round."""
        self.show(not self._shown_in[0].evidence_shown)

    def switch_against(self) -> None:
        """Show what speaks against an answer too, or only what speaks for it."""
        shown = not self._shown_in[0].against_shown
        for view in self._shown_in:
            view.set_against_shown(shown)

    def _explain_live(self, explained: int, against: int) -> None:
        """Explain what is wanted; while no evidence is seen, none is counted."""
        self._explained = explained, against
        self._is_counted = self._settings.evidence_shown and self._is_seen
        wanted = explained if self._is_counted else NOTHING
        self._live.set_explained(wanted, against=against)

    def _explain_files(self, explained: int, against: int) -> None:
        self._files.set_explained(explained, against=against)
