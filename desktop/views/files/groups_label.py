"""How many files there are of each instrument; a click shows only those."""

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from timbrescope.desktop.views.files.file_rows import (
    ERRORS,
    NONE_OF_THEM,
    NOT_SURE,
    QUIET,
    STOPPED,
)
from timbrescope.desktop.views.style.theme import Colours
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.models.instruments import INSTRUMENTS

_COLOUR_OF = {instrument.name: instrument.colour for instrument in INSTRUMENTS}
_LAST = (NOT_SURE, NONE_OF_THEM, QUIET, ERRORS, STOPPED)


class GroupsLabel(QLabel):
    """The summary of the list, most frequent instrument first."""

    group_chosen = Signal(str)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._groups: dict[str, int] = {}
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setToolTip(tr("Click to see only these files"))
        self.linkActivated.connect(self.group_chosen)

    @property
    def words(self) -> str:
        """The summary as plain text."""
        return ", ".join(f"{tr(name)} {count}" for name, count in self._groups.items())

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._colours = colours
        self._write()

    def show_groups(self, groups: Mapping[str, int]) -> None:
        """Show how many files there are of each group; those of none are left out."""
        claimed = sorted(
            ((name, count) for name, count in groups.items() if count and name in _COLOUR_OF),
            key=lambda pair: (-pair[1], pair[0]),
        )
        shown = dict(claimed) | {name: groups[name] for name in _LAST if groups.get(name)}
        if shown != self._groups:
            self._groups = shown
            self._write()

    def _write(self) -> None:
        parts = [self._part(name, count) for name, count in self._groups.items()]
        self.setText("&nbsp;&nbsp; ".join(parts))
        self.setAccessibleName(
            tr("Summary: {words}", words=self.words) if self._groups else tr("Summary")
        )

    def _part(self, name: str, count: int) -> str:
        dot = _COLOUR_OF.get(name, self._colours.faint)
        words = escape(tr(name)).replace(" ", "&nbsp;")
        return (
            f'<span style="color:{dot}">●</span>&nbsp;<a href="{escape(name)}" style="color:'
            f'{self._colours.text};text-decoration:none">{words}&nbsp;<b>{count}</b></a>'
        )
