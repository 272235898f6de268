"""The page of settings: look, answers, keys, and everything back to how it was at first."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.views.frame.answers_page import AnswersPage
from timbrescope.desktop.views.frame.scrolled import scrolled
from timbrescope.desktop.views.frame.shortcuts import KeyMap, Shortcut
from timbrescope.desktop.views.style.combo import Combo
from timbrescope.desktop.views.style.theme import EMPHASIS, Theme, scaled_font
from timbrescope.desktop.views.words.catalogue import LANGUAGES, SYSTEM, tr


class SettingsDialog(QDialog):
    """Changes take effect at once; it blocks nothing.

    Parameters
    ----------
    keys : KeyMap
    confirm : callable, optional
        Asks before everything is reset; tests pass their own.
    parent : QWidget, optional
    """

    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    evidence_toggled = Signal(bool)
    narrowing_chosen = Signal(Narrowing)
    keys_changed = Signal()
    reset_requested = Signal()

    def __init__(
        self,
        keys: KeyMap,
        *,
        confirm: Callable[[QWidget], bool] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Timbrescope: settings"))
        self._keys, self._confirm = keys, confirm
        self.theme = self._make_theme()
        self.language = self._make_language()
        self._restart = QLabel(tr("The language changes when the program is started again."))
        self._restart.setObjectName("muted")
        self._restart.hide()
        self.evidence = QCheckBox(tr("Draw the evidence on the spectrogram"))
        self.evidence.clicked.connect(self.evidence_toggled)
        self.answers = AnswersPage()
        self.answers.narrowing_chosen.connect(self.narrowing_chosen)
        self.edits: dict[Shortcut, QKeySequenceEdit] = {}
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setObjectName("problem")
        self._lay_out()
        self.show_keys()

    def _make_theme(self) -> Combo:
        combo = Combo()
        for theme in Theme:
            combo.addItem(theme.words, str(theme))
        combo.setAccessibleName(tr("Colours"))
        combo.activated.connect(lambda _: self.theme_chosen.emit(combo.currentData()))
        return combo

    def _make_language(self) -> Combo:
        combo = Combo()
        combo.addItem(tr("As the system"), SYSTEM)
        for key, name in LANGUAGES.items():
            combo.addItem(name, key)
        combo.setAccessibleName(tr("Language"))
        combo.activated.connect(self._choose_language)
        return combo

    def _choose_language(self, *_: object) -> None:
        self._restart.show()
        self.language_chosen.emit(self.language.currentData())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Colours"), self.theme)
        form.addRow(tr("Language"), self.language)
        form.addRow("", self._restart)
        form.addRow("", self.evidence)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        reset = QPushButton(tr("Reset everything…"))
        buttons.addButton(reset, QDialogButtonBox.ButtonRole.ResetRole)
        reset.clicked.connect(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        hint = QLabel(tr("Click a field and press the key, on a keyboard or a foot pedal."))
        hint.setObjectName("muted")
        page = QWidget()
        parts = QVBoxLayout(page)
        parts.setContentsMargins(0, 0, 12, 0)
        parts.setSpacing(12)
        parts.addLayout(form)
        for part in (_heading(tr("Answers")), self.answers, _heading(tr("Keys and pedals")), hint):
            parts.addWidget(part)
        parts.addLayout(self._make_keys())
        self._area = scrolled(page)
        column.addWidget(self._area, 1)
        column.addWidget(self._problem)
        column.addWidget(buttons)
        # High enough to show much, and never higher than the screen.
        free = self.screen().availableSize()
        self.resize(min(640, free.width()), min(720, free.height() - 48))

    def _make_keys(self) -> QFormLayout:
        form = QFormLayout()
        for shortcut in Shortcut:
            edit = KeyEdit(takes_escape=shortcut is Shortcut.LEAVE)
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)
            edit.setAccessibleName(tr("Key: {purpose}", purpose=shortcut.purpose))
            edit.editingFinished.connect(lambda each=shortcut: self._choose(each))
            self.edits[shortcut] = edit
            form.addRow(shortcut.purpose, edit)
        return form

    @property
    def problem(self) -> str:
        """Why the last key was not taken, empty if it was."""
        return self._problem.text()

    def show_choices(
        self, *, theme: str, language: str, evidence: bool, narrowing: Narrowing
    ) -> None:
        """Show what is in force."""
        self.theme.setCurrentIndex(max(0, self.theme.findData(theme)))
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.evidence.setChecked(evidence)
        self.answers.show_narrowing(narrowing)

    def show_answers(self) -> None:
        """Bring the part about answers into view."""
        self._area.ensureWidgetVisible(self.answers, 0, 0)
        self.answers.with_limit.setFocus()

    def show_keys(self) -> None:
        """Show the keys that the map has now."""
        for shortcut, edit in self.edits.items():
            edit.setKeySequence(QKeySequence(self._keys.keys(shortcut)))

    def _choose(self, shortcut: Shortcut) -> None:
        keys = self.edits[shortcut].keySequence()
        if keys == QKeySequence(self._keys.keys(shortcut)):
            return
        text = keys.toString(QKeySequence.SequenceFormat.PortableText)
        holder = self._keys.choose(shortcut, text)
        if holder is not None:
            shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
            self._problem.setText(
                tr("“{keys}” is taken already: {purpose}.", keys=shown, purpose=holder.purpose)
            )
            self.edits[shortcut].setKeySequence(QKeySequence(self._keys.keys(shortcut)))
            return
        self._problem.setText("")
        self.keys_changed.emit()

    def _reset(self) -> None:
        if self._confirm is None or self._confirm(self):
            self.reset_requested.emit()


class KeyEdit(QKeySequenceEdit):
    """Takes the key that is pressed; Esc closes the page, as everywhere else in it.

    Parameters
    ----------
    takes_escape : bool
        Whether Esc is a key like any other, unless it is the one chosen already.
    """

    def __init__(self, *, takes_escape: bool) -> None:
        super().__init__()
        self._takes_escape = takes_escape

    def event(self, event: QEvent) -> bool:
        """Leave Esc to the page (Qt's hook)."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            chosen = self.keySequence() == QKeySequence(Qt.Key.Key_Escape)
            if chosen or not self._takes_escape:
                event.ignore()
                return False
        return super().event(event)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(scaled_font(EMPHASIS, bold=True))
    return label
