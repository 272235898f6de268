"""JSON from outside (plain values, bounded depth, finite numbers), and JSON lines to outside."""

import json
import math
import re
from typing import Any, NoReturn

from timbrescope.models.limits import JSON_DEPTH, JSON_NUMBER_CHARACTERS

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS = b"[]{}"
_NO_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))


def parse_json(content: bytes) -> Any:
    """Return what a JSON text in UTF-8 says.

    Raises
    ------
    ValueError
        If it is not JSON, nests deeper than `limits.JSON_DEPTH`, or holds a number that is not
        finite (``NaN``, ``Infinity``, ``1e999``) or longer than `limits.JSON_NUMBER_CHARACTERS`.
    """
    _check_depth(content)
    return json.loads(
        content.decode("utf-8"),
        parse_int=lambda text: int(_short(text)),
        parse_float=_finite,
        parse_constant=_no_number,
    )


def json_line(record: dict[str, Any]) -> str:
    """Return a record as one line; ASCII only, so that any name is valid on any console."""
    return json.dumps(record, allow_nan=False) + "\n"


def _check_depth(content: bytes) -> None:
    depth = 0
    # Brackets inside strings do not count.
    for bracket in _STRING.sub(b"", content).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > JSON_DEPTH:
            raise ValueError(f"it nests deeper than {JSON_DEPTH} levels")


def _short(text: str) -> str:
    if len(text) > JSON_NUMBER_CHARACTERS:
        raise ValueError(f"the number {text[:12]}… has {len(text)} characters")
    return text


def _finite(text: str) -> float:
    value = float(_short(text))
    if not math.isfinite(value):
        _no_number(text)
    return value


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a finite number")
