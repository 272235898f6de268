"""Pictures of the evidence for reports, without Qt: PNG from pixels, one pixel a cell."""

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.drawing.window_picture import window_pixels
from timbrescope.desktop.engine.classify_file import explain_span
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.engine.loaded_models import ModelShelf
from timbrescope.desktop.engine.strength import drawn
from timbrescope.desktop.export.segments import telling_window
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import WINDOW_S


class EvidencePictures:
    """Draws the most telling window of a file with the evidence for its answer.

    Owned by one thread, as its models are.
    """

    def __init__(self, *, shelf: ModelShelf | None = None, dark: bool = False) -> None:
        self._shelf = shelf or ModelShelf()
        self._dark = dark

    def __call__(self, result: FileResult) -> bytes | None:
        """Return the picture as PNG, None if there is nothing to show or the file has gone."""
        window = telling_window(result)
        if result.status != "ok" or window is None:
            return None
        try:
            return self._drawn(result.path, window.start_s, model=result.model)
        except TimbrescopeError:
            return None

    def _drawn(self, path: Path, start_s: float, *, model: str) -> bytes:
        explained = explain_span(
            path, classifier=self._shelf.get(model), start_s=start_s, duration_s=WINDOW_S
        )
        evidence = drawn(explained.analyses[0])
        return png(window_pixels(explained.columns, evidence, dark=self._dark))


def png(pixels: NDArray[np.uint32]) -> bytes:
    """Return pixels ``0xffRRGGBB``, shape (rows, columns), as a PNG file (ISO/IEC 15948)."""
    rows, columns = pixels.shape
    channels = np.stack([pixels >> shift & 0xFF for shift in (16, 8, 0)], axis=-1)
    lines = channels.astype(np.uint8).reshape(rows, 3 * columns)
    # Each line begins with the number of its filter, 0 for none.
    body = np.hstack([np.zeros((rows, 1), np.uint8), lines]).tobytes()
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(body, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
