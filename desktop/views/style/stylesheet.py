"""The Qt style sheet, written once for both themes; lengths follow the type size.

Qt's style sheets know no fractions of points, so lengths are given in logical pixels that are
reckoned from the type size here.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timbrescope.desktop.views.style.theme import Colours

# A style sheet takes signs from files only.
_PICTURES = Path(__file__).with_name("pictures")


def stylesheet(colours: "Colours", *, points: float) -> str:
    """Return the style sheet for `colours` with body text of `points` pt."""
    return "\n".join(
        (
            _surfaces(colours),
            _buttons(colours, points),
            _combos(colours, points),
            _fields(colours, points),
            _tables(colours, points),
            _banner(colours, points),
        )
    )


def _length(points: float, share: float) -> str:
    """Return a share of the type size as a length; a logical pixel is 1/96 inch."""
    return f"{max(1, round(points * share * 96 / 72))}px"


def _surfaces(c: "Colours") -> str:
    return f"""
QMainWindow, QDialog {{ background: {c.window}; }}
QWidget#surface, QFrame#surface {{ background: {c.surface}; border: 1px solid {c.line};
    border-radius: 8px; }}
QFrame#dropZone {{ border: 2px dashed {c.line}; border-radius: 16px; }}
QWidget#toolbar {{ background: {c.surface}; border-bottom: 1px solid {c.line}; }}
QWidget#statusStrip {{ background: {c.surface}; border-top: 1px solid {c.line}; }}
QWidget#statusStrip QLabel, QLabel#muted {{ color: {c.muted}; }}
QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line};
    padding: 4px 6px; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:hover {{ background: {c.line}; }}
"""


def _buttons(c: "Colours", points: float) -> str:
    inner, outer = _length(points, 0.32), _length(points, 0.8)
    return f"""
QPushButton, QToolButton {{ background: {c.raised}; color: {c.text};
    border: 1px solid {c.line}; border-radius: 6px; padding: {inner} {outer}; margin: 1px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {c.faint}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.line}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {c.accent}; margin: 0; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.faint}; background: {c.surface}; }}
QPushButton#primary {{ background: {c.accent}; color: {c.on_accent};
    border-color: {c.accent}; }}
QPushButton#page {{ background: transparent; border: none; border-radius: 6px;
    color: {c.muted}; font-weight: 600; }}
QPushButton#page:hover {{ color: {c.text}; }}
QPushButton#page:checked {{ background: {c.raised}; color: {c.text}; }}
QPushButton#page:focus {{ border: 2px solid {c.accent}; margin: -1px; }}
QPushButton#primary:focus {{ border-color: {c.text}; }}
QToolButton#evidence:checked {{ color: {c.evidence}; border-color: {c.evidence}; }}
QToolButton#compare:checked {{ color: {c.accent}; border-color: {c.accent}; }}
QToolButton#theme::menu-indicator, QToolButton#icon::menu-indicator {{ image: none; }}
QToolButton#icon, QToolButton#theme {{ padding: {inner}; }}
QFileDialog QToolButton {{ padding: {inner}; }}
QToolButton#small {{ padding: 1px {inner}; }}
QToolButton#small:checked {{ color: {c.accent}; border-color: {c.accent}; }}
QLabel#frozen {{ background: {c.accent}; color: {c.on_accent}; border-radius: 6px;
    padding: {inner} {outer}; font-weight: 600; }}
QFrame#narrowing {{ background: {c.raised}; border: 1px solid {c.accent}; border-radius: 8px; }}
QLabel#problem {{ color: {c.error}; }}
QMenu {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.line};
    padding: 4px; }}
QMenu::item {{ padding: {inner} {_length(points, 1.6)}; border-radius: 4px; }}
QMenu::item:selected {{ background: {c.raised}; }}
"""


def _combos(c: "Colours", points: float) -> str:
    return f"""
