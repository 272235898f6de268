"""What whoever helps needs to know, as text on the clipboard."""

from PySide6.QtGui import QGuiApplication

from timbrescope.desktop.engine.diagnostics import (
    ProcessorShare,
    as_text,
    device_facts,
    live_facts,
    program_facts,
)
from timbrescope.desktop.engine.messages import LiveUpdate
from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.ports import LivePort
from timbrescope.desktop.views.words.catalogue import tr


class DiagnosticsPresenter:
    """Knows the newest update, so that the facts are those of what is on view.

    Parameters
    ----------
    live : LivePort
    notice : Banner
        Tells that they have been copied.
    """

    def __init__(self, live: LivePort, *, notice: Banner) -> None:
        self._live, self._notice = live, notice
        self._processor = ProcessorShare()
        self._newest: LiveUpdate | None = None

    def follow(self, update: LiveUpdate) -> None:
        """Take the newest update."""
        self._newest = update

    @property
    def text(self) -> str:
        """The facts, a line for each."""
        live = live_facts(
            self._newest or self._live.poll(),
            model=self._live.model,
            processor_share=self._processor.since_last(),
        )
        return as_text(program_facts(), live, device_facts(self._live.devices()))

    def copy(self) -> None:
        """Put them on the clipboard."""
        QGuiApplication.clipboard().setText(self.text)
        words = tr(
            "Diagnostics copied: paste them into your report. They hold no sound and no names of "
            "files."
        )
        self._notice.show_message(words, Severity.BRIEF)
