"""Looks up what users read: the English text is the key, ``<language>.json`` holds the others.

Every text that is shown goes through `tr` or `trn` when it is shown; one that is written down
before (a constant, an entry of an enumeration) is marked with `mark` there, so that the tests
find it. Exports and the terminal stay English: programs read them.
"""

import json
import locale
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from timbrescope.desktop.views.words.engine_texts import ENGINE_TEXTS

# Under their own names, as users look for them.
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
}
SYSTEM = "system"
_ENGLISH = "en"
_FOLDER = Path(__file__).parent
# Owned by the thread of the window, the only one that shows anything.
_chosen: dict[str, str] = {"language": _ENGLISH}
# The texts of that language; looked up a hundred times for a frame.
_current: dict[str, str] = {}


def use_language(wanted: str, *, system: str | None = None) -> str:
    """Show texts in this language from now on, and return which one it is.

    Parameters
    ----------
    wanted : str
        A key of `LANGUAGES`, or `SYSTEM`.
    system : str, optional
        What the system speaks, such as ``de_AT``; by default as it says itself.
    """
    if wanted == SYSTEM:
        spoken = system if system is not None else locale.getlocale()[0] or _ENGLISH
        wanted = spoken[:2].lower()
    known = wanted if wanted in LANGUAGES else _ENGLISH
    _chosen["language"] = known
    _current.clear()
    _current.update(texts(known))
    return known


def language() -> str:
    """Return the key of the language in use."""
    return _chosen["language"]


def tr(text: str, **fields: object) -> str:
    """Return an English text in the language in use, with its ``{fields}`` filled in."""
    found = _current.get(text, text)
    return found.format(**fields) if fields else found


def trn(one: str, several: str, count: int, **fields: object) -> str:
    """Return the one text or the other, as `count` wants it; ``{count}`` is filled in."""
    # French counts nothing like one.
    is_one = count == 1 or (count == 0 and language() == "fr")
    return tr(one if is_one else several, count=count, **fields)


def translated(message: str) -> str:
    """Return a sentence of an engine in the language in use, if it is one that is known.

    Engines know no languages; what they say is recognised by its form, and whatever they quote in
    it stays as it is.
    """
    if language() == _ENGLISH or not message:
        return message
    for form, pattern in _forms():
        if (found := pattern.fullmatch(message)) is not None:
            return tr(form, **found.groupdict())
    return message


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the engines' sentences, each with what recognises it."""
    made = []
    for form in ENGINE_TEXTS:
        parts = re.split(r"\{(\w+)\}", form)
        pieces = [
            re.escape(part) if at % 2 == 0 else f"(?P<{part}>.*)" for at, part in enumerate(parts)
        ]
        made.append((form, re.compile("".join(pieces), re.DOTALL)))
    return tuple(made)


def mark(text: str) -> str:
    """Return `text` as it is: it is translated when it is shown."""
    return text


@cache
def texts(wanted: str) -> Mapping[str, str]:
    """Return the texts of a language by their English form; none for English."""
    if wanted == _ENGLISH:
        return {}
    found: dict[str, str] = json.loads((_FOLDER / f"{wanted}.json").read_text("utf-8"))
    return found
