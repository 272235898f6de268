from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from view_doubles import (
    MICROPHONE,
    OTHER,
    OWN,
    FakeFiles,
    FakeLive,
    list_models,
    make_analysis,
    make_comparison,
    make_evidence,
    make_history,
    make_result,
    make_update,
    probabilities_of,
)

from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.controls.page_buttons import FILES_PAGE, LIVE_PAGE
from timbrescope.desktop.views.frame.banner import Severity
from timbrescope.desktop.views.frame.shortcuts import Shortcut
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.desktop.views.open_window import EVENTS_A_FRAME
from timbrescope.desktop.views.presenters.source import PLAY_DEMO, TRY_AGAIN, WELL_S
from timbrescope.desktop.views.presenters.watching import STOP_WATCHING
from timbrescope.models.analysis import State
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.evidence import BEST, NOTHING, OTHERS
from timbrescope.models.instruments import index_of

VIOLIN = make_update(
    columns=np.zeros((128, 200), np.float32),
    state=State.INSTRUMENT,
    probabilities=probabilities_of(Violin=0.9),
    preview=make_analysis(1.0),
    verdicts=(make_analysis(0.0),),
)


def _finished(path: Path) -> list[FileEvent]:
    done = FileEvent(path, FileEventKind.DONE, 1.0, make_result(path))
    return [FileEvent(path, FileEventKind.QUEUED), done]


class Desk:
    """A window with its fake engines."""

    def __init__(self, settings: Settings) -> None:
        self.live = FakeLive(make_update(), devices=(MICROPHONE, OTHER))
        self.files = FakeFiles()
        self.settings = settings
        self.window = MainWindow(self.live, self.files, settings, list_models=list_models)

    def show(self, *updates: LiveUpdate) -> None:
        self.live.updates = list(updates)
        for _ in updates:
            self.window.show_frame()


@pytest.fixture
def desk(qtbot: QtBot, settings: Settings) -> Iterator[Desk]:
    made = Desk(settings)
    qtbot.addWidget(made.window)
    made.window.show()
    # The frames are drawn by the tests.
    made.window._timer.stop()
    yield made
    made.window.close()


def press(qtbot: QtBot, desk: Desk, shortcut: Shortcut) -> None:
    keys = {
        "Space": Qt.Key.Key_Space,
        "F11": Qt.Key.Key_F11,
        "?": Qt.Key.Key_Question,
        "Esc": Qt.Key.Key_Escape,
    }
    key = keys.get(shortcut.keys) or Qt.Key(ord(shortcut.keys))
    desk.window.activateWindow()
    qtbot.keyClick(desk.window, key)


def test_a_live_update_reaches_every_view(desk: Desk) -> None:
    desk.show(VIOLIN)
    live = desk.window.live_view
    assert live.answer.answer.headline == "Violin"
    assert len(live.timeline.blocks) == 1
    assert live.spectrogram.explained[0].label == ""
    desk.window.grab()


def test_what_runs_no_more_claims_no_instrument(desk: Desk) -> None:
    desk.show(VIOLIN)
    desk.show(
        make_update(health=Health.STALLED, message="No sound for 2 s", state=State.INSTRUMENT)
    )
    assert desk.window.live_view.answer.answer.headline == "No signal"


def test_without_a_device_it_says_so_and_offers_the_demo(desk: Desk) -> None:
    desk.show(make_update(health=Health.FAILED, name="", message="No microphone found"))
    assert desk.window.banner.text == "No microphone found"
    assert desk.window.banner.actions_offered == (PLAY_DEMO, TRY_AGAIN)
    desk.window.banner.action_chosen.emit(PLAY_DEMO)
    assert "demo" in desk.live.calls
    desk.show(make_update(name="Demo clips"))
    assert desk.window.banner.text == ""
    assert desk.window.controls._device_combo.currentText() == "Demo clips"


def test_what_was_wrong_stays_to_be_read_while_the_source_starts_again(desk: Desk) -> None:
    desk.show(make_update(health=Health.FAILED, name="", message="No microphone found"))
    desk.show(make_update(health=Health.STARTING))
    assert desk.window.banner.text == "No microphone found"
    assert desk.window.banner.actions_offered == (PLAY_DEMO, TRY_AGAIN)
    desk.show(make_update())
    assert desk.window.banner.text == ""


