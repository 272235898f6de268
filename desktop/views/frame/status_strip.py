"""The line at the foot of the window: source, rate, losses, cost."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from timbrescope.desktop.audio.demo import DemoSource
from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.desktop.views.style.theme import CAPTION, scaled_font
from timbrescope.desktop.views.words.catalogue import tr
from timbrescope.desktop.views.words.figures import brief_figure, figure
from timbrescope.models.times import clock

_TEXT_EVERY_S = 0.25


class StatusStrip(QWidget):
    """Facts for those who want them, in small type."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._age_s = _TEXT_EVERY_S
        self._source = QLabel()
        self._losses = QLabel()
        self._model = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(24)
        # A long device name gives way instead of widening the window.
        self._source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._source, 1)
        row.addWidget(self._losses)
        row.addWidget(self._model)
        for label in (self._source, self._losses, self._model):
            label.setFont(scaled_font(CAPTION))

    @property
    def text(self) -> str:
        """All that the strip says."""
        return "   ".join(label.text() for label in (self._source, self._losses, self._model))

    def show_update(self, update: LiveUpdate, *, elapsed_s: float) -> None:
        """Tell about the newest update, a few times a second."""
        self._age_s += elapsed_s
        if self._age_s < _TEXT_EVERY_S:
            return
        self._age_s = 0.0
        self._source.setText(_source_words(update))
        source = update.source
        losses = tr(
            "overruns {overruns} · windows dropped {dropped}",
            overruns=source.overruns,
            dropped=source.dropped_windows,
        )
        if update.comparison is not None:
            losses += " · " + tr("not compared {count}", count=update.comparison.skipped)
        self._losses.setText(losses)
        if update.preview is None:
            self._model.setText("")
        else:
            model = update.preview.model
            self._model.setText(
                tr(
                    "{model} · {time} ms per answer",
                    model=f"{model.name} {model.version}",
                    time=figure(update.preview.cost_ms, 1),
                )
            )


def _source_words(update: LiveUpdate) -> str:
    source = update.source
    name = tr(source.name) if source.name == DemoSource.name else source.name
    words = [name or tr("no source")]
    if source.sample_rate_hz:
        words.append(f"{brief_figure(source.sample_rate_hz / 1000)} kHz")
        words.append(
            tr("mono") if source.channels == 1 else tr("{count} channels", count=source.channels)
        )
    if source.health is not Health.RUNNING:
        words.append(tr(str(source.health)))
    words.append(clock(update.position_s))
    return " · ".join(words)
