"""Ogg files that FFmpeg refuses and libsndfile reads: written anew as WAV, in a temporary file.

Some taggers leave the headers of the stream a second time behind the first; FFmpeg ends there.
"""

import tempfile
from typing import BinaryIO, cast

import soundfile

from timbrescope.models import limits

NOTE = "its headers come twice: read in another way"
_OGG = b"OggS"
_BLOCK_FRAMES = 1 << 16
_FLOAT_BYTES = 4


def read_again(file: BinaryIO) -> BinaryIO | None:
    """Return an open Ogg file as an open WAV file, None if that is no use.

    Parameters
    ----------
    file : BinaryIO
        Open for reading; stays open.

    Returns
    -------
    BinaryIO or None
        Has no name and is gone when it is closed. None if the file is no Ogg file, is none that
        libsndfile reads, or would take more than `limits.READ_AGAIN_BYTES`.

    Raises
    ------
    OSError
        If there is no room for it.
    """
    file.seek(0)
    if file.read(len(_OGG)) != _OGG:
        return None
    file.seek(0)
    try:
        with soundfile.SoundFile(file) as sound:
            return _written(sound)
    except soundfile.LibsndfileError:
        return None


def _written(sound: soundfile.SoundFile) -> BinaryIO | None:
    if not 0 < sound.frames * sound.channels * _FLOAT_BYTES <= limits.READ_AGAIN_BYTES:
        return None
    found = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    try:
        with soundfile.SoundFile(
            found, "w", sound.samplerate, sound.channels, format="WAV", subtype="FLOAT"
        ) as wav:
            while len(block := sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)):
                wav.write(block)
    except BaseException:
        found.close()
        raise
    found.seek(0)
    return found
