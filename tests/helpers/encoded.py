"""Small sound files of every format that programs write, made by FFmpeg's encoders."""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

# Suffix: encoder, sample format, rate in Hz.
ENCODERS = {
    "m4a": ("aac", "fltp", 44_100),
    "mp4": ("aac", "fltp", 48_000),
    "mov": ("alac", "s16p", 44_100),
    "webm": ("libopus", "s16", 48_000),
    "mkv": ("pcm_s16le", "s16", 44_100),
    "wma": ("wmav2", "fltp", 44_100),
    "opus": ("libopus", "s16", 48_000),
    "mp2": ("mp2", "s16", 44_100),
    "aac": ("aac", "fltp", 44_100),
    "caf": ("pcm_s16le", "s16", 44_100),
    "w64": ("pcm_s24le", "s32", 96_000),
    "au": ("pcm_s16be", "s16", 44_100),
    "ac3": ("ac3", "fltp", 48_000),
    "wv": ("wavpack", "s16p", 44_100),
    "tta": ("tta", "s16", 44_100),
    "wav": ("adpcm_ima_wav", "s16p", 44_100),
    "aif": ("pcm_s24be", "s32", 44_100),
}


def tune(seconds: float, rate_hz: int) -> NDArray[np.float32]:
    """Return a tone that glides and swells, shape (n,)."""
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    loudness = 0.3 + 0.1 * np.sin(2 * np.pi * 3 * time_s)
    return (loudness * np.sin(2 * np.pi * (300 + 40 * time_s) * time_s)).astype(np.float32)


def write(path: Path, *, seconds: float = 4.0) -> Path:
    """Write a tune with the encoder for the suffix of `path`; return `path`."""
    codec, sample_format, rate_hz = ENCODERS[path.suffix[1:]]
    samples = tune(seconds, rate_hz)[np.newaxis]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        stream.bit_rate = 64_000
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = rate_hz
        fitting = av.AudioResampler(sample_format, "mono", rate_hz, stream.frame_size or 1024)
        for part in (*fitting.resample(frame), *fitting.resample(None)):
            for packet in stream.encode(part):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path
