"""The list of files between engine and views: exports, and the list kept for the next run."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from timbrescope.desktop.engine.file_events import FileEventKind
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.engine.giving_way import give_way
from timbrescope.desktop.export.formats import Format, write_results
from timbrescope.desktop.export.kept_list import count_list, read_list, write_list
from timbrescope.desktop.views.files.file_rows import FileRow
from timbrescope.desktop.views.files.files_view import FilesView
from timbrescope.desktop.views.frame.banner import Banner, Severity
from timbrescope.desktop.views.presenters.written import WrittenFile, users_folder
from timbrescope.desktop.views.words.catalogue import tr, trn
from timbrescope.models.errors import TimbrescopeError

_JOIN_TIMEOUT_S = 5.0

AskWhere = Callable[[QWidget, Format, int], Path | None]


def ask_where(parent: QWidget, wanted: Format, count: int) -> Path | None:
    """Let the user say where results are written: a file, or a folder for a file each."""
    folder = users_folder(QStandardPaths.StandardLocation.DocumentsLocation)
    if wanted.each_alone and count != 1:
        name = QFileDialog.getExistingDirectory(
            parent, tr("A folder for the labels of all files"), str(folder)
        )
        return Path(name) if name else None
    kind = f"{tr(wanted.title).rstrip('…')} (*{wanted.suffix})"
    proposed = str(folder / f"timbrescope{wanted.suffix}")
    name, _ = QFileDialog.getSaveFileName(parent, tr("Export"), proposed, kind)
    if not name:
        return None
    path = Path(name)
    return path if path.suffix else path.with_name(path.name + wanted.suffix)


class FilesPresenter(QObject):
    """Writes exports in a thread of its own, and keeps the list.

    Parameters
    ----------
    view : FilesView
    notice : Banner
        Tells what was written, or why not.
    list_path : Path or None
        Where the list is kept; None keeps none.
    ask : callable, optional
        Asks where to write; tests pass their own.
    """

    _written = Signal(object, str)

    def __init__(
        self, view: FilesView, *, notice: Banner, list_path: Path | None, ask: AskWhere = ask_where
    ) -> None:
        super().__init__()
        self._view, self._notice, self._ask = view, notice, ask
        self._list_path = list_path
        self._thread: Thread | None = None
        self._written_file = WrittenFile(notice)
        view.export_requested.connect(self.export)
        view.reopen_requested.connect(self.reopen)
        view.cleared.connect(self._offer_list)
        self._written.connect(self._on_written)
        self._offer_list()

    # -- exports --------------------------------------------------------------------------

    def export(self, wanted: Format, results: list[FileResult]) -> None:
        """Ask where, then write `results` there without holding up the window."""
        if self._thread is not None and self._thread.is_alive():
            self._notice.show_message(tr("The last export is still being written."), Severity.BRIEF)
            return
        path = self._ask(self._view, wanted, len(results))
        if path is None:
            return
        count = len(results)
        self._notice.show_message(
            trn(
                "Writing {count} file to {name} …",
                "Writing {count} files to {name} …",
                count,
                name=path.name,
            ),
            Severity.INFO,
        )
        self._thread = Thread(
            target=self._write, args=(wanted, results, path), name="timbrescope-export", daemon=True
        )
        self._thread.start()

    def _write(self, wanted: Format, results: list[FileResult], path: Path) -> None:
        """Run in the export's thread; a signal takes the outcome to the window's."""
        give_way()
        problem = ""
        try:
            write_results(results, path, wanted)
        except TimbrescopeError as error:
            problem = str(error)
        self._written.emit(path, problem)

    def _on_written(self, path: Path, problem: str) -> None:
        if problem:
            self._notice.show_message(problem, Severity.ERROR)
            return
        self._written_file.tell(tr("Written to {path}", path=path), path)

    # -- the list -------------------------------------------------------------------------

    def reopen(self) -> None:
        """Put the last list back, with its results; what had none counts as stopped."""
        if self._list_path is None:
            return
        kept = read_list(self._list_path)
        self._view.restore(_row_of(path, result) for path, result in kept)

    def close(self) -> None:
        """Keep the list for the next run and let a running export end."""
        self.keep()
        if self._thread is not None:
            self._thread.join(_JOIN_TIMEOUT_S)

    def keep(self) -> None:
        """Keep the list as it is; an empty one leaves the last in its place."""
        rows = self._view.model.rows()
        if self._list_path is not None and rows:
            write_list(((row.path, row.result) for row in rows), self._list_path)

    def _offer_list(self) -> None:
        count = 0 if self._list_path is None else count_list(self._list_path)
        self._view.empty.offer_last_list(count)


def _row_of(path: Path, result: FileResult | None) -> FileRow:
    kind = FileEventKind.STOPPED if result is None else FileEventKind.DONE
    return FileRow(path, kind=kind, result=result)
