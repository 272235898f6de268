"""A box for a share in per cent, as pages ask for probabilities."""

from PySide6.QtWidgets import QSpinBox


class PercentBox(QSpinBox):
    """Asks for 1 to `most` per cent.

    Parameters
    ----------
    name : str
        What is asked for, for screen readers.
    value, most : int
    """

    def __init__(self, name: str, *, value: int, most: int) -> None:
        super().__init__()
        self.setRange(1, most)
        self.setSuffix("\u202f%")
        self.setValue(value)
        self.setAccessibleName(name)
        # A style sheet's padding goes round the field, not into it.
        self.lineEdit().setTextMargins(self.fontMetrics().averageCharWidth(), 0, 0, 0)