QComboBox {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line};
    border-radius: 6px; padding: {_length(points, 0.35)} {_length(points, 0.7)}; margin: 1px; }}
QComboBox:hover {{ border-color: {c.faint}; }}
QComboBox:focus {{ border: 2px solid {c.accent}; margin: 0; }}
QComboBox::drop-down {{ border: none; width: {_length(points, 1.8)}; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {c.surface}; color: {c.text};
    border: 1px solid {c.line}; selection-background-color: {c.accent};
    selection-color: {c.on_accent}; outline: none; }}
QComboBox QAbstractItemView::item {{ padding-left: {_length(points, 0.5)}; }}
"""


def _picture(name: str) -> str:
    """Return a sign as the style sheet names it."""
    return f'url("{(_PICTURES / name).as_posix()}")'


def _fields(c: "Colours", points: float) -> str:
    # What lies on the accent is dark where the theme is.
    tick = _picture("tick-dark.svg" if c.is_dark else "tick-light.svg")
    clear = _picture("clear.svg")
    return f"""
QLineEdit, QSpinBox {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line};
    border-radius: 6px; padding: {_length(points, 0.32)} {_length(points, 0.6)}; margin: 1px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QLineEdit {{ lineedit-clear-button-icon: {clear}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QLineEdit:hover, QSpinBox:hover {{ border-color: {c.faint}; }}
QLineEdit:focus, QSpinBox:focus {{ border: 2px solid {c.accent}; margin: 0; }}
QCheckBox::indicator {{ width: {_length(points, 1.1)}; height: {_length(points, 1.1)};
    border: 1px solid {c.faint}; border-radius: 3px; background: {c.raised}; }}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent};
    image: {tick}; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: none; background: transparent;
    width: {_length(points, 1.5)}; }}
QSpinBox::up-arrow {{ image: {_picture("arrow-up.svg")}; }}
QSpinBox::down-arrow {{ image: {_picture("arrow-down.svg")}; }}
QSpinBox::up-arrow, QSpinBox::down-arrow {{ width: {_length(points, 0.9)};
    height: {_length(points, 0.9)}; }}
QCheckBox:focus {{ color: {c.accent}; }}
QTableView:focus {{ border: 2px solid {c.accent}; border-radius: 6px; }}
QProgressBar {{ background: {c.raised}; border: none; border-radius: 3px;
    min-height: 6px; max-height: 6px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
"""


def _tables(c: "Colours", points: float) -> str:
    return f"""
QTableView {{ background: {c.surface}; alternate-background-color: {c.surface};
    color: {c.text}; border: 2px solid transparent; gridline-color: transparent;
    selection-background-color: {c.raised}; selection-color: {c.text}; outline: none; }}
QTableView::item {{ padding: 0 {_length(points, 0.6)}; border-bottom: 1px solid {c.line}; }}
QHeaderView {{ background: {c.surface}; border: none; }}
QHeaderView::section {{ background: {c.surface}; color: {c.muted}; border: none;
    border-bottom: 1px solid {c.line}; padding: {_length(points, 0.4)} {_length(points, 0.6)}; }}
QScrollBar:vertical {{ background: transparent; width: {_length(points, 0.9)}; }}
QScrollBar:horizontal {{ background: transparent; height: {_length(points, 0.9)}; }}
QScrollBar::handle {{ background: {c.line}; border-radius: {_length(points, 0.3)}; margin: 2px; }}
QScrollBar::handle:hover {{ background: {c.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _banner(c: "Colours", points: float) -> str:
    rows = [
        f"""QFrame#banner {{ background: {c.raised}; border: 1px solid {c.line};
    border-radius: 8px; border-left: {_length(points, 0.45)} solid {c.accent}; }}"""
    ]
    for severity, colour in (("warning", c.warning), ("error", c.error)):
        rows.append(
            f'QFrame#banner[severity="{severity}"] {{ border-left-color: {colour}; '
            f"border-color: {colour}; }}"
        )
    return "\n".join(rows)
