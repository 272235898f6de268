"""The list of sources of sound: the microphones there are, and the demo."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.views.controls.small_level import HEARD_ROLE, PEAK_ROLE, LevelDelegate
from timbrescope.desktop.views.style.combo import Combo
from timbrescope.desktop.views.style.theme import Colours, base_points
from timbrescope.desktop.views.words.catalogue import mark, tr

DEMO_TITLE = mark("Demo clips")
NO_DEVICE_TITLE = mark("No microphone found")

_DEMO = "demo"


class DevicePicker(Combo):
    """Reports what the user picks; what is shown as picked is told to it.

    While its list is open, it shows how loud each device is.
    """

    device_chosen = Signal(object)
    demo_chosen = Signal()

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = LevelDelegate(colours, self)
        self.setItemDelegate(self._delegate)
        self._devices: tuple[InputDevice, ...] | None = None
        self.setAccessibleName(tr("Source of sound"))
        self.setToolTip(tr("Where the sound comes from"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(9)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(round(base_points() * 42))
        self.activated.connect(self._on_activated)
        # What there is takes a moment to be known.
        self.show_devices(())
        self.setItemText(0, tr("Starting"))
        self._devices = None

    @property
    def titles(self) -> tuple[str, ...]:
        """The entries, separators left out."""
        texts = (self.itemText(row) for row in range(self.count()))
        return tuple(text for text in texts if text)

    def wordings(self) -> Sequence[str]:
        """Return the title of what is chosen, and the bare name of a device or of the demo."""
        chosen = self.currentData()
        short = chosen.name if isinstance(chosen, InputDevice) else self.currentText()
        return (self.currentText(), tr("Demo") if chosen == _DEMO else short)

    @property
    def is_open(self) -> bool:
        """Whether its list is on screen."""
        return self.view().isVisible()

    def set_colours(self, colours: Colours) -> None:
        """Draw in `colours` from now on."""
        self._delegate.colours = colours

    def show_peaks(self, peaks_dbfs: Mapping[InputDevice, float]) -> None:
        """Show the newest peak of each device; nothing beside those that are left out."""
        for row in range(self.count()):
            device = self.itemData(row)
            if isinstance(device, InputDevice):
                self.setItemData(row, peaks_dbfs.get(device), PEAK_ROLE)
                self.setItemData(row, row == self.currentIndex(), HEARD_ROLE)

    def show_devices(self, devices: Sequence[InputDevice]) -> None:
        """List `devices` and the demo; the current choice stays if it is still there."""
        if self._devices == tuple(devices):
            return
        self._devices = tuple(devices)
        current = self.currentData()
        with QSignalBlocker(self):
            self.clear()
            for device in devices:
                self._add_device(device)
            if not devices:
                self._add_absence()
            self.insertSeparator(self.count())
            self.addItem(tr(DEMO_TITLE), _DEMO)
            self._select(current)
        # The list may be wider than the box, so that no name is cut.
        height = self.fontMetrics().height()
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * height)
        if self.is_open:
            # It takes its size when it is opened.
            self.showPopup()

    def _add_device(self, device: InputDevice) -> None:
        self.addItem(_title(device), device)
        tip = tr(
            "{system}, {rate} Hz, {channels} channels",
            system=device.host_api,
            rate=device.sample_rate_hz,
            channels=device.channels,
        )
        self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def _add_absence(self) -> None:
        self.addItem(tr(NO_DEVICE_TITLE), None)
        model = self.model()
        if isinstance(model, QStandardItemModel):
            model.item(0).setEnabled(False)

    def show_source(self, name: str, *, is_demo: bool) -> None:
        """Select what is being listened to."""
        wanted: object = _DEMO if is_demo else None
        if not is_demo:
            wanted = next((d for d in self._devices or () if d.name == name), None)
            if wanted is None and name:
                # A file that is played, or a device that has gone.
                self.setPlaceholderText(name)
                self.setCurrentIndex(-1)
        self._select(wanted)

    def _select(self, wanted: object) -> None:
        for row in range(self.count()):
            if wanted is not None and self.itemData(row) == wanted:
                if row != self.currentIndex():
                    self.setCurrentIndex(row)
                return

    def _on_activated(self, row: int) -> None:
        data = self.itemData(row)
        if data == _DEMO:
            self.demo_chosen.emit()
        elif data is not None:
            self.device_chosen.emit(data)


def _title(device: InputDevice) -> str:
    says_so = "default" in device.name.lower()
    return (
        tr("{device} (default)", device=device.name)
        if device.is_default and not says_so
        else device.name
    )
