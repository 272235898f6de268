"""Segments of files as labels for editors: Audacity's label tracks and Raven's selection tables."""

from timbrescope.desktop.engine.doubt_words import doubt_in_brief
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.export.segments import Segment, segments_of
from timbrescope.models.analysis import State
from timbrescope.models.frontend import MEL_FMAX_HZ
from timbrescope.models.names import written_name

_SHOWN = (State.INSTRUMENT, State.NOT_SURE)
RAVEN_COLUMNS = (
    *("Selection", "View", "Channel", "Begin Time (s)", "End Time (s)", "Low Freq (Hz)"),
    *("High Freq (Hz)", "Begin Path", "File Offset (s)", "Instrument", "Probability"),
    *("Not Sure Of", "Doubt"),
)


def sounding_segments(result: FileResult) -> list[Segment]:
    """Return the segments of a file in which there is something to name."""
    return [each for each in segments_of(result) if each.state in _SHOWN]


def audacity_labels(result: FileResult) -> str:
    """Return the label track of one file (Audacity: File, Import, Labels)."""
    return "".join(
        f"{each.start_s:.6f}\t{each.end_s:.6f}\t{each.words}\n"
        for each in sounding_segments(result)
    )


class RavenTable:
    """Rows of a selection table over several files, numbered on.

    Begin and end count from the start of the first file, as Raven does with files opened as a
    sequence; the offset counts from the start of the file itself.
    """

    def __init__(self) -> None:
        self._selections = 0
        self._before_s = 0.0

    @staticmethod
    def head() -> str:
        """Return the line of titles."""
        return "\t".join(RAVEN_COLUMNS) + "\n"

    def rows(self, result: FileResult) -> str:
        """Return the lines of the next file."""
        lines = [self._line(result, each) for each in sounding_segments(result)]
        self._before_s += result.duration_s
        return "".join(lines)

    def _line(self, result: FileResult, segment: Segment) -> str:
        self._selections += 1
        begin_s, end_s = (self._before_s + each for each in (segment.start_s, segment.end_s))
        # A tab or a line's end in a file's name would shift every column after it.
        cells = (
            *(str(self._selections), "Spectrogram 1", "1"),
            *(f"{begin_s:.6f}", f"{end_s:.6f}", "0.0", f"{MEL_FMAX_HZ:.1f}"),
            *(written_name(result.path), f"{segment.start_s:.6f}"),
            *(segment.instrument or str(segment.state), f"{segment.probability:.4f}"),
            *(segment.guess or "", doubt_in_brief(segment.doubt)),
        )
        return "\t".join(cells) + "\n"
