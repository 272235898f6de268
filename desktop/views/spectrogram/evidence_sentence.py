"""The sentence that stands above the picture: what the evidence is, long enough to be read."""

import numpy as np

from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.engine.strength import drawn
from timbrescope.desktop.views.spectrogram.told_evidence import told_evidence
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.analysis import Analysis
from timbrescope.models.times import clock

# It stands at least so long. While it does the window moves on, so that no moment is told of its
# first second: what is told lies inside the frame that is drawn.
_STANDS_S = 1.0


class EvidenceSentence:
    """Tells the evidence of the newest window, or of the one that was asked for.

    Attributes
    ----------
    forms : tuple of str
        The whole sentence, and ever shorter ones; empty where there is nothing to tell.
    with_against : bool
        Whether it tells what speaks against the class as well.
    """

    def __init__(self) -> None:
        self.forms: tuple[str, ...] = ()
        self.with_against = False
        self._told_at_s = -np.inf

    def follow(self, analysis: Analysis | None, *, is_another: bool) -> None:
        """Take the newest window, None for one whose evidence is not drawn.

        `is_another` says that it is the evidence of another class or model than the one told.
        """
        end_s = -np.inf if analysis is None else analysis.end_s
        is_old = not 0 <= end_s - self._told_at_s < _STANDS_S
        if is_another or is_old or analysis is None:
            self._told_at_s = end_s
            self.tell(analysis, skip_s=_STANDS_S)

    def tell(self, analysis: Analysis | None, *, skip_s: float = 0.0) -> None:
        """Tell the evidence of a window at once, but for moments in its first `skip_s` seconds."""
        self.forms = ()
        if analysis is not None and analysis.evidence is not None:
            self.forms = told_evidence(
                analysis.evidence,
                start_s=analysis.start_s,
                with_against=self.with_against,
                skip_s=skip_s,
            )

    def tell_stretch(self, stretch: FileEvidence) -> None:
        """Tell the evidence of the window that was asked for of a file."""
        asked = stretch.asked_for
        self.tell(asked if asked is not None and drawn(asked) is not None else None)
        if asked is not None and len(stretch.analyses) > 1:
            # Of several windows it has to be said which one is meant.
            span = f"{clock(asked.start_s)}–{clock(asked.end_s)}"
            named = tuple(tr("{name}: {words}", name=span, words=each) for each in self.forms)
            self.forms = named + self.forms

    def forget(self) -> None:
        """Tell nothing."""
        self.forms, self._told_at_s = (), -np.inf
