"""One run of one source: ring, resampler and listener, and what can go wrong between them."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from timbrescope.desktop.audio.meter import ChannelMeter
from timbrescope.desktop.audio.resample import MonoResampler
from timbrescope.desktop.audio.source import Source, SourceHealth
from timbrescope.desktop.engine.heard import Heard
from timbrescope.desktop.engine.listener import Listener
from timbrescope.desktop.engine.messages import ChannelLevels
from timbrescope.desktop.engine.watchdog import NO_TROUBLE, Trouble, Watchdog
from timbrescope.desktop.engine.zeros import ZEROS_S

# PortAudio calls back every few tens of milliseconds; a second without is a dead device.
STALL_S = 1.0
# Sound servers may take seconds from opening to the first block.
START_S = 5.0


class Stream:
    """Owned by the engine's thread, which is the only reader of the source's ring.

    Parameters
    ----------
    source : Source
        Not yet started.
    make_listener : callable
        Gives what listens once there is something to hear; until then the ring keeps what comes.
    """

    zeros_message = (
        "No signal: the device delivers only zeros. It may be muted, unplugged from its "
        "interface, or this program may not be permitted to use the microphone "
        "(check the system's privacy settings)."
    )

    def __init__(self, source: Source, make_listener: Callable[[], Listener]) -> None:
        self.source = source
        self._make_listener = make_listener
        self._listener: Listener | None = None
        self.dropped_previews = 0
        self._chosen: tuple[int, ...] = ()
        self._fit()
        self._zero_frames = 0.0
        self._heard_sound = False
        self._watchdog = Watchdog()
        self._frames = 0
        # What the last call of `hear` was about, shape (n, channels).
        self.newest = np.empty((0, source.channels), np.float32)

    @property
    def listener(self) -> Listener:
        """What listens, made at first; see `Answering.stream_from`."""
        if self._listener is None:
            self._listener = self._make_listener()
        return self._listener

    @property
    def is_heard(self) -> bool:
        """Whether listening has begun."""
        return self._listener is not None

    @property
    def position_s(self) -> float:
        """Seconds of the session, 0 before anything was heard."""
        return 0.0 if self._listener is None else self._listener.position_s

    @property
    def overruns(self) -> int:
        """Times that sound was lost before it was heard."""
        return self.source.ring.overruns + self.source.health().input_overflows

    @property
    def has_begun(self) -> bool:
        """Whether the source has delivered anything yet."""
        return self.source.health().callbacks > 0

    @property
    def has_ended(self) -> bool:
        """Whether the source came to its end, and all of it was heard."""
        return self.source.health().ended and not self.source.ring.unread_frames

    @property
    def has_heard_sound(self) -> bool:
        """Whether anything but exact zeros has come in since the start."""
        return self._heard_sound

    @property
    def only_zeros(self) -> bool:
        """Whether the last 2 s were exact zeros in all channels, and the answer says so."""
        are_zeros = self._zero_frames >= ZEROS_S * self.source.sample_rate_hz
        return are_zeros and self.listener.hears_nothing

    def begin_silent(self) -> None:
        """Go on with the silence of a stream before: it is no signal until sound comes."""
        self._zero_frames = math.inf
        self.listener.begin_silent()

    def start(self) -> None:
        """Start the source.

        Raises
        ------
        AudioDeviceError
            If it does not open.
        """
        self.source.start()
        # Only now it is certain at which rate.
        self._fit()

    def _fit(self) -> None:
        self._resampler = MonoResampler(self.source.sample_rate_hz)
        self._resampler.choose(self._chosen)
        self._meter = ChannelMeter(self.source.sample_rate_hz)

    def choose_channels(self, channels: Sequence[int]) -> None:
        """Hear these channels only, counted from 0; those that sound if there are none."""
        self._chosen = tuple(channels)
        self._resampler.choose(self._chosen)

    @property
    def channels(self) -> ChannelLevels:
        """How loud each channel is, and which are heard."""
        return ChannelLevels(self._meter.peaks_dbfs, self._resampler.used)

    def stop(self) -> None:
        """Stop the source."""
        self.source.stop()

    def hear(self) -> Heard | None:
        """Listen to what has come in since the last call; None if nothing has."""
        ring = self.source.ring
        if not ring.unread_frames:
            return None
        # The first time this takes as long as a model takes to be loaded; what came in meanwhile is
        # read after it.
        listener = self.listener
        block = ring.read_new()
        self.newest = block
        self._meter.see(block)
        sounding = bool(block.any())
        self._heard_sound = self._heard_sound or sounding
        self._zero_frames = 0.0 if sounding else self._zero_frames + len(block)
        heard = listener.hear(self._resampler.process(block))
        self.dropped_previews += heard.dropped_previews
        self._frames += len(block)
        self._watchdog.see(
            block,
            at_s=self._frames / self.source.sample_rate_hz,
            overruns=self.overruns,
            dropped_previews=heard.dropped_previews,
        )
        return heard

    @property
    def warning(self) -> Trouble:
        """What spoils the stream without ending it."""
        return self._watchdog.trouble

    @property
    def details(self) -> str:
        """Figures for an expert."""
        source, health = self.source, self.source.health()
        return (
            f"{source.name}: {source.sample_rate_hz} Hz, {source.channels} channels, "
            f"{health.callbacks} blocks, {health.input_overflows} overflows of the driver, "
            f"{source.ring.overruns} of this program, {self.dropped_previews} answers left out"
        )

    def trouble(self) -> Trouble:
        """Return what has ended the source; `NO_TROUBLE` while it goes on."""
        health = self.source.health()
        if health.ended:
            return NO_TROUBLE
        if health.error:
            words = f"{self.source.name} cannot be heard any more; it is opened again by itself."
            return Trouble(words, health.error)
        words = self._silence(health)
        return Trouble(words, self.details) if words else NO_TROUBLE

    def _silence(self, health: SourceHealth) -> str:
        patience_s = STALL_S if health.callbacks else START_S
        if health.seconds_since_callback > patience_s:
            return (
                f"{self.source.name} has gone silent: no sound has arrived for "
                f"{health.seconds_since_callback:.0f} s. Was it unplugged? "
                "It is opened again by itself as soon as it is back."
            )
        if not health.running:
            return f"{self.source.name} has stopped; it is opened again by itself."
        return ""