def test_a_notice_about_the_source_moves_nothing_and_belongs_to_the_live_page(desk: Desk) -> None:
    desk.show(make_update())
    QApplication.processEvents()
    window = desk.window
    before = window.pages.geometry()
    desk.show(make_update(state=State.NO_SIGNAL, message="The device delivers only zeros."))
    QApplication.processEvents()
    assert window.banner.isVisible()
    assert window.pages.geometry() == before
    assert _place(window.live_view, window).contains(_place(window.banner, window))
    window.show_page(FILES_PAGE)
    assert not window.banner.isVisible()
    window.show_page(LIVE_PAGE)
    assert window.banner.isVisible()
    window._present()
    assert not window.banner.isVisible()
    window._leave()
    assert window.banner.isVisible()


@pytest.mark.parametrize("page", [LIVE_PAGE, FILES_PAGE])
def test_a_notice_of_success_moves_nothing(desk: Desk, page: int) -> None:
    window = desk.window
    window.show_page(page)
    QApplication.processEvents()
    before = window.pages.geometry()
    window.notice.show_message("Saved", Severity.BRIEF)
    QApplication.processEvents()
    assert window.notice.isVisible()
    assert window.pages.geometry() == before
    corner = window.notice.mapTo(window, QPoint())
    assert before.contains(QRect(corner, window.notice.size()))


@pytest.mark.parametrize("size", [(1280, 800), (1024, 600)])
@pytest.mark.parametrize("page", [LIVE_PAGE, FILES_PAGE])
def test_notices_cover_nothing_that_is_shown(desk: Desk, page: int, size: tuple[int, int]) -> None:
    window = desk.window
    window.resize(*size)
    desk.show(VIOLIN)
    window.add_files([Path("a.wav")])
    window.files_view.apply(_finished(Path("a.wav")))
    window.show_page(page)
    QApplication.processEvents()
    live, detail = window.live_view, window.files_view.detail
    parts = {
        LIVE_PAGE: (live.answer, live.spectrogram, live.bars, live.timeline, live.meter),
        FILES_PAGE: (detail.answer, detail.spectrogram, detail.bars, window.files_view.table),
    }[page]
    above = [_place(part, window).topLeft() for part in parts[:3]]
    window.notice.show_message("Saved to a place with a long name. " * 3, Severity.BRIEF)
    desk.show(make_update(message="Too loud: the input is clipping. Turn its gain down."))
    QApplication.processEvents()
    notices = [each for each in (window.notice, window.banner) if each.isVisible()]
    assert len(notices) == (2 if page == LIVE_PAGE else 1)
    for notice in notices:
        there = _place(notice, window)
        assert window.rect().contains(there)
        assert not [part for part in parts if there.intersects(_place(part, window))]
    # Nothing above moves; the room is that of the picture's height, and comes back.
    assert [_place(part, window).topLeft() for part in parts[:3]] == above
    assert parts[1].height() >= parts[1].minimumHeight()
    window.notice.clear()
    desk.show(make_update())
    QApplication.processEvents()
    assert not window._notices.isVisible()


def test_a_notice_beside_all_models_fits_the_smallest_screen(desk: Desk) -> None:
    window = desk.window
    # Of a screen of 960 x 540 this is left below the window's title.
    room = (960, 516)
    window.resize(*room)
    window._comparison.show(True)
    desk.show(VIOLIN)
    QApplication.processEvents()
    without = window.live_view.spectrogram.area.box.height()
    window.notice.show_message("Saved to a place with a long name. " * 3, Severity.BRIEF)
    QApplication.processEvents()
    assert window.notice.isVisible()
    assert (window.width(), window.height()) == room
    assert window.live_view.spectrogram.area.box.height() > 0.8 * without
    window.notice.clear()
    QApplication.processEvents()
    assert window.live_view.timeline.isVisible()
    assert window.live_view.meter.isVisible()


