"""Pictures of a page: as pixels and as a drawing, opened by readers that are not ours."""

import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QStandardPaths
from PySide6.QtGui import QDesktopServices, QImage
from pytestqt.qtbot import QtBot
from view_doubles import make_analysis, make_history, make_update, probabilities_of

from timbrescope.desktop.views.frame.banner import Banner
from timbrescope.desktop.views.live.live_view import LiveView
from timbrescope.desktop.views.presenters.pictures import PicturePresenter
from timbrescope.desktop.views.presenters.written import SHOW_FOLDER, WrittenFile
from timbrescope.desktop.views.style.theme import DARK
from timbrescope.models.analysis import State

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def page(qtbot: QtBot) -> LiveView:
    view = LiveView(DARK)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    update = make_update(
        columns=np.full((128, 400), -20.0, np.float32),
        state=State.INSTRUMENT,
        probabilities=probabilities_of(Violin=0.9),
        preview=make_analysis(3.0),
        verdicts=(make_analysis(0.0),),
    )
    view.show_update(update, elapsed_s=0.03)
    return view


def _save(page: LiveView, path: Path, qtbot: QtBot) -> str:
    notice = Banner()
    qtbot.addWidget(notice)
    PicturePresenter(notice, ask=lambda *_: path).save(page)
    return notice.text


def test_a_drawing_holds_the_answer_as_letters_and_the_sound_as_a_picture(
    page: LiveView, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "picture.svg"
    assert str(path) in _save(page, path, qtbot)
    tree = ElementTree.parse(path)
    said = " ".join("".join(each.itertext()) for each in tree.iter(f"{SVG}text"))
    assert "Violin" in said
    assert "90" in said
    assert list(tree.iter(f"{SVG}image"))


def test_pixels_are_twice_as_fine_as_the_screen(
    page: LiveView, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "picture.png"
    _save(page, path, qtbot)
    # Width and height stand in a PNG's first chunk, big-endian.
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    assert (width, height) == (2 * page.width(), 2 * page.height())


def test_the_saved_picture_is_shown_in_its_folder(
    page: LiveView, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    notice = Banner()
    qtbot.addWidget(notice)
    pictures = PicturePresenter(notice, ask=lambda *_: tmp_path / "a.png")
    pictures.save(page)
    other = WrittenFile(notice)
    notice.action_chosen.emit(SHOW_FOLDER)
    assert opened == [str(tmp_path)]
    # Whose message it is, its buttons belong to.
    other.tell("Written to b.csv", tmp_path / "b" / "b.csv")
    notice.action_chosen.emit(SHOW_FOLDER)
    assert opened == [str(tmp_path), str(tmp_path / "b")]


@pytest.mark.parametrize("exists", [True, False])
def test_a_picture_is_proposed_among_the_users_own(
    page: LiveView, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    folder = tmp_path / "Pictures"
    if exists:
        folder.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(folder))
    notice = Banner()
    qtbot.addWidget(notice)
    proposed: list[Path] = []
    PicturePresenter(notice, ask=lambda _, path: proposed.append(path)).save(page)
    assert proposed[0].parent == (folder if exists else Path.home())


def test_a_picture_that_cannot_be_written_is_said(
    page: LiveView, tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("nowhere/picture.svg", "nowhere/picture.png"):
        assert _save(page, tmp_path / name, qtbot).startswith("Cannot write the picture")


def test_a_picture_holds_what_is_shown_and_no_buttons(
    page: LiveView, tmp_path: Path, qtbot: QtBot
) -> None:
    page.resize(1200, 800)
    page.freeze(make_history(9.0, verdicts=(make_analysis(0.0),)))
    page.show_past_answer(make_analysis(0.0))
    page.past_row.freeze.setFocus()
    before = page.grab().toImage()
    path = tmp_path / "picture.png"
    _save(page, path, qtbot)
    kept = QImage(str(path))
    ground = page.palette().window().color()
    for gone in (page.past_row, page.meter):
        area = QRect(2 * gone.mapTo(page, QPoint()), 2 * gone.size())
        part = kept.copy(area)
        colours = {
            part.pixelColor(x, y).name()
            for x in range(0, part.width(), 3)
            for y in range(0, part.height(), 3)
        }
        assert colours == {ground.name()}
    # Where the mark of what is frozen lies on the screen the picture has its ground.
    mark = page.frozen_mark.mapTo(page, page.frozen_mark.rect().center())
    assert page.frozen_mark.isVisible()
    assert kept.pixelColor(2 * mark).name() == DARK.surface.lower()
    # The headline, the picture, the bars and the blocks are there.
    for shown in (page.answer, page.spectrogram, page.bars, page.timeline):
        area = QRect(2 * shown.mapTo(page, QPoint()), 2 * shown.size())
        assert len({kept.pixelColor(x, area.center().y()).name() for x in _across(area)}) > 1
    # On the screen nothing has changed.
    assert page.past_row.freeze.isVisible()
    assert page.grab().toImage() == before


def _across(area: QRect) -> range:
    return range(area.left(), area.right(), 2)
