"""Runs the real window and tells on standard output what it shows, a JSON object per line.

Started as a program by the end-to-end tests. Commands come on standard input, one JSON object per
line: ``{"drop": [paths]}`` drops files on the window as a file manager does, ``{"select": row}``
selects a row of the file table, ``{"compare": true}`` shows all models side by side,
``{"model": reference}`` chooses a model, ``{"open_model": path}`` opens a model file,
``{"pause": true}`` pauses, ``{"record": path}`` records and ``record_end`` ends that,
``{"play_live": path}`` plays a file as if live, ``rescan`` looks for devices, ``leave`` closes
dialogs, ``{"act": name}`` does what the shortcut of that name does, ``{"pick": true}`` opens the
list of sources and ``unpick`` closes it, ``{"choose": title}`` takes one of them,
``{"grab": path}`` writes a picture of the window, ``{"resize": [width, height]}`` resizes it,
``{"quit": true}`` closes it. What a mouse can press is told with its place (`on_screen.py`).
"""

import argparse
import faulthandler
import json
import signal
import sys
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from on_screen import misfits, spot, spots_of
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMainWindow

from timbrescope.desktop.bounded_errors import bound_errors
from timbrescope.desktop.cli import _keep_standard_error
from timbrescope.desktop.leaving import leave
from timbrescope.desktop.settings import Settings
from timbrescope.desktop.views.application import make_application, make_window
from timbrescope.desktop.views.controls.small_level import PEAK_ROLE
from timbrescope.desktop.views.files.columns import COLUMNS
from timbrescope.desktop.views.frame.shortcuts import Shortcut
from timbrescope.desktop.views.main_window import MainWindow
from timbrescope.models.instruments import NAMES

TELL_MS = 200