def _place(part: QWidget, window: MainWindow) -> QRect:
    return QRect(part.mapTo(window, QPoint()), part.size())


def test_what_is_watched_hides_no_picture_and_outlasts_other_notices(
    desk: Desk, tmp_path: Path
) -> None:
    window = desk.window
    window.watching.watch(tmp_path)
    window.notice.show_message("Saved", Severity.BRIEF)
    QApplication.processEvents()
    told = window.watch_banner
    assert str(tmp_path) in told.text
    assert told.isVisible()
    picture = window.live_view.picture
    place = QRect(picture.mapTo(window, QPoint()), picture.size())
    assert not place.intersects(QRect(told.mapTo(window, QPoint()), told.size()))
    told.action_chosen.emit(STOP_WATCHING)
    assert told.text == ""
    assert window.notice.text == "Saved"


def test_a_folder_of_thousands_is_shown_in_portions(desk: Desk) -> None:
    window = desk.window
    paths = [Path(f"/music/{number:05}.wav") for number in range(2 * EVENTS_A_FRAME + 10)]
    desk.files.events = [FileEvent(path, FileEventKind.QUEUED) for path in paths]
    totals = []
    for _ in range(4):
        window.show_frame()
        desk.files.events = []
        totals.append(window.files_view.model.tally.total)
    assert totals == [EVENTS_A_FRAME, 2 * EVENTS_A_FRAME, len(paths), len(paths)]


def test_a_closed_notice_stays_away_until_the_source_was_well_for_a_while(desk: Desk) -> None:
    source, second = desk.window._source, [0.0]
    source._now_s = lambda: second[0]
    trouble = make_update(health=Health.STALLED, message="No sound for 2 s")
    desk.show(trouble)
    desk.window.banner.close_message()
    desk.show(make_update())
    second[0] = WELL_S - 1.0
    desk.show(make_update(), make_update(health=Health.STALLED, message="No sound for 3 s"))
    assert desk.window.banner.text == ""
    desk.show(make_update(health=Health.FAILED, message="No microphone found"))
    assert desk.window.banner.text == "No microphone found"
    desk.show(make_update())
    second[0] += WELL_S
    desk.show(make_update(), trouble)
    assert desk.window.banner.text == "No sound for 2 s"


def test_the_headline_does_not_repeat_the_notice(desk: Desk) -> None:
    desk.show(make_update(state=State.NO_SIGNAL, message="No signal: a whole long sentence."))
    answer = desk.window.live_view.answer.answer
    assert (answer.headline, answer.detail) == ("No signal", "Only zeros arrive from Microphone")


def test_trying_again_scans_anew(desk: Desk) -> None:
    desk.show(make_update(health=Health.STALLED, message="No sound for 2 s"))
    desk.window.banner.action_chosen.emit(TRY_AGAIN)
    assert "rescan" in desk.live.calls


def test_the_wish_for_a_device_is_remembered_and_the_demo_leaves_it_alone(desk: Desk) -> None:
    desk.window.controls.device_chosen.emit(OTHER)
    desk.window.controls.demo_chosen.emit()
    assert ("device", OTHER) in desk.live.calls
    assert desk.settings.device_wish == ("Line in", "ALSA")


def test_keys(desk: Desk, qtbot: QtBot) -> None:
    desk.show(make_update())
    press(qtbot, desk, Shortcut.PAUSE)
    assert ("paused", True) in desk.live.calls
    desk.show(make_update(health=Health.PAUSED))
    press(qtbot, desk, Shortcut.PAUSE)
    assert desk.live.calls[-1] == ("paused", False)
    press(qtbot, desk, Shortcut.MODEL)
    assert ("model", "mfcc") in desk.live.calls
    desk.window.show_frame()
    assert ("model", "mfcc") in desk.files.calls
    assert desk.settings.model == "mfcc"
    press(qtbot, desk, Shortcut.COMPARE)
    assert desk.settings.comparing
    press(qtbot, desk, Shortcut.COMPARE)
    assert not desk.settings.comparing
    press(qtbot, desk, Shortcut.EVIDENCE)
    assert not desk.window.live_view.spectrogram.evidence_shown
    assert not desk.settings.evidence_shown
    press(qtbot, desk, Shortcut.FILES)
    assert desk.window.pages.currentIndex() == FILES_PAGE
    press(qtbot, desk, Shortcut.DEMO)
    assert desk.live.calls[-1] == "demo"
    assert desk.window.pages.currentIndex() == LIVE_PAGE
    press(qtbot, desk, Shortcut.FULL_SCREEN)
    assert desk.window.isFullScreen()
    press(qtbot, desk, Shortcut.FULL_SCREEN)
    assert not desk.window.isFullScreen()
    press(qtbot, desk, Shortcut.FULL_SCREEN)
    press(qtbot, desk, Shortcut.LEAVE)
    assert not desk.window.isFullScreen()
    press(qtbot, desk, Shortcut.HELP)
    assert desk.window.preferences.help is not None
    assert desk.window.preferences.help.isVisible()


