"""The inputs there are and how loud each is, as a helper process tells it (`level_helper.py`)."""

import contextlib
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import IO

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.models.own_process import command_of, environment_of_ours

logger = logging.getLogger(__name__)

MODULE = "timbrescope.desktop.audio.level_helper"
# A helper that says nothing for so long hangs, at the latest where it lists the devices.
PATIENCE_S = 10.0
END_S = 2.0
GONE_S = 0.3
if sys.platform == "win32":
    # No window of its own.
    _FLAGS = subprocess.CREATE_NO_WINDOW
else:
    _FLAGS = 0


@dataclass(frozen=True)
class InputsSeen:
    """What a helper has told last.

    Attributes
    ----------
    devices : tuple of InputDevice
        Those there are, best first; empty before they are known.
    peaks_dbfs : mapping
        The newest peak of each device that delivers sound.
    """

    devices: tuple[InputDevice, ...] = ()
    peaks_dbfs: Mapping[InputDevice, float] = field(default_factory=dict)


NOTHING_SEEN = InputsSeen()


class InputLevels:
    """Runs one helper at most. All methods are for one thread; only `close` may take its time.

    What happens to the helper happens to the levels only: if it crashes there are none, and if it
    hangs it is ended.

    Parameters
    ----------
    command : sequence of str, optional
        What is run; tests pass their own.
    clock : callable, optional
        Returns seconds.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = command_of(MODULE) if command is None else list(command)
        self._clock = clock
        self._helper: _Helper | None = None

    def start(self, *, without: str = "") -> None:
        """Look at all inputs from now on, but for the one of this name, in place of before."""
        self.stop()
        try:
            self._helper = _Helper(self._command, without=without, clock=self._clock)
        except OSError as error:
            logger.warning("there are no levels of inputs: %s", error)

    def newest(self) -> InputsSeen:
        """Return what is known now; nothing before `start` and after the end of the helper."""
        helper = self._helper
        if helper is None:
            return NOTHING_SEEN
        if self._clock() - helper.last_s > PATIENCE_S:
            logger.warning("the levels of inputs have come to a stop; they are given up")
            self.stop()
            return NOTHING_SEEN
        return helper.seen

    def stop(self) -> None:
        """Look at no input any more. The devices are free from now on."""
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.end()

    def close(self) -> None:
        """Stop, and wait until the helper and its thread are gone."""
        helper = self._helper
        self.stop()
        if helper is not None:
            helper.thread.join(END_S)


class _Helper:
    """One process, and the thread that reads what it says and ends with it.

    The thread writes `seen` and `last_s`, each in one go; others read them.
    """

    def __init__(self, command: Sequence[str], *, without: str, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.seen, self.last_s = NOTHING_SEEN, clock()
        self._process = subprocess.Popen(
            command,
            env=environment_of_ours(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Where drivers' libraries complain of devices that nobody asked for.
            stderr=subprocess.DEVNULL,
            creationflags=_FLAGS,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input: IO[bytes] = self._process.stdin
        self._output: IO[bytes] = self._process.stdout
        # It ends at once if it can: what it was told is then of no use.
        with contextlib.suppress(OSError):
            self._input.write(json.dumps({"without": without}).encode("ascii") + b"\n")
            self._input.flush()
        self.thread = Thread(target=self._read, name="timbrescope-levels", daemon=True)
        self.thread.start()

    def end(self) -> None:
        """End the process, and with it its hold on devices; its thread sees to the rest."""
        self._process.kill()
        # A matter of milliseconds, and then whoever opens a device next finds it free.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(GONE_S)

    # -- the helper's thread ---------------------------------------------------------------

    def _read(self) -> None:
        devices: tuple[InputDevice, ...] = ()
        try:
            for line in self._output:
                devices, seen = _after(line, devices)
                self.seen, self.last_s = seen, self._clock()
        except (ValueError, TypeError, KeyError) as error:
            logger.warning("the levels of inputs cannot be read: %r", error)
        finally:
            self.seen = NOTHING_SEEN
            self._process.kill()
            with contextlib.suppress(OSError):
                self._input.close()
            self._output.close()
            logger.info("the levels of inputs ended with %s", self._process.wait())


def _after(
    line: bytes, devices: tuple[InputDevice, ...]
) -> tuple[tuple[InputDevice, ...], InputsSeen]:
    """Return the devices, and what is seen, after a line of the helper."""
    record = json.loads(line)
    if "devices" in record:
        devices = tuple(InputDevice(**each) for each in record["devices"])
        return devices, InputsSeen(devices)
    peaks = zip(devices, record["peaks"], strict=True)
    return devices, InputsSeen(
        devices, {each: float(peak) for each, peak in peaks if peak is not None}
    )
