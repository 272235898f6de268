"""What of a page belongs into a picture of it: what is shown, and nothing that is pressed."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QAbstractButton, QWidget

_KEPT_OUT = "keptOutOfPictures"


def keep_out_of_pictures(*widgets: QWidget) -> None:
    """Leave these away in pictures, as buttons are without being told."""
    for widget in widgets:
        widget.setProperty(_KEPT_OUT, True)


@contextmanager
def as_pictured(page: QWidget) -> Iterator[None]:
    """Draw the page without what does not belong into a picture; its room stays free.

    Nothing is hidden: that would move the focus, and everything else.
    """
    left_out = [
        each
        for each in page.findChildren(QWidget)
        if each.updatesEnabled() and (isinstance(each, QAbstractButton) or each.property(_KEPT_OUT))
    ]
    for each in left_out:
        each.setUpdatesEnabled(False)
    try:
        yield
    finally:
        for each in left_out:
            each.setUpdatesEnabled(True)