def test_the_demo_key_says_what_is_not_heard_any_more_and_goes_back(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.settings.device_wish = (OTHER.name, OTHER.host_api)
    desk.show(make_update(name="Line in"))
    press(qtbot, desk, Shortcut.DEMO)
    assert desk.live.calls[-1] == "demo"
    assert "Line in is not heard" in desk.window.notice.text
    desk.show(make_update(name="Demo clips"))
    press(qtbot, desk, Shortcut.DEMO)
    assert desk.live.calls[-1] == ("device", OTHER)
    assert desk.window.notice.text == ""


def test_an_audience_sees_the_answer_and_no_stray_key_changes_it(desk: Desk, qtbot: QtBot) -> None:
    desk.show(VIOLIN)
    window = desk.window
    press(qtbot, desk, Shortcut.PRESENT)
    assert window.isFullScreen()
    assert window.controls.isHidden()
    assert window.status.isHidden()
    assert not window.live_view.meter.isVisible()
    assert window.live_view.top_bars.isVisible()
    assert window.live_view.answer.sizeHint().height() > 0.18 * window.height()
    for shortcut in (Shortcut.MODEL, Shortcut.DEMO, Shortcut.FILES, Shortcut.EVIDENCE):
        press(qtbot, desk, shortcut)
    assert desk.live.calls == []
    assert window.pages.currentIndex() == LIVE_PAGE
    press(qtbot, desk, Shortcut.LEAVE)
    assert not window.isFullScreen()
    assert window.controls.isVisible()
    assert window.live_view.meter.isVisible()
    press(qtbot, desk, Shortcut.MODEL)
    assert desk.live.calls != []


def test_freezing_keeps_answer_and_evidence_while_listening_goes_on(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.show(VIOLIN)
    desk.live.heard = make_history(200 * 512 / 22050)
    live = desk.window.live_view
    press(qtbot, desk, Shortcut.FREEZE)
    flute = probabilities_of(Flute=0.9)
    later = make_update(
        columns=np.zeros((128, 40), np.float32),
        first_column=200,
        state=State.INSTRUMENT,
        probabilities=flute,
        verdicts=(make_analysis(3.0, probabilities=flute),),
    )
    desk.show(later)
    assert live.answer.answer.headline == "Violin"
    assert live.spectrogram._content.next_column == 200
    assert len(live.timeline.blocks) == 2
    press(qtbot, desk, Shortcut.FREEZE)
    # What came meanwhile is in its place.
    assert live.spectrogram._content.next_column == 240
    desk.show(make_update(state=State.INSTRUMENT, probabilities=flute, first_column=240))
    assert live.answer.answer.headline == "Flute"


def test_a_picture_is_saved_finer_than_the_screen(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.show(VIOLIN)
    path = tmp_path / "violin.png"
    desk.window._pictures._ask = lambda *_: path
    press(qtbot, desk, Shortcut.PICTURE)
    picture = QImage(str(path))
    assert picture.width() == 2 * desk.window.live_view.width()
    assert str(path) in desk.window.notice.text
    desk.window._pictures._ask = lambda *_: tmp_path / "gone" / "violin.png"
    press(qtbot, desk, Shortcut.PICTURE)
    assert "Cannot write" in desk.window.notice.text


def test_keys_are_remembered_and_reset_with_everything_else(desk: Desk) -> None:
    window = desk.window
    window.preferences.show_settings()
    dialog = window.preferences.dialog
    assert dialog is not None
    dialog._confirm = lambda _: True
    window.keys.choose(Shortcut.PAUSE, "PgDown")
    dialog.keys_changed.emit()
    assert desk.settings.keys == {"PAUSE": "PgDown"}
    dialog.theme_chosen.emit("light")
    assert desk.settings.theme == "light"
    dialog._reset()
    assert desk.settings.keys == {}
    assert desk.settings.theme == "dark"
    assert window.keys.keys(Shortcut.PAUSE) == "Space"
    assert dialog.theme.currentData() == "dark"


def test_a_reset_holds_for_columns_model_and_microphone_at_once(desk: Desk) -> None:
    window, table = desk.window, desk.window.files_view.table
    first = table.columns_shown
    table.show_columns(["file", "notes"])
    desk.live.model = "random-forest"
    window.show_frame()
    window.preferences._reset()
    assert table.columns_shown == first
    assert desk.live.model == DEFAULT_MODEL
    assert desk.live.calls[-1] == ("device", None)


def test_the_wheel_scrolls_the_settings_and_changes_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.window.preferences.show_settings()
    dialog = desk.window.preferences.dialog
    assert dialog is not None
    qtbot.waitExposed(dialog)
    for box in (dialog.theme, dialog.language, dialog.answers.limit):
        before = box.property("value") if box is dialog.answers.limit else box.currentIndex()
        where = QPointF(box.rect().center())
        turn = QWheelEvent(
            where,
            box.mapToGlobal(where),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, turn)
        after = box.property("value") if box is dialog.answers.limit else box.currentIndex()
        assert after == before


@pytest.mark.parametrize("size", [(1024, 600), (960, 540)])
def test_the_window_fits_a_small_screen(desk: Desk, size: tuple[int, int]) -> None:
    for page in (LIVE_PAGE, FILES_PAGE):
        desk.window.show_page(page)
        least = desk.window.minimumSizeHint()
        # A title bar takes some 30 pixels.
        assert least.width() <= size[0]
        assert least.height() <= size[1] - 30


def test_the_window_is_as_large_after_the_presentation_as_before(desk: Desk) -> None:
    window = desk.window
    window.resize(1280, 800)
    QApplication.processEvents()
    window._present()
    QApplication.processEvents()
    window._leave()
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1280, 800)


def test_no_focus_ring_is_shown_to_an_audience(desk: Desk) -> None:
    picture = desk.window.live_view.spectrogram
    assert picture.shows_focus
    desk.window._present()
    assert not picture.shows_focus
    desk.window._leave()
    assert picture.shows_focus


def test_files_and_folders_may_be_dropped_anywhere(desk: Desk, tmp_path: Path) -> None:
    mime = QMimeData()
    dropped = [tmp_path / "a.wav", tmp_path / "à 日本"]
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in dropped])
    enter = QDragEnterEvent(
        desk.window.rect().center(),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dragEnterEvent(enter)
    assert enter.isAccepted()
    assert desk.window._sheet.isVisible()
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dropEvent(drop)
    assert desk.files.calls == [("add", dropped)]
    assert desk.window.pages.currentIndex() == FILES_PAGE
    assert not desk.window._sheet.isVisible()


def test_text_that_is_dropped_is_not_taken_for_files(desk: Desk) -> None:
    mime = QMimeData()
    mime.setText("hello")
    enter = QDragEnterEvent(
        desk.window.rect().center(),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter.ignore()
    desk.window.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_no_view_inside_swallows_a_drop(desk: Desk) -> None:
    inner = [
        w for w in desk.window.findChildren(type(desk.window.pages).__mro__[2]) if w.acceptDrops()
    ]
    assert inner == []


def test_file_events_and_evidence_go_to_the_files_page(desk: Desk) -> None:
    path = Path("violin.wav")
    desk.files.events = _finished(path)
    desk.window.show_frame()
    assert ("evidence", path, 3.0) in desk.files.calls
    desk.files.evidence = make_evidence(path, 3.0)
    desk.window.show_frame()
    assert len(desk.window.files_view.detail.spectrogram.explained) == 1
    assert "(1)" in desk.window.controls._pages.button(FILES_PAGE).text()


def test_a_click_on_a_bar_shows_that_classs_evidence(desk: Desk) -> None:
    desk.show(VIOLIN)
    desk.window.live_view.bars.choose(11)
    assert desk.window.live_view.spectrogram.evidence_class == 11
    assert ("explained", 11, OTHERS) in desk.live.calls
    desk.window.live_view.bars.choose(11)
    assert desk.window.live_view.spectrogram.evidence_class is None
    assert desk.live.calls[-1] == ("explained", BEST, OTHERS)


def test_a_click_on_the_answer_compares_it_with_the_runner_up(desk: Desk) -> None:
    shares = probabilities_of(Violin=0.6, Trumpet=0.3)
    desk.show(make_update(state=State.INSTRUMENT, probabilities=shares))
    desk.window.live_view.answer.runner_up_chosen.emit()
    assert desk.live.calls[-1] == ("explained", index_of("Violin"), index_of("Trumpet"))
    desk.window.live_view.answer.runner_up_chosen.emit()
    assert desk.live.calls[-1] == ("explained", BEST, OTHERS)


def test_a_key_shows_what_speaks_against_the_answer_on_both_pages(desk: Desk, qtbot: QtBot) -> None:
    views = (desk.window.live_view.spectrogram, desk.window.files_view.detail.spectrogram)
    press(qtbot, desk, Shortcut.AGAINST)
    assert [view.against_shown for view in views] == [True, True]
    press(qtbot, desk, Shortcut.AGAINST)
    assert [view.against_shown for view in views] == [False, False]


def test_while_no_evidence_is_shown_none_is_counted(desk: Desk) -> None:
    desk.window.live_view.bars.choose(11)
    desk.window.controls.evidence_toggled.emit(False)
    assert desk.live.calls[-1] == ("explained", NOTHING, OTHERS)
    desk.window.controls.evidence_toggled.emit(True)
    assert desk.live.calls[-1] == ("explained", 11, OTHERS)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast", "system"])
def test_themes(desk: Desk, theme: str) -> None:
    desk.show(VIOLIN)
    desk.window.controls.theme_chosen.emit(theme)
    assert desk.settings.theme == theme
    desk.window.grab()


def test_the_status_strip_tells_source_losses_and_cost(desk: Desk) -> None:
    # It changes a few times a second, and something was shown with the window.
    desk.window._last_frame_s -= 1.0
    desk.show(VIOLIN)
    words = desk.window.status.text
    for part in ("Microphone", "48 kHz", "overruns 0", "test-mel", "3.0 ms"):
        assert part in words


def test_closing_stops_the_timer_and_both_engines_once(desk: Desk) -> None:
    desk.window._timer.start()
    desk.window.close()
    desk.window.close()
    assert desk.live.calls.count("close") == 1
    assert desk.files.calls.count("close") == 1
    assert [t for t in desk.window.findChildren(QTimer) if t.isActive()] == []
    assert desk.settings.geometry is not None


def test_the_timer_runs_while_the_window_is_shown(desk: Desk, qtbot: QtBot) -> None:
    desk.live.updates = [VIOLIN]
    desk.window.hide()
    desk.window.show()
    answer = desk.window.live_view.answer
    qtbot.waitUntil(lambda: answer.answer.headline == "Violin", timeout=3000)


def test_a_model_that_is_refused_is_neither_shown_nor_remembered_but_told(desk: Desk) -> None:
    desk.live.refuses["mfcc"] = "The model was not changed: its SHA-256 is another one"
    desk.window.controls.model_chosen.emit("mfcc")
    desk.show(make_update())
    assert desk.window.controls._model_combo.currentData() == "mel"
    assert desk.settings.model == DEFAULT_MODEL
    assert desk.files.calls == []
    assert "SHA-256" in desk.window.model_banner.text
    assert desk.window.banner.text == ""


def test_the_key_goes_past_missing_and_refused_models(desk: Desk, qtbot: QtBot) -> None:
    desk.live.refuses["mfcc"] = "damaged"
    asked = []
    for _ in range(3):
        press(qtbot, desk, Shortcut.MODEL)
        desk.show(make_update())
        asked.append(desk.live.calls[-1])
    # random-forest is not installed and never asked for.
    assert asked == [("model", "mfcc"), ("model", "mel"), ("model", "mfcc")]


def test_an_own_model_is_listed_used_and_remembered(desk: Desk) -> None:
    desk.window.controls.model_file_chosen.emit(Path(OWN.reference))
    desk.show(make_update())
    assert desk.window.controls._model_combo.currentText() == OWN.title
    assert (desk.settings.model, desk.settings.own_model) == (OWN.reference, OWN.reference)
    assert ("model", OWN.reference) in desk.files.calls
    desk.window.controls.model_chosen.emit("mel")
    desk.show(make_update())
    # It stays in the list though another one answers now.
    assert OWN.title in desk.window.controls._model_combo.titles
    assert (desk.settings.model, desk.settings.own_model) == ("mel", OWN.reference)


def test_an_own_model_that_is_refused_is_not_kept(desk: Desk) -> None:
    desk.live.refuses[OWN.reference] = "its classes are not the 28 instruments"
    desk.window.controls.model_file_chosen.emit(Path(OWN.reference))
    desk.show(make_update())
    assert "28 instruments" in desk.window.model_banner.text
    assert OWN.title not in desk.window.controls._model_combo.titles
    assert desk.settings.own_model is None
    desk.window.model_banner.close_message()
    desk.show(make_update())
    assert desk.window.model_banner.text == ""
    # Trying once more tells once more.
    desk.window.controls.model_file_chosen.emit(Path(OWN.reference))
    desk.show(make_update())
    assert "28 instruments" in desk.window.model_banner.text


def test_comparing_asks_the_engines_for_all_models_that_can_be_used(desk: Desk) -> None:
    live_view, files_view = desk.window.live_view, desk.window.files_view
    assert not live_view.comparison.isVisible()
    desk.window.controls.compare_toggled.emit(True)
    assert desk.settings.comparing
    for engine in (desk.live, desk.files):
        assert engine.calls[-1] == ("comparing", ("mel", "mfcc"))
    assert live_view.comparison.isVisible()
    assert not files_view.detail.comparison.isHidden()
    desk.show(make_update(state=State.INSTRUMENT, comparison=make_comparison()))
    assert live_view.comparison.lines[0].startswith("CNN on mel spectrograms: Violin 90")
    desk.window.controls.model_file_chosen.emit(Path(OWN.reference))
    desk.show(make_update())
    assert desk.live.calls[-1] == ("comparing", ("mel", "mfcc", OWN.reference))
    desk.window.controls.compare_toggled.emit(False)
    for engine in (desk.live, desk.files):
        assert engine.calls[-1] == ("comparing", ())
    assert not live_view.comparison.isVisible()


def test_a_window_that_compared_compares_again(qtbot: QtBot, settings: Settings) -> None:
    settings.comparing = True
    again = Desk(settings)
    qtbot.addWidget(again.window)
    assert again.live.calls == [("comparing", ("mel", "mfcc"))]
    assert again.window.controls._compare.isChecked()
    again.window.close()


def test_the_file_on_view_is_compared_as_soon_as_it_is_wanted(desk: Desk) -> None:
    path = Path("violin.wav")
    desk.files.events = _finished(path)
    desk.window.show_frame()
    desk.window.controls.compare_toggled.emit(True)
    assert desk.files.calls[-2:] == [("comparing", ("mel", "mfcc")), ("evidence", path, 3.0)]
    desk.files.evidence = make_evidence(path, 3.0, comparison=make_comparison(start_s=3.0))
    desk.window.show_frame()
    assert desk.window.files_view.detail.comparison.headline == "The models disagree"


def test_a_row_of_the_comparison_chooses_its_model(desk: Desk) -> None:
    desk.window.live_view.comparison.model_chosen.emit("mfcc")
    assert desk.live.calls[-1] == ("model", "mfcc")


def test_the_devices_are_listed_as_soon_as_they_are_known(desk: Desk) -> None:
    desk.live.known = (OTHER,)
    desk.window.show_frame()
    assert desk.window.controls.device_titles[:1] == ("Line in",)


def test_a_window_that_nobody_sees_listens_without_evidence_and_frames(
    desk: Desk, qtbot: QtBot
) -> None:
    window, timer = desk.window, desk.window._timer
    qtbot.waitExposed(window)
    often = timer.interval()
    window.hide()
    assert desk.live.calls[-1] == ("explained", NOTHING, OTHERS)
    assert timer.interval() > often
    window.show()
    assert desk.live.calls[-1] == ("explained", BEST, OTHERS)
    assert timer.interval() == often
    window.showMinimized()
    assert desk.live.calls[-1] == ("explained", NOTHING, OTHERS)
    window.showNormal()
    assert desk.live.calls[-1] == ("explained", BEST, OTHERS)


def test_evidence_that_is_not_wanted_stays_away_when_the_window_is_seen_again(desk: Desk) -> None:
    desk.window.controls.evidence_toggled.emit(False)
    desk.window.hide()
    desk.window.show()
    assert desk.live.calls[-1] == ("explained", NOTHING, OTHERS)


def test_who_presents_what_was_frozen_shows_what_is_played_now(desk: Desk, qtbot: QtBot) -> None:
    desk.show(VIOLIN)
    live = desk.window.live_view
    desk.window._past.freeze()
    press(qtbot, desk, Shortcut.PRESENT)
    assert desk.window.presentation.is_on
    assert not live.is_frozen
    flute = make_update(state=State.INSTRUMENT, probabilities=probabilities_of(Flute=0.8))
    desk.show(flute)
    assert live.answer.answer.headline == "Flute"
    assert "Frozen" not in live.answer.answer.detail
    desk.window.presentation.end()


def test_an_audience_is_told_in_large_type_that_it_is_frozen(desk: Desk, qtbot: QtBot) -> None:
    desk.show(VIOLIN)
    live = desk.window.live_view
    press(qtbot, desk, Shortcut.PRESENT)
    press(qtbot, desk, Shortcut.FREEZE)
    assert live.answer.answer.headline == "Violin"
    assert live.answer.answer.detail.startswith("Frozen")
    assert not live.frozen_mark.isVisible()
    press(qtbot, desk, Shortcut.FREEZE)
    desk.show(VIOLIN)
    assert not live.answer.answer.detail.startswith("Frozen")
    desk.window.presentation.end()


def test_pictures_and_presenting_have_buttons_that_tell_their_keys(desk: Desk) -> None:
    actions = desk.window.controls._actions
    assert "(S)" in actions.picture.toolTip()
    assert "(P)" in actions.present.toolTip()
    desk.window.keys.choose(Shortcut.PRESENT, "F5")
    desk.window.preferences.keys_changed.emit()
    assert "(F5)" in actions.present.toolTip()
    assert actions.present.accessibleName() == actions.present.toolTip()
    saved = []
    desk.window._pictures._ask = lambda page, _: saved.append(page)
    actions.picture.click()
    assert saved == [desk.window.live_view]
    actions.present.click()
    assert desk.window.presentation.is_on
    desk.window.presentation.end()


def test_the_engine_begins_once_the_window_is_painted(qtbot: QtBot, settings: Settings) -> None:
    desk = Desk(settings)
    qtbot.addWidget(desk.window)
    assert not desk.live.has_begun
    desk.window.show()
    qtbot.waitUntil(lambda: desk.live.has_begun)
    desk.window.close()


def test_a_window_that_is_never_painted_listens_all_the_same(
    qtbot: QtBot, settings: Settings
) -> None:
    desk = Desk(settings)
    qtbot.addWidget(desk.window)
    desk.window._painted = True
    desk.window.showMinimized()
    qtbot.waitUntil(lambda: desk.live.has_begun)
    desk.window.close()
