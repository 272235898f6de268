"""Every text that the window shows, found in its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

from timbrescope.desktop.engine import doubt_words
from timbrescope.desktop.engine.messages import Health
from timbrescope.desktop.export.formats import FORMATS
from timbrescope.desktop.views.words.engine_texts import ENGINE_TEXTS
from timbrescope.models.analysis import State
from timbrescope.models.catalogue import CATALOGUE
from timbrescope.models.instruments import INSTRUMENTS, NAMES

VIEWS = Path(__file__).resolve().parent.parent.parent / "desktop" / "views"
_ARGUMENTS = {"tr": 1, "mark": 1, "trn": 2}
# What these are given is shown to users; it has to come through `tr`.
SHOWING = {
    *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setWindowTitle"),
    *("setPlaceholderText", "QLabel", "QPushButton", "QCheckBox", "addAction", "show_message"),
    *("setStatusTip", "drawText", "question", "critical"),
}


def shown_texts() -> set[str]:
    """Return the English form of every text that can be shown."""
    found = {*NAMES, *(each.family for each in INSTRUMENTS), *map(str, State), *map(str, Health)}
    found |= {title for each in CATALOGUE for title in (each.title, each.short_title)}
    found |= {*ENGINE_TEXTS, *doubt_words.FORMS, *(each.title for each in FORMATS)}
    for path in sorted(VIEWS.rglob("*.py")):
        found.update(_marked(ast.parse(path.read_text("utf-8"))))
    return found


def _marked(tree: ast.Module) -> Iterator[str]:
    for call in _calls(tree):
        for argument in call.args[: _ARGUMENTS.get(_name(call), 0)]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def untranslated(path: Path) -> list[str]:
    """Return what a module shows past the catalogue."""
    found = []
    for call in _calls(ast.parse(path.read_text("utf-8"))):
        if _name(call) in SHOWING:
            found += [
                f"{path.name}:{call.lineno}: {text}"
                for argument in call.args
                for text in _own_words(argument)
            ]
    return found


def _own_words(argument: ast.expr) -> list[str]:
    """Return the words that stand in an argument as they are."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        texts = [argument.value]
    elif isinstance(argument, ast.JoinedStr):
        texts = [part.value for part in argument.values if isinstance(part, ast.Constant)]
    else:
        return []
    return [text for text in texts if sum(char.isalpha() for char in text) > 2]


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
