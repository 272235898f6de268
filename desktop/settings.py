"""What the program remembers between two runs, kept by Qt in the platform's own place."""

import logging
import math
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from PySide6.QtCore import QByteArray, QSettings

from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.models.catalogue import DEFAULT_MODEL, MODEL_NAMES, MODEL_SUFFIX
from timbrescope.models.instruments import NAMES

logger = logging.getLogger(__name__)

ORGANISATION = "Timbrescope"
APPLICATION = "Timbrescope"

LANGUAGES = ("system", "en", "de", "es", "fr", "it")
THEMES = ("dark", "light", "contrast", "system")


class Settings:
    """Typed access to the remembered choices.

    Values that an older or newer version wrote and this one does not know fall back to the
    default, so that a stale file never keeps the program from starting.

    Parameters
    ----------
    store : QSettings, optional
        Where to keep them; tests pass one that writes to a temporary INI file.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings(ORGANISATION, APPLICATION)

    @property
    def device_wish(self) -> tuple[str, str] | None:
        """Name and host API of the wanted input device; None for the system's default.

        The wish stays as it is while the device is merely absent.
        """
        name = str(self._value("device/name", "") or "")
        host_api = str(self._value("device/host_api", "") or "")
        return (name, host_api) if name else None

    @device_wish.setter
    def device_wish(self, wish: tuple[str, str] | None) -> None:
        name, host_api = wish or ("", "")
        self._store.setValue("device/name", name)
        self._store.setValue("device/host_api", host_api)

    def channels_of(self, device: str) -> tuple[int, ...]:
        """Return which channels of a device are heard, from 0; none: those that sound."""
        text = str(self._value(f"channels/{_key(device)}", "") or "")
        parts = text.split() if text.replace(" ", "").isdecimal() else []
        return tuple(sorted({int(part) for part in parts if len(part) < 4}))

    def keep_channels(self, device: str, channels: Sequence[int]) -> None:
        """Remember which channels are heard of a device."""
        self._store.setValue(f"channels/{_key(device)}", " ".join(map(str, channels)))

    @property
    def model(self) -> str:
        """The model that answers: a name in the catalogue, or the path of a model file."""
        value = str(self._value("model", DEFAULT_MODEL))
        is_known = value in MODEL_NAMES or value.endswith(MODEL_SUFFIX)
        return value if is_known else DEFAULT_MODEL

    @model.setter
    def model(self, reference: str) -> None:
        self._store.setValue("model", reference)

    @property
    def own_model(self) -> str | None:
        """Path of the user's own model file, None without one."""
        value = str(self._value("own_model", "") or "")
        return value if value.endswith(MODEL_SUFFIX) else None

    @own_model.setter
    def own_model(self, path: str | None) -> None:
        self._store.setValue("own_model", path or "")

    @property
    def comparing(self) -> bool:
        """Whether the answers of all models are shown side by side."""
        return str(self._value("comparing", "false")).lower() == "true"

    @comparing.setter
    def comparing(self, shown: bool) -> None:
        self._store.setValue("comparing", "true" if shown else "false")

    @property
    def theme(self) -> str:
        """One of `THEMES`."""
        return self._choice("theme", THEMES)

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def language(self) -> str:
        """One of `LANGUAGES`."""
        return self._choice("language", LANGUAGES)

    @language.setter
    def language(self, name: str) -> None:
        self._store.setValue("language", name)

    @property
    def evidence_shown(self) -> bool:
        """Whether the evidence is drawn on the spectrogram."""
        # INI files give text back, native stores give booleans.
        return str(self._value("evidence_shown", "true")).lower() != "false"

    @evidence_shown.setter
    def evidence_shown(self, shown: bool) -> None:
        self._store.setValue("evidence_shown", "true" if shown else "false")

    @property
    def narrowing(self) -> Narrowing:
        """Which instruments there can be, and from which probability on they are named."""
        listed = str(self._value("answers/only", "") or "").split(",")
        only = tuple(name for name in NAMES if name in listed)
        try:
            limit = float(str(self._value("answers/threshold", "")))
        except ValueError:
            limit = math.nan
        return Narrowing(only, limit if 0.0 <= limit <= 1.0 else None)

    @narrowing.setter
    def narrowing(self, narrowing: Narrowing) -> None:
        limit = narrowing.threshold
        self._store.setValue("answers/only", ",".join(narrowing.only))
        self._store.setValue("answers/threshold", "" if limit is None else str(limit))

    @property
    def geometry(self) -> QByteArray | None:
        """Window geometry as `QWidget.saveGeometry` gave it, None at the first start."""
        value = self._value("window/geometry")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("window/geometry", geometry)

    @property
    def keys(self) -> dict[str, str]:
        """The keys that the user chose, under the names of the shortcuts."""
        self._store.beginGroup("keys")
        found = {name: str(self._value(name) or "") for name in self._store.childKeys()}
        self._store.endGroup()
        return found

    @keys.setter
    def keys(self, chosen: Mapping[str, str]) -> None:
        self._store.remove("keys")
        for name, keys in chosen.items():
            self._store.setValue(f"keys/{name}", keys)

    def layout(self, part: str) -> QByteArray | None:
        """How a part of the window was arranged, as Qt gave it; None if it never was."""
        value = self._value(f"layout/{part}")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def keep_layout(self, part: str, layout: QByteArray) -> None:
        """Remember how a part of the window is arranged."""
        self._store.setValue(f"layout/{part}", layout)

    def _value(self, key: str, default: object = None) -> object:
        try:
            return self._store.value(key, default)
        # A file that was not written by Qt may name types that Python has none for.
        except (RuntimeError, TypeError, ValueError) as error:
            logger.warning("the setting %s cannot be read: %s", key, error)
            return default

    def reset(self) -> None:
        """Forget everything."""
        self._store.clear()

    def _choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = str(self._value(key, allowed[0]))
        return value if value in allowed else allowed[0]


def _key(name: str) -> str:
    """Return a name as a key of settings, in which a slash would make a group."""
    return quote(name, safe="")
