"""The samples of an open sound file, at its own rate; what cannot be decoded is silence, noted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from timbrescope.models import limits
from timbrescope.models.audio.channels import DECISIONS_PER_S
from timbrescope.models.audio.container import Container, check_shape
from timbrescope.models.audio.pieces import Piece, joined_floats, piece_of, silent_piece
from timbrescope.models.errors import AudioFileError

# A length is stated to the packet, and lossy coders pad; this much less is not a truncation.
LENGTH_TOLERANCE_S = 0.2
# Time stamps that count samples are exact; those of browsers' recordings jitter and drift.
_EXACT_GAP_S = 0.005
_LOOSE_GAP_S = 0.1
# Frames times channels of a block. As floats they fit into half a megabyte: larger arrays get pages
# of their own from the system and give them back (`desktop.steady_memory`), for every block anew.
_BLOCK_SAMPLES = 120_000
# So often it is looked at how small the pieces are.
_PIECES_CHECKED = 4_096


@dataclass(frozen=True)
class Block:
    """Consecutive samples, shape (frames, channels), float32, at `rate_hz`."""

    rate_hz: int
    samples: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int]:
        """Rate and channels: what two blocks must share to be one."""
        return self.rate_hz, self.samples.shape[1]


def _block_frames(piece: Piece, *, block_s: float) -> int:
    # Whole steps of the mixer of channels, which then has no rest to join with the next block.
    step = max(1, piece.rate_hz // DECISIONS_PER_S)
    most = min(block_s * piece.rate_hz, _BLOCK_SAMPLES // piece.channels)
    return max(1, int(most // step)) * step


class BlockReader:
    """Reads one container once, from some second on. Owned by one thread."""

    def __init__(self, container: Container, *, from_s: int = 0) -> None:
        self._container = container
        self._from_s = from_s
        self._tick_s = float(container.time_base)
        # Where the next sample belongs, in seconds since the first; unknown after a seek.
        self._at_s: float | None = 0.0
        # The time stamp of the first sample of the file; unknown before it was read.
        self._origin: int | None = None
        self._shape = (container.rate_hz, container.channels)
        self._gap_s = _EXACT_GAP_S if container.is_seekable else _LOOSE_GAP_S
        self._silent_s = 0.0
        self._first_silence_s = 0.0
        self._decoded_s = 0.0
        self._longest_s = limits.FREE_S + container.size / limits.LEAST_BYTES_PER_S
        self._errors = 0
        self._frames = self._samples = 0

    def blocks(self, *, block_s: float) -> Iterator[Block]:
        """Yield the samples in blocks of about `block_s` seconds.

        Raises
        ------
        AudioFileError
            If nothing can be decoded, a value is not a number, or a limit is passed.
        """
        pending: list[Piece] = []
        frames = size = 0
        begin_s = float(self._from_s)

        def joined() -> Block:
            nonlocal begin_s, frames
            block = Block(pending[0].rate_hz, joined_floats(pending))
            # Whole numbers are always numbers.
            if any(piece.format.full_scale == 1.0 for piece in pending):
                self._check_finite(block, begin_s=begin_s)
            pending.clear()
            frames = 0
            begin_s += len(block.samples) / block.rate_hz
            return block

        for piece in self._pieces():
            if pending and piece.shape != pending[0].shape:
                yield joined()
            if not pending:
                size = _block_frames(piece, block_s=block_s)
            pending.append(piece)
            frames += piece.frames
            while frames >= size:
                last = pending.pop()
                fitting = last.frames - (frames - size)
                pending.append(last.first(fitting))
                rest = last.without(fitting)
                yield joined()
                if rest.frames:
                    pending.append(rest)
                    frames = rest.frames
        if pending:
            yield joined()

    def _pieces(self) -> Iterator[Piece]:
        self._seek()
        for packet in self._packets():
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self._errors += bool(packet.size)
                continue
            for frame in frames:
                missing = self._missing_before(frame)
                if missing is not None and (wanted := self._from_wanted(missing)) is not None:
                    yield wanted
                if (wanted := self._from_wanted(self._piece(frame))) is not None:
                    yield wanted
        self._finish()

    def _seek(self) -> None:
        container = self._container
        if not self._from_s or not container.is_seekable:
            return
        self._origin = container.stream.start_time or 0
        try:
            container.av.seek(
                int(self._from_s / self._tick_s) + self._origin, stream=container.stream
            )
        except av.FFmpegError as error:
            raise AudioFileError(
                f"cannot find {self._from_s} s in {container.path}: {error.strerror}"
            ) from error
        self._at_s = None

    def _packets(self) -> Iterator[Any]:
        packets = self._container.av.demux(self._container.stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                if not isinstance(error, av.error.EOFError):
                    self._errors += 1
                return
            yield packet

    def _missing_before(self, frame: AudioFrame) -> Piece | None:
        """Return silence for what the time stamps say is missing before a frame."""
        if frame.pts is None:
            self._at_s = self._at_s or 0.0
            return None
        if self._origin is None:
            self._origin = frame.pts
        due_s = (frame.pts - self._origin) * self._tick_s
        if self._at_s is None:
            self._at_s = due_s
        gap_s = due_s - self._at_s
        if abs(gap_s) <= self._gap_s:
            return None
        if not 0 < gap_s <= min(limits.GAP_S, self._decoded_s + 1.0 - self._silent_s):
            # Another recording begins in the same file: its time stamps begin anew.
            self._origin = frame.pts - round(self._at_s / self._tick_s)
            return None
        return self._silence(gap_s)

    def _silence(self, seconds: float) -> Piece:
        if not self._silent_s:
            self._first_silence_s = self._at_s or 0.0
        self._silent_s += seconds
        rate_hz, channels = self._shape
        frames = min(round(seconds * rate_hz), limits.BLOCK_SAMPLES // channels)
        return silent_piece(rate_hz, frames=frames, channels=channels)

    def _piece(self, frame: AudioFrame) -> Piece:
        shape = (int(frame.sample_rate), int(frame.layout.nb_channels))
        if shape != self._shape:
            check_shape(self._container.path, rate_hz=shape[0], channels=shape[1])
            self._shape = shape
        piece = piece_of(frame, rate_hz=shape[0], channels=shape[1])
        self._decoded_s += piece.frames / piece.rate_hz
        self._frames += 1
        self._samples += piece.frames
        if self._frames % _PIECES_CHECKED == 0:
            self._check_pieces()
        return piece

    def _from_wanted(self, piece: Piece) -> Piece | None:
        """Return what of a piece lies behind the second from which the file is wanted, if any."""
        begin_s = self._at_s or 0.0
        self._at_s = begin_s + piece.frames / piece.rate_hz
        if self._decoded_s > self._longest_s:
            self._refuse_length()
        if begin_s >= self._from_s:
            return piece if piece.frames else None
        early = round((self._from_s - begin_s) * piece.rate_hz)
        if early >= piece.frames:
            return None
        return piece.without(early) if early else piece

    def _refuse_length(self) -> NoReturn:
        container = self._container
        raise AudioFileError(
            f"{container.path.name} gives more than {self._decoded_s:.0f} s of sound out of "
            f"{container.size} bytes, which no recording does; it was left out"
        )

    def _check_pieces(self) -> None:
        mean = self._samples / self._frames
        if mean < limits.PACKET_SAMPLES:
            raise AudioFileError(
                f"{self._container.path.name} comes in pieces of {mean:.1f} samples, which no "
                "recording does; its header is damaged"
            )

    def _check_finite(self, block: Block, *, begin_s: float) -> None:
        flat = block.samples.T.reshape(-1)
        # Not finite if one value is not, and cheap; the place is looked for only then.
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(np.dot(flat, flat)):
                return
        bad = np.flatnonzero(~(np.abs(block.samples) <= limits.SAMPLE_MAGNITUDE).all(axis=1))
        if bad.size:
            at_s = begin_s + int(bad[0]) / block.rate_hz
            raise AudioFileError(
                f"{self._container.path.name} carries a value that is not a number "
                f"at {at_s:.3f} s; export it again from the program that made it"
            )

    # -- at the end ------------------------------------------------------------------------

    def _finish(self) -> None:
        container = self._container
        container.check_read()
        container.check_unchanged()
        if not self._decoded_s and not self._from_s:
            if self._errors:
                raise AudioFileError(
                    f"{container.path.name} is damaged: none of its sound can be decoded"
                )
            raise AudioFileError(f"{container.path.name} is empty: it has a header but no sound")
        if not self._from_s:
            container.notes += self._end_notes()

    def _end_notes(self) -> Iterator[str]:
        found_s, stated_s = self._at_s or 0.0, self._container.stated_s
        is_cut = self._container.is_cut or stated_s - found_s > LENGTH_TOLERANCE_S
        if self._silent_s:
            yield (
                f"{self._silent_s:.2f} s are missing or damaged, first at "
                f"{self._first_silence_s:.1f} s; they count as silence"
            )
        elif self._errors and not is_cut:
            yield f"damaged: {self._errors} pieces could not be decoded"
        if any(note.startswith("cut short") for note in self._container.notes):
            return
        if stated_s and is_cut:
            yield f"cut short: its header announces {stated_s:.2f} s, {found_s:.2f} s are there"
        elif stated_s and found_s - stated_s > LENGTH_TOLERANCE_S + 0.02 * stated_s:
            yield f"longer than its header says ({stated_s:.2f} s): all {found_s:.2f} s were read"
