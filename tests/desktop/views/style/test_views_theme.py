import pytest
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from timbrescope.desktop.views.style.icons import icon
from timbrescope.desktop.views.style.stylesheet import stylesheet
from timbrescope.desktop.views.style.theme import (
    CONTRAST,
    DARK,
    LIGHT,
    Colours,
    Theme,
    apply_theme,
    colours_for,
    readable_on,
    scaled_font,
)
from timbrescope.models.instruments import INSTRUMENTS


def luminance(colour: str) -> float:
    made = QColor(colour)
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (made.redF(), made.greenF(), made.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [DARK, LIGHT, CONTRAST], ids=["dark", "light", "contrast"])
def test_texts_can_be_read(colours: Colours) -> None:
    for ground in (colours.window, colours.surface, colours.raised):
        for text in (colours.text, colours.muted):
            assert contrast(text, ground) >= 4.5
    for text in (colours.error, colours.evidence):
        assert contrast(text, colours.surface) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5


def test_high_contrast_keeps_its_word() -> None:
    for text in (CONTRAST.text, CONTRAST.muted, CONTRAST.accent, CONTRAST.evidence):
        for ground in (CONTRAST.window, CONTRAST.surface, CONTRAST.raised):
            assert contrast(text, ground) >= 7.0
    assert contrast(CONTRAST.line, CONTRAST.surface) >= 4.5


def test_names_on_instrument_colours_can_be_read() -> None:
    for instrument in INSTRUMENTS:
        assert contrast(readable_on(instrument.colour).name(), instrument.colour) >= 4.0


def test_system_is_dark_or_light(qapp: QApplication) -> None:
    assert colours_for(Theme.DARK) is DARK
    assert colours_for(Theme.LIGHT) is LIGHT
    assert colours_for(Theme.SYSTEM) in (DARK, LIGHT)


def test_type_sizes_are_never_fixed() -> None:
    for colours in (DARK, LIGHT):
        assert "font-size" not in stylesheet(colours, points=10.0)


def test_type_follows_the_systems(qapp: QApplication) -> None:
    before = qapp.font()
    try:
        for family, points in (("Serif", 9.0), ("Sans Serif", 14.0)):
            system = QFont(family)
            system.setPointSizeF(points)
            qapp.setFont(system)
            found = scaled_font(1.5, bold=True)
            assert found.family() == family
            assert found.pointSizeF() == 1.5 * points
            assert found.weight() == QFont.Weight.DemiBold
            # A copy: what is done to it is not done to others.
            found.setPointSizeF(99.0)
            assert scaled_font(1.5, bold=True).pointSizeF() == 1.5 * points
            assert scaled_font(1.5).weight() == system.weight()
    finally:
        qapp.setFont(before)


def test_the_theme_reaches_the_application(qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)
    assert qapp.palette().window().color() == QColor(LIGHT.window)
    apply_theme(qapp, DARK)
    assert qapp.palette().window().color() == QColor(DARK.window)


@pytest.mark.parametrize("name", ["play", "pause", "rescan", "open", "evidence", "theme", "help"])
def test_icons_are_drawn(qapp: QApplication, name: str) -> None:
    image = icon(name, "#ff0000").pixmap(32, 32).toImage()
    assert any(image.pixelColor(x, y).alpha() > 0 for x in range(32) for y in range(32))
