"""A WAV file that is whole at any moment while it is being written.

Sound is written first, then the sizes in the header: whoever is killed, or finds the disk full,
leaves a file that any program reads up to the last header. No library offers that in public.
"""

import io
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SAMPLE_BYTES = 3
_RIFF_SIZE_AT = 4
_FULL_SCALE = 2**23 - 1
# Some programs take sizes in a header for signed.
LARGEST_BYTES = 2**31 - 2**16


class GrowingWav:
    """Writes 24-bit WAV. Owned by one thread.

    Parameters
    ----------
    path : Path
        Of a file that is not there yet.
    rate_hz, channels : int
    largest_bytes : int
        The size from which on `is_full` says so.

    Raises
    ------
    OSError
        If it cannot be written.
    """

    def __init__(
        self, path: Path, *, rate_hz: int, channels: int, largest_bytes: int = LARGEST_BYTES
    ) -> None:
        self._frame_bytes = _SAMPLE_BYTES * channels
        self._rate_hz, self._largest_bytes = rate_hz, largest_bytes
        self._header = _header(rate_hz, channels)
        self._stated_bytes = self._sound_bytes = 0
        self._file = path.open("xb", buffering=0)
        try:
            self._write_at(0, self._header)
        except BaseException:
            self._file.close()
            path.unlink(missing_ok=True)
            raise

    @property
    def duration_s(self) -> float:
        """Length of the sound that is written."""
        return self._sound_bytes / self._frame_bytes / self._rate_hz

    @property
    def is_full(self) -> bool:
        """Whether the file is as large as it should become."""
        return len(self._header) + self._sound_bytes >= self._largest_bytes

    def write(self, frames: NDArray[np.float32]) -> None:
        """Append frames (n, channels).

        Raises
        ------
        OSError
            If they do not fit; the file then ends with the last frame that does.
        """
        scaled = np.clip(np.nan_to_num(frames), -1.0, 1.0).astype(np.float64) * _FULL_SCALE
        whole = np.rint(scaled).astype("<i4").reshape(-1, 1).view(np.uint8)
        sound = np.ascontiguousarray(whole[:, :_SAMPLE_BYTES]).tobytes()
        try:
            self._write_at(len(self._header) + self._sound_bytes, sound)
        except OSError:
            written = os.fstat(self._file.fileno()).st_size - len(self._header)
            self._sound_bytes = max(
                self._sound_bytes, written // self._frame_bytes * self._frame_bytes
            )
            raise
        self._sound_bytes += len(sound)

    def settle(self) -> None:
        """State in the header what is written, and have the system put it on the disk.

        Raises
        ------
        OSError
            If that fails; the file stays whole up to the last time that it did not.
        """
        header = bytearray(self._header)
        size = len(header) + self._sound_bytes
        header[_RIFF_SIZE_AT : _RIFF_SIZE_AT + 4] = (size - 8).to_bytes(4, "little")
        header[-4:] = self._sound_bytes.to_bytes(4, "little")
        # At once, so that a kill finds either both sizes or none of them changed.
        self._write_at(0, bytes(header))
        self._stated_bytes = self._sound_bytes
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """End the file with its last whole frame; may be called after any error."""
        if self._file.closed:
            return
        try:
            self.settle()
        finally:
            try:
                os.ftruncate(self._file.fileno(), len(self._header) + self._stated_bytes)
            finally:
                self._file.close()

    def _write_at(self, offset: int, data: bytes) -> None:
        left = memoryview(data)
        self._file.seek(offset)
        while left:
            # On a disk that is nearly full, only a part is written at first.
            left = left[self._file.write(left) or 0 :]


def _header(rate_hz: int, channels: int) -> bytes:
    """Return the header of a file without sound; it ends with the size of the sound."""
    # With the first recording, not with the window.
    import soundfile

    buffer = io.BytesIO()
    kind = "WAV" if channels <= 2 else "WAVEX"
    nothing = np.empty((0, channels), np.float32)
    soundfile.write(buffer, nothing, rate_hz, format=kind, subtype="PCM_24")
    header = buffer.getvalue()
    assert header[-8:-4] == b"data", header
    return header
