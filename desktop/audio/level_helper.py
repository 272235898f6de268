"""How loud every input is: ``python -m timbrescope.desktop.audio.level_helper``.

A process beside the program (`input_levels.py` starts it): opening devices that nobody listens to
may hang or crash, and that must not happen where somebody plays. PortAudio is fresh here, so
what was plugged in since the program started is seen as well.

It reads one line of JSON from standard input, ``{"without": name}``, the device that it leaves
alone, and ends when standard input does. It writes lines of JSON: first ``{"devices": [...]}``,
the fields of each `InputDevice`, then ``{"peaks": [...]}`` again and again, in the same order: the
newest peak in dBFS, or null of a device that does not deliver.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from threading import Thread
from typing import TextIO

from timbrescope.desktop.audio.capture import MicrophoneSource
from timbrescope.desktop.audio.devices import InputDevice, list_input_devices
from timbrescope.desktop.audio.meter import ChannelMeter
from timbrescope.desktop.audio.source import Source
from timbrescope.models.errors import AudioDeviceError

EVERY_S = 0.1
# JSON has no minus infinity.
SILENCE_DBFS = -120.0
# Each open device costs memory and some processor time; lists that long are plug-ins.
MOST_DEVICES = 16
# Without a block for so long, a device delivers no more.
STALLED_S = 1.0

Open = Callable[[InputDevice], Source]


class Ear:
    """One device: opened by one thread, listened to by another from then on."""

    def __init__(self, device: InputDevice, open_source: Open) -> None:
        self._source = open_source(device)
        self._meter: ChannelMeter | None = None
        self._started = False

    def start(self) -> None:
        """Open the device; one that cannot be opened stays without a peak."""
        try:
            self._source.start()
        except AudioDeviceError:
            return
        self._meter = ChannelMeter(self._source.sample_rate_hz)
        self._started = True

    @property
    def peak_dbfs(self) -> float | None:
        """The peak of the last third of a second over all channels."""
        if not self._started or self._meter is None:
            return None
        block = self._source.ring.read_new()
        if len(block):
            self._meter.see(block)
        peaks = self._meter.peaks_dbfs
        if not peaks or self._source.health().seconds_since_callback > STALLED_S:
            return None
        return max(SILENCE_DBFS, *peaks)


def tell(
    devices: Sequence[InputDevice],
    *,
    without: str,
    out: TextIO,
    open_source: Open = MicrophoneSource,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Write the devices, then their peaks, until nobody reads them any more.

    Parameters
    ----------
    devices : sequence of InputDevice
    without : str
        Name of the device that is left alone.
    out : file
    open_source, wait : callable, optional
        For tests.
    """
    _write(out, devices=[asdict(each) for each in devices])
    opened = [each for each in devices if each.name != without][:MOST_DEVICES]
    ears = {each: Ear(each, open_source) for each in opened}
    # A driver that hangs while its device is opened takes only those after it along.
    Thread(target=_start, args=(list(ears.values()),), name="open", daemon=True).start()
    while True:
        wait(EVERY_S)
        peaks = [ears[each].peak_dbfs if each in ears else None for each in devices]
        _write(out, peaks=peaks)


def _start(ears: Sequence[Ear]) -> None:
    for ear in ears:
        ear.start()


def _write(out: TextIO, **record: object) -> None:
    print(json.dumps(record), file=out, flush=True)


def main() -> None:
    """Tell of all devices until the program ends this process, or ends itself."""
    out = _own_output()
    without = str(json.loads(sys.stdin.readline() or "{}").get("without", ""))
    Thread(target=_end_with_input, name="end", daemon=True).start()
    status = 0
    try:
        tell(list_input_devices(), without=without, out=out)
    except AudioDeviceError:
        status = 1
    except BrokenPipeError:
        # Nobody reads any more.
        status = 0
    # Neither drivers nor the thread that waits for input hold up the end.
    os._exit(status)


def _own_output() -> TextIO:
    """Return standard output for our lines alone: drivers' libraries print there, too."""
    own = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return own


def _end_with_input() -> None:
    while sys.stdin.readline():
        pass
    # At once: a driver that hangs must not keep this process, nor its device.
    os._exit(0)


if __name__ == "__main__":
    main()
