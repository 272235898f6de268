"""The panel that views lie on."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget


def framed(view: QWidget, *, margin: int = 4) -> QFrame:
    """Return `view` on a panel of its own."""
    frame = QFrame()
    frame.setObjectName("surface")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin, margin, margin, margin)
    column.addWidget(view)
    return frame
