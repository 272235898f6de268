"""What an ONNX file says without being run: whether it takes data from other files.

ONNX lets a tensor name another file as the place of its numbers. The SHA-256 in a sidecar does not
cover such a file, and a runtime that is handed bytes looks for it in the working directory. So
graphs that do this are refused. Of the protocol buffers only what leads to tensors is walked;
field numbers are those of ``onnx.proto`` (ONNX 1.17).
"""

from collections.abc import Iterator
from pathlib import Path

from timbrescope.models.errors import ModelFileError
from timbrescope.models.limits import GRAPH_DEPTH, GRAPH_PARTS

_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
# The fields of each message that lead to tensors.
_LEADS: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse",
    },
    "tensor": {},
}  # fmt: skip
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10


def refuse_external_data(graph: bytes, path: Path) -> None:
    """Refuse a graph that takes data from other files.

    Raises
    ------
    ModelFileError
        If it does, or cannot be read as far as to see that it does not.
    """
    try:
        external = _names_other_files(graph)
    except ValueError as error:
        raise ModelFileError(f"{path} is no ONNX file as it should be: {error}") from error
    if external:
        raise ModelFileError(
            f"{path} takes weights from another file, which its SHA-256 does not cover; save the "
            "model with its weights inside"
        )


def _names_other_files(graph: bytes) -> bool:
    view = memoryview(graph)
    waiting = [("model", 0, len(view), 0)]
    parts = 0
    while waiting:
        message, start, end, depth = waiting.pop()
        if depth > GRAPH_DEPTH:
            raise ValueError(f"its parts nest deeper than {GRAPH_DEPTH} levels")
        for number, wire_type, first, last in _fields(view, start, end):
            parts += 1
            if parts > GRAPH_PARTS:
                raise ValueError(f"it has more than {GRAPH_PARTS:,} parts")
            if message == "tensor" and _is_external(number, wire_type, first):
                return True
            lead = _LEADS[message].get(number)
            if lead and wire_type == _LENGTH:
                waiting.append((lead, first, last, depth + 1))
    return False


def _is_external(number: int, wire_type: int, value: int) -> bool:
    if number == _EXTERNAL_DATA:
        return wire_type == _LENGTH
    return number == _DATA_LOCATION and wire_type == _VARINT and value != 0


def _fields(view: memoryview, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Give number, wire type, and first and last place of each field (or a varint's value)."""
    place = start
    while place < end:
        tag, place = _varint(view, place, end)
        number, wire_type = tag >> 3, tag & 7
        if wire_type == _VARINT:
            value, place = _varint(view, place, end)
            yield number, wire_type, value, place
            continue
        if wire_type == _LENGTH:
            length, place = _varint(view, place, end)
        elif wire_type in (_EIGHT_BYTES, _FOUR_BYTES):
            length = 8 if wire_type == _EIGHT_BYTES else 4
        else:
            raise ValueError(f"a field of the unknown wire type {wire_type}")
        if length > end - place:
            raise ValueError("a field that is longer than the file")
        yield number, wire_type, place, place + length
        place += length


def _varint(view: memoryview, place: int, end: int) -> tuple[int, int]:
    value = 0
    for count in range(_MAX_VARINT_BYTES):
        if place >= end:
            break
        byte = view[place]
        place += 1
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value, place
    raise ValueError("a number that does not end")
