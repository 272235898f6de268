"""Settings as tables of a TOML file: dataclasses that are read with checks, and written in full."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec
import tomli_w

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.files import write_text

Tables = Mapping[str, Any]
_Settings = TypeVar("_Settings")


class SettingsError(TimbrescopeError):
    """Settings name what there is not, or give it a value that it cannot have."""


def settings_of(kind: type[_Settings], table: Tables, *, where: object) -> _Settings:
    """Return the dataclass `kind` with the values of a table; what is not named has its default.

    Parameters
    ----------
    kind : type
        A dataclass; a field that is a dataclass itself has a table of its own.
    table : mapping
    where : object
        What the table was read from, for the message of an error.

    Raises
    ------
    SettingsError
        If the table names a field that there is not, or a value has the wrong type.
    """
    _check_names(kind, table, where=where, path="")
    try:
        return msgspec.convert(table, type=kind, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{where}: {str(error).replace('`$.', '`')}") from error


def _check_names(kind: Any, table: Tables, *, where: object, path: str) -> None:
    known = get_type_hints(kind)
    for name, value in table.items():
        if name not in known:
            raise SettingsError(
                f"{where}: there is no setting {path + name!r}; known are {', '.join(known)}"
            )
        if is_dataclass(known[name]) and isinstance(value, Mapping):
            _check_names(known[name], value, where=where, path=f"{path}{name}.")


def _decoded(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise TypeError(f"Expected a path, got {value!r}")


def table_of(settings: Any) -> dict[str, Any]:
    """Return all fields of a dataclass as a table; a field without a value is left out."""
    return {
        name: entry
        for name, value in asdict(settings).items()
        if (entry := _plain(value)) is not None
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items() if entry is not None}
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return str(value) if isinstance(value, Path) else value


def read_table(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises
    ------
    SettingsError
        If the file cannot be read.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read the settings {path}: {error}") from error


def write_table(path: Path, tables: Tables) -> None:
    """Write tables as a TOML file, in full or not at all."""
    write_text(path, tomli_w.dumps(tables))


def overlaid(below: Tables, above: Tables) -> dict[str, Any]:
    """Return the tables of both; where both name a setting, the value is that of `above`."""
    found = dict(below)
    for name, value in above.items():
        under: Any = found.get(name)
        both = isinstance(value, Mapping) and isinstance(under, Mapping)
        found[name] = overlaid(under, value) if both else value
    return found


def assignment(text: str) -> dict[str, Any]:
    """Return ``TABLE.FIELD=VALUE`` as tables; what is no TOML value is taken for a text.

    Raises
    ------
    SettingsError
        If it has another form.
    """
    name, sign, value = text.partition("=")
    names = [part.strip() for part in name.split(".")]
    if not sign or len(names) < 2 or not all(names):
        raise SettingsError(
            f"{text!r} is not of the form TABLE.FIELD=VALUE, as windows.per_class=100"
        )
    found: Any = _value(value.strip())
    for part in reversed(names):
        found = {part: found}
    return dict(found)


def _value(text: str) -> Any:
    try:
        stated = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return stated["value"] if len(stated) == 1 else text


def field_names(kind: Any) -> tuple[str, ...]:
    """Return the names of a dataclass's fields."""
    return tuple(entry.name for entry in fields(kind))
