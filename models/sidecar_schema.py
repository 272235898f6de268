"""What each field of a sidecar may be: its type, its range, its length.

Sixteen fields do not earn the app a dependency; a check per field says in words what was wrong.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from timbrescope.models.limits import (
    QUIET_DBFS_RANGE,
    SIDECAR_TEXT_CHARACTERS,
    TEMPERATURE_RANGE,
)

Check = Callable[[Any], str]
"""Returns what a value should have been, as in "should be …"; nothing if it is right."""

_SHA256_DIGITS = 64
_QUOTED_CHARACTERS = 60


def problems_of(stated: Any) -> list[str]:
    """Return what is wrong with the fields of a sidecar, one sentence each; none if all fit.

    Fields that are not known are left alone: a later version may state more.
    """
    if not isinstance(stated, dict):
        return [f"it should be an object with fields, not {quoted(stated)}"]
    return _problems(stated, required=REQUIRED, optional=OPTIONAL, what="field")


def _problems(
    stated: Mapping[str, Any],
    *,
    required: Mapping[str, Check],
    optional: Mapping[str, Check],
    what: str,
) -> list[str]:
    missing = [f"the {what} {name!r} is missing" for name in required if name not in stated]
    checks = {**required, **optional}
    wrong = [
        f"the {what} {name!r} should be {should}, not {quoted(stated[name])}"
        for name, check in checks.items()
        if name in stated and (should := check(stated[name]))
    ]
    return missing + wrong


def quoted(value: Any) -> str:
    """Return `value` as it may stand in a message: on one line and not too long."""
    text = repr(value)
    return text if len(text) <= _QUOTED_CHARACTERS else f"{text[:_QUOTED_CHARACTERS]}…"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return "text"
    if len(value) > SIDECAR_TEXT_CHARACTERS:
        return f"text of at most {SIDECAR_TEXT_CHARACTERS} characters"
    # Control characters would steer a terminal; half surrogates cannot be written anywhere. What
    # can be printed is neither, and is most of it: the lists of sources are long.
    if not value.isprintable() and any(
        unicodedata.category(character) in ("Cc", "Cs") for character in value
    ):
        return "text without control characters"
    return ""


def _word(value: Any) -> str:
    return _text(value) or ("" if value else "text that is not empty")


def _texts(value: Any) -> str:
    ok = isinstance(value, list) and not any(_text(each) for each in value)
    return "" if ok else "a list of texts"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _table(value: Any) -> str:
    return "" if isinstance(value, dict) else "an object with fields"


def _number(least: float, most: float) -> Check:
    def check(value: Any) -> str:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # NaN is not between anything.
        if is_number and least <= value <= most:
            return ""
        return f"a number from {least:g} to {most:g}"

    return check


def _sha256(value: Any) -> str:
    is_digest = (
        isinstance(value, str)
        and len(value) == _SHA256_DIGITS
        and set(value) <= set("0123456789abcdef")
    )
    return "" if is_digest else "64 hexadecimal digits"


_SHARE = _number(0.0, 1.0)
_REQUIRED_THRESHOLDS: dict[str, Check] = {
    "quiet_dbfs": _number(*QUIET_DBFS_RANGE),
    "not_sure": _SHARE,
}
_OPTIONAL_THRESHOLDS: dict[str, Check] = {"least_known": _SHARE}


def _thresholds(value: Any) -> str:
    if not isinstance(value, dict):
        return "an object with fields"
    # One that this program does not know would be ignored, and claims be made against it.
    known = {*_REQUIRED_THRESHOLDS, *_OPTIONAL_THRESHOLDS}
    if unknown := sorted(set(value) - known):
        return f"thresholds that are known, without {quoted(unknown[0])}"
    found = _problems(
        value, required=_REQUIRED_THRESHOLDS, optional=_OPTIONAL_THRESHOLDS, what="threshold"
    )
    return f"right in all its parts ({'; '.join(found)})" if found else ""


REQUIRED: Mapping[str, Check] = {
    "name": _word,
    "kind": _word,
    "version": _word,
    "classes": _texts,
    "front_end": _table,
    "temperature": _number(*TEMPERATURE_RANGE),
    "thresholds": _thresholds,
    "sha256": _sha256,
    "licence": _text,
    "created": _text,
}
OPTIONAL: Mapping[str, Check] = {
    "corpus": _table,
    "split": _table,
    "metrics": _table,
    "attributions": _texts,
    "family": _text,
    "background": _flag,
}
