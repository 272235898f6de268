"""Dark, light and high contrast: the colours, the type scale, and how both reach Qt.

Amber means evidence and nothing else; controls use blue. Sizes of type are multiples of the
system's own point size, so display scaling and large-print settings carry through.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from timbrescope.desktop.views.style.stylesheet import stylesheet
from timbrescope.desktop.views.words.catalogue import mark, tr

_THEME_WORDS = {
    "dark": mark("Dark"),
    "light": mark("Light"),
    "contrast": mark("High contrast"),
    "system": mark("As the system"),
}


class Theme(StrEnum):
    """What the user may choose; the value is what the settings keep."""

    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"
    SYSTEM = "system"

    @property
    def words(self) -> str:
        """What users read."""
        return tr(_THEME_WORDS[str(self)])


@dataclass(frozen=True)
class Colours:
    """The colours of one theme, all ``#rrggbb``.

    `faint` is for lines and decoration only; every text is `text` or `muted`, which keep a
    contrast of at least 4.5 to 1 on `window`, `surface` and `raised`.
    """

    is_dark: bool
    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    evidence: str
    contour: str
    good: str
    warning: str
    error: str


DARK = Colours(
    is_dark=True,
    window="#0e1218",
    surface="#161b24",
    raised="#222a37",
    line="#2d3747",
    text="#eff3f8",
    muted="#a0adbe",
    faint="#5b687b",
    accent="#5aa9ff",
    on_accent="#06121f",
    evidence="#ffb52e",
    contour="#ffe9c2",
    good="#3ecf8e",
    warning="#ffb020",
    error="#ff7474",
)

LIGHT = Colours(
    is_dark=False,
    window="#f1f4f8",
    surface="#ffffff",
    raised="#e4e9f0",
    line="#ccd4df",
    text="#131922",
    muted="#4d596a",
    faint="#8d99aa",
    accent="#1563c4",
    on_accent="#ffffff",
    evidence="#b85600",
    contour="#5c2a00",
    good="#187a4b",
    warning="#8f5600",
    error="#b8262d",
)

# For bad projectors and for eyes that need it: black, white, and lines that can be seen.
CONTRAST = Colours(
    is_dark=True,
    window="#000000",
    surface="#000000",
    raised="#1c1c1c",
    line="#9a9a9a",
    text="#ffffff",
    muted="#e6e6e6",
    faint="#b4b4b4",
    accent="#7cc4ff",
    on_accent="#000000",
    evidence="#ffc400",
    contour="#ffffff",
    good="#4dff9d",
    warning="#ffc400",
    error="#ff9c9c",
)

# Multiples of the system's point size.
CAPTION = 0.88
BODY = 1.0
EMPHASIS = 1.2
TITLE = 1.7

_FALLBACK_POINTS = 10.0


def colours_for(theme: Theme) -> Colours:
    """Return the colours of `theme`; the system's choice counts as dark when unknown."""
    if theme is Theme.LIGHT:
        return LIGHT
    if theme is Theme.CONTRAST:
        return CONTRAST
    if theme is Theme.SYSTEM:
        scheme = QGuiApplication.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK
    return DARK


def base_points() -> float:
    """Return the system's point size of body text."""
    points = QApplication.font().pointSizeF()
    return points if points > 0 else _FALLBACK_POINTS


def scaled_font(scale: float, *, bold: bool = False) -> QFont:
    """Return the application's font at a multiple of its point size."""
    return QFont(_fonts.of(scale, bold))


class _Fonts:
    """The fonts in use, until the system's is another one.

    Copies of one font share its glyphs; a new font looks them up again for every frame.
    """

    def __init__(self) -> None:
        self._base = QFont()
        self._known: dict[tuple[float, bool], QFont] = {}

    def of(self, scale: float, bold: bool) -> QFont:
        base = QApplication.font()
        if base != self._base:
            self._base = base
            self._known.clear()
        known = self._known.get((scale, bold))
        if known is None:
            if len(self._known) >= _KEPT_FONTS:
                self._known.clear()
            known = self._known[scale, bold] = QFont(base)
            known.setPointSizeF(round(base_points() * scale, 2))
            if bold:
                known.setWeight(QFont.Weight.DemiBold)
        return known


# As many as a picture has whose type follows the size of the window, several times over.
_KEPT_FONTS = 256
_fonts = _Fonts()


def readable_on(colour: str) -> QColor:
    """Return near-black or white, whichever reads better on `colour`."""
    ground = QColor(colour)
    luminance = sum(
        weight * _linear(channel)
        for weight, channel in zip(
            (0.2126, 0.7152, 0.0722),
            (ground.redF(), ground.greenF(), ground.blueF()),
            strict=True,
        )
    )
    return QColor("#0b0f14") if luminance > 0.2 else QColor("#ffffff")


def _linear(channel: float) -> float:
    """Undo the sRGB transfer curve (IEC 61966-2-1)."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def apply_theme(application: QApplication, colours: Colours) -> None:
    """Give the whole application the palette and style sheet of `colours`."""
    if application.style().objectName().lower() != "fusion":
        # Native styles ignore parts of the palette; Fusion looks the same everywhere.
        application.setStyle("Fusion")
    sheet = stylesheet(colours, points=base_points())
    # Each of the two calls makes Qt style every widget anew, which takes a while.
    if application.styleSheet() != sheet:
        application.setPalette(_palette(colours))
        application.setStyleSheet(sheet)


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent,
        role.Mid: colours.line,
    }.items():
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.faint))
    return palette