class Driver:
    """Obeys and tells, on the window's own thread."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._commands: SimpleQueue[dict[str, Any]] = SimpleQueue()
        Thread(target=self._read, daemon=True).start()
        self._timer = QTimer()
        self._timer.timeout.connect(self._step)
        self._timer.start(TELL_MS)

    def _read(self) -> None:
        for line in sys.stdin:
            self._commands.put(json.loads(line))
        self._commands.put({"quit": True})

    def _step(self) -> None:
        while True:
            try:
                command = self._commands.get_nowait()
            except Empty:
                break
            self._obey(command)
        print(json.dumps(self._status()), flush=True)

    def _obey(self, command: dict[str, Any]) -> None:
        if "drop" in command:
            self._drop(command["drop"])
        if "select" in command:
            self._window.files_view.table.selectRow(command["select"])
        if "compare" in command:
            self._window.controls.compare_toggled.emit(command["compare"])
        if "model" in command:
            self._window.controls.model_chosen.emit(command["model"])
        if "open_model" in command:
            self._window.controls.model_file_chosen.emit(Path(command["open_model"]))
        if "pause" in command:
            self._window.controls.pause_toggled.emit(command["pause"])
        if "record" in command:
            self._window._live.start_recording(Path(command["record"]))
        if "record_end" in command:
            self._window._live.stop_recording()
        if "rescan" in command:
            self._window.controls.rescan_requested.emit()
        if "play_live" in command:
            self._window._live.use_file(Path(command["play_live"]))
        if "leave" in command:
            for dialog in self._dialogs():
                dialog.reject()
        if "act" in command:
            self._window._actions()[Shortcut[command["act"]]]()
        if "pick" in command:
            self._window.controls._device_combo.showPopup()
        if "unpick" in command:
            self._window.controls._device_combo.hidePopup()
        if "choose" in command:
            sources = self._window.controls._device_combo
            sources.hidePopup()
            sources.activated.emit(sources.findText(command["choose"]))
        if "grab" in command:
            self._grab(Path(command["grab"]))
        if "resize" in command:
            self._window.resize(*command["resize"])
        if "quit" in command:
            self._timer.stop()
            self._window.close()

    def _grab(self, path: Path) -> None:
        draft = path.with_suffix(".part.png")
        self._window.grab().save(str(draft))
        draft.replace(path)

    def _drop(self, paths: list[str]) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in paths])
        where, buttons = QPoint(400, 400), Qt.MouseButton.LeftButton
        copy, plain = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        # Through the native window, as the system does it: only what is let in may be dropped.
        handle = self._window.windowHandle()
        enter = QDragEnterEvent(where, copy, data, buttons, plain)
        QApplication.sendEvent(handle, enter)
        if enter.isAccepted():
            QApplication.sendEvent(handle, QDropEvent(where.toPointF(), copy, data, buttons, plain))

    def _status(self) -> dict[str, Any]:
        live = self._window.live_view
        files = self._window.files_view
        rows = [files.model.row(number) for number in range(files.model.rowCount())]
        return {
            "headline": live.answer.answer.headline,
            "detail": live.answer.answer.detail,
            "banner": self._window.banner.text if self._window.banner.isVisible() else "",
            "blocks": len(live.timeline.blocks),
            "last_block": live.timeline.blocks[-1].words if live.timeline.blocks else "",
            "explained": len(live.spectrogram.explained),
            "files": [
                {"name": row.path.name, "error": row.is_error, "words": row.answer_words}
                for row in rows
            ],
            "file_explained": len(files.detail.spectrogram.explained),
            "model": self._window.controls.model_title,
            "model_banner": self._window.model_banner.text,
            "note": live.spectrogram.note,
            "source": self._window.controls._device_combo.currentText(),
            "peaks": self._peaks(),
            "dialogs": len(self._dialogs()),
            "compared": list(live.comparison.lines) if live.comparison.isVisible() else [],
            "agreement": live.comparison.headline,
            "file_compared": list(files.detail.comparison.lines),
            "frozen": live.is_frozen,
            "presenting": self._window.presentation.is_on,
            "narrowing": self._window.narrowing.text,
            "notice": self._window.notice.text,
            "watching": self._window.watch_banner.text,
            "inside": self._window.screen().geometry().contains(self._window.geometry()),
            "on_screen": [each.geometry().getRect() for each in QApplication.screens()].index(
                self._window.screen().geometry().getRect()
            ),
            "covers_screen": self._window.geometry() == self._window.screen().geometry(),
            "size": self._window.size().toTuple(),
            "full_screen": self._window.isFullScreen(),
            "page": self._window.pages.currentIndex(),
            "spots": spots_of(self._window) | self._own_spots(),
            "span_s": live.spectrogram.span_s,
            "theme": self._window._settings.theme,
            "keys": {each.name: self._window.keys.keys(each) for each in Shortcut},
            "shares": dict(zip(NAMES, live.bars.values.tolist(), strict=False)),
            "evidence_shown": live.spectrogram.evidence_shown,
            "rival": "" if live._rival is None else NAMES[live._rival],
            "playing": self._window.player.is_playing,
            "played_s": live.timeline._played_s,
            "file_played_s": files.detail.timeline._played_s,
            "summary": files.bar.words,
            "cells": [
                {column.name: column.text(row) for column in COLUMNS}
                for row in (files.model.row(number) for number in range(files.model.rowCount()))
            ],
            "misfits": [
                words
                for top in QApplication.topLevelWidgets()
                if top.isVisible() and isinstance(top, QMainWindow | QDialog)
                for words in misfits(top)
            ],
            "clipboard": QApplication.clipboard().text(),
            **self._active(),
        }

    @staticmethod
    def _dialogs() -> list[QDialog]:
        tops = QApplication.topLevelWidgets()
        return [each for each in tops if isinstance(each, QDialog) and each.isVisible()]

    def _peaks(self) -> dict[str, float | None]:
        """Return the level beside each source in the list of them."""
        sources = self._window.controls._device_combo
        rows = [row for row in range(sources.count()) if sources.itemText(row)]
        return {sources.itemText(row): sources.itemData(row, PEAK_ROLE) for row in rows}

    def _active(self) -> dict[str, Any]:
        """Return what has the focus."""
        active, focus = QApplication.activeWindow(), QApplication.focusWidget()
        return {
            "active": "" if active is None else active.windowTitle(),
            "popup": QApplication.activePopupWidget() is not None,
            "typed": focus.text() if isinstance(focus, QLineEdit) else "",
        }

    def _own_spots(self) -> dict[str, list[int]]:
        """Return where those things are that are drawn and no widgets."""
        live, files = self._window.live_view, self._window.files_view
        spots = {
            "picture": spot(live.spectrogram),
            "overview": spot(live.past_row.overview),
            "headline": spot(live.answer, QPoint(20, 20)),
        }
        for name, view in (("block", live.timeline), ("file block", files.detail.timeline)):
            for number, block in enumerate(view.blocks):
                x = view.span.x(block.start_s + 1.5)
                if view.isVisible() and 0 < x < view.width():
                    at = QPoint(round(x), view.height() // 4)
                    spots[f"{name} {number}"] = spot(view, at)
        return spots


def main() -> int:
    """Show the window until told to quit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("settings", help="INI file for the window's memory")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--own-size", action="store_true", help="as large as the window wants")
    options = parser.parse_args()
    # As the program does.
    _keep_standard_error()
    bound_errors()
    if hasattr(signal, "SIGUSR1"):
        # Where it is stuck, if it is.
        faulthandler.register(signal.SIGUSR1, file=sys.stderr)
    application = make_application()
    settings = Settings(QSettings(options.settings, QSettings.Format.IniFormat))
    window = make_window(settings, device=None, demo=options.demo)
    if not options.own_size:
        window.resize(1280, 800)
    window.show()
    driver = Driver(window)
    status = application.exec()
    del driver
    return int(status)


if __name__ == "__main__":
    sys.exit(leave(main()))
