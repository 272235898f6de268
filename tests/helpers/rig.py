"""A private microphone and a private screen for tests that drive the real program.

The microphone is a PulseAudio daemon of our own: what is played into its one sink comes out of
that sink's monitor, which is the only recording device. PortAudio reaches it through ALSA's pulse
plugin. The screen is an X server without a monitor. Neither touches the sound or the screen of
whoever runs the tests, and both are gone when they are closed.
"""

import contextlib
import functools
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

# Generous: a busy machine may need half a minute until a program has started.
READY_DEADLINE_S = 60.0
STOP_DEADLINE_S = 5.0
POLL_INTERVAL_S = 0.05

MICROPHONE_PROGRAMS = ("pulseaudio", "pactl", "paplay")
PULSE_PLUGIN = "libasound_module_pcm_pulse.so"

# A whole configuration, not an addition to the system's: real sound cards stay out of sight.
_ALSA_CONFIGURATION = """
pcm.pulse { type pulse server "SERVER" hint { show on description "Virtual microphone" } }
ctl.pulse { type pulse server "SERVER" }
pcm.!default { type pulse server "SERVER" hint { show on description "Virtual microphone" } }
ctl.!default { type pulse server "SERVER" }
"""

_GRAB_SCREEN = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
picture = application.primaryScreen().grabWindow(0)
sys.exit(0 if picture.save(sys.argv[1], "PNG") else "could not write " + sys.argv[1])
"""

_LOAD_X11_PLUGIN = """
import ctypes, pathlib, PySide6.QtWidgets
from PySide6.QtCore import QLibraryInfo
plugins = pathlib.Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
ctypes.CDLL(str(plugins / "platforms" / "libqxcb.so"))
"""


class RigError(Exception):
    """A part of the rig did not start or stopped answering; the message holds its output."""


def wait_for(
    condition: Callable[[], object], *, what: str, timeout_s: float = READY_DEADLINE_S
) -> object:
    """Ask `condition` until it returns something true, and return that.

    Raises
    ------
    RigError
        After `timeout_s`, saying `what` was waited for.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        outcome = condition()
        if outcome:
            return outcome
        if time.monotonic() >= deadline:
            raise RigError(f"{what}: not within {timeout_s:g} s")
        time.sleep(POLL_INTERVAL_S)


def missing_for_microphone() -> str | None:
    """Return why there can be no virtual microphone on this machine, or None."""
    if sys.platform != "linux":
        return "the virtual microphone needs Linux"
    lacking = [name for name in MICROPHONE_PROGRAMS if shutil.which(name) is None]
    folders = [Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib")]
    patterns = (f"alsa-lib/{PULSE_PLUGIN}", f"*/alsa-lib/{PULSE_PLUGIN}")
    if not any(next(folder.glob(p), None) for folder in folders for p in patterns):
        lacking.append(PULSE_PLUGIN)
    return (
        f"not installed: {', '.join(lacking)} (make test names the packages)" if lacking else None
    )


def missing_for_screen() -> str | None:
    """Return why there can be no virtual screen on this machine, or None."""
    if sys.platform != "linux":
        return "the virtual screen needs Linux"
    if shutil.which("Xvfb") is None:
        return "not installed: Xvfb (make test names the package)"
    return _why_no_windows()


@functools.cache
def _why_no_windows() -> str | None:
    # A Qt program aborts where its X11 plugin cannot be loaded, so another process asks first.
    done = subprocess.run(
        [sys.executable, "-c", _LOAD_X11_PLUGIN], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return None
    return f"Qt cannot show windows: {done.stderr.strip().splitlines()[-1]}"


def running_in_session(leader: int) -> dict[int, str]:
    """Return the processes in the session that `leader` began, with their command lines."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        # Any of them may end while it is looked at.
        with contextlib.suppress(OSError):
            # The name in front, in brackets, may hold anything.
            state, _, _, session, *_ = (place / "stat").read_text().rpartition(")")[2].split()
            if int(session) == leader and state not in "ZX":
                words = (place / "cmdline").read_bytes().replace(b"\0", b" ")
                found[int(place.name)] = words.decode("utf-8", "replace").strip()
    return found


def stop_process(process: "subprocess.Popen[bytes]") -> None:
    """End `process`, which leads a process group, and the whole group with it."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        try:
            process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            continue
        break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


class Home:
    """An empty home folder: programs started in it find nobody's settings and leave none behind.

    Its path is short, since the sockets in it must have names below 108 bytes.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rig-"))
        self.runtime = self.folder / "run"
        self.runtime.mkdir(mode=0o700)

    def environment(self) -> dict[str, str]:
        """Return the variables that make this folder the home of a program."""
        return {
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_STATE_HOME": str(self.folder / "state"),
        }

    def remove(self) -> None:
        """Delete the folder and all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Playback:
    """A recording that is being played into the microphone."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @property
    def is_playing(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def wait(self, timeout_s: float = 60.0) -> None:
        """Wait until it has been played to its end."""
        self._process.wait(timeout_s)

    def stop(self) -> None:
        """End it now."""
        stop_process(self._process)


class VirtualMicrophone:
    """A PulseAudio daemon whose one recording device hears what `play` plays.

    Programs started with `environment` see two input devices, ``default`` and ``pulse``, which
    both are this microphone. While nothing is played it delivers digital silence.
    """

    SINK = "stage"

    def __init__(self, home: Home, *, sample_rate_hz: int = 44_100, channels: int = 2) -> None:
        self._home = home
        self._sink_format = f"rate={sample_rate_hz} channels={channels}"
        self._socket = home.runtime / "pulse.sock"
        self._log = home.folder / "pulseaudio.log"
        self._alsa = home.folder / "asound.conf"
        self._alsa.write_text(_ALSA_CONFIGURATION.replace("SERVER", f"unix:{self._socket}"))
        self._daemon: subprocess.Popen[bytes] | None = None
        self._playbacks: list[Playback] = []
        self._sink_module: str | None = None
        self._hangs = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def environment(self) -> dict[str, str]:
        """Return the variables that lead a program to this microphone and to no other."""
        return self._home.environment() | {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(self._home.runtime / "pulse"),
            "PULSE_STATE_PATH": str(self._home.folder / "pulse-state"),
            "ALSA_CONFIG_PATH": str(self._alsa),
        }

    def start(self) -> None:
        """Start the daemon and plug the microphone in."""
        command = [
            "pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            "--disallow-exit", "--log-target=stderr", "-n",
            "-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
        ]  # fmt: skip
        with self._log.open("ab") as log:
            self._daemon = subprocess.Popen(
                command,
                env=clean_environment() | self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_answering()
        self.replug()

    def _wait_until_answering(self) -> None:
        def answering() -> bool:
            if self._daemon is None or self._daemon.poll() is not None:
                raise RigError(f"pulseaudio ended at once:\n{self._log.read_text()}")
            return self._pactl("info", check=False).returncode == 0

        try:
            wait_for(answering, what="pulseaudio answers")
        except RigError:
            self.close()
            raise

    def add(self, name: str) -> None:
        """Plug another microphone in, of this name; `play` takes it for `into`."""
        self._pactl(
            "load-module",
            "module-null-sink",
            f"sink_name={name}",
            f"sink_properties=device.description={name}",
        )

    def play(self, recording: Path, *, into: str = SINK) -> Playback:
        """Start to play a sound file (WAV, FLAC, OGG, AIFF) into the microphone, in real time."""
        process = subprocess.Popen(
            ["paplay", f"--device={into}", str(recording)],
            env=clean_environment() | self.environment(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        playback = Playback(process)
        self._playbacks.append(playback)
        return playback

    def listeners(self) -> int:
        """Return how many streams are recording from the microphone right now."""
        return len(self._pactl("list", "short", "source-outputs").stdout.splitlines())

    @property
    def is_there(self) -> bool:
        """Whether the microphone is plugged in and its sound server answers."""
        return self._sink_module is not None and not self._hangs

    def wait_for_listener(self, timeout_s: float = READY_DEADLINE_S) -> None:
        """Wait until a program has the microphone open."""
        wait_for(self.listeners, what="a program opens the microphone", timeout_s=timeout_s)

    def unplug(self) -> None:
        """Take the microphone away, as when its cable is pulled; the sound server stays."""
        if self._sink_module is not None:
            self._pactl("unload-module", self._sink_module)
            self._sink_module = None

    def replug(self) -> None:
        """Plug the microphone in again."""
        if self._sink_module is None:
            loaded = self._pactl(
                "load-module",
                "module-null-sink",
                f"sink_name={self.SINK}",
                *self._sink_format.split(),
            )
            self._sink_module = loaded.stdout.strip()
        self._pactl("set-default-sink", self.SINK)
        self._pactl("set-default-source", f"{self.SINK}.monitor")

    def hang(self) -> None:
        """Let the daemon answer nobody, as one that waits for a driver does."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGSTOP)
        self._hangs = True

    def go_on(self) -> None:
        """Let a daemon that hangs answer again."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGCONT)
        self._hangs = False

    def crash(self) -> None:
        """Kill the sound server without warning; `start` starts a new one."""
        if self._daemon is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._daemon.pid, signal.SIGKILL)
            self._daemon.wait(STOP_DEADLINE_S)
        self._daemon = None
        self._sink_module, self._hangs = None, False
        self._socket.unlink(missing_ok=True)

    def recover(self) -> None:
        """End all playing, and mend what was unplugged, hung or killed."""
        self._end_playing()
        if self._daemon is None:
            self.start()
            return
        self.go_on()
        self.replug()

    def _end_playing(self) -> None:
        for playback in self._playbacks:
            playback.stop()
        self._playbacks.clear()

    def close(self) -> None:
        """End all playing and the daemon."""
        self._end_playing()
        if self._daemon is not None:
            stop_process(self._daemon)
        self._daemon = None
        self._sink_module = None

    def _pactl(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            ["pactl", *arguments],
            env=clean_environment() | self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=READY_DEADLINE_S,
            check=False,
        )
        if check and done.returncode != 0:
            raise RigError(f"pactl {' '.join(arguments)}: {done.stderr.strip()}")
        return done


class VirtualScreen:
    """An X server that draws into memory. There is no window manager: windows have no frame."""

    def __init__(self, home: Home, *, width: int = 1600, height: int = 1000) -> None:
        self._home = home
        self._geometry = f"{width}x{height}x24"
        self._server: subprocess.Popen[bytes] | None = None
        self._log = home.folder / "xvfb.log"
        self.display = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def environment(self) -> dict[str, str]:
        """Return the variables that make a Qt program show its windows here."""
        return self._home.environment() | {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def start(self) -> None:
        """Start the server on a free display number and wait until it accepts programs."""
        reading, writing = os.pipe()
        try:
            with self._log.open("ab") as log:
                self._server = subprocess.Popen(
                    ["Xvfb", "-displayfd", str(writing), "-screen", "0", self._geometry,
                     "-nolisten", "tcp", "-noreset"],
                    env=clean_environment() | self._home.environment(),
                    pass_fds=(writing,),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )  # fmt: skip
            os.close(writing)
            writing = -1
            self.display = f":{self._read_number(reading)}"
        finally:
            os.close(reading)
            if writing >= 0:
                os.close(writing)

    def _read_number(self, descriptor: int) -> str:
        # The server writes its number and a line end once it is ready, and closes the pipe if it
        # fails: either wakes us.
        text = b""
        deadline = time.monotonic() + READY_DEADLINE_S
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
            part = os.read(descriptor, 64) if ready else b""
            if not part:
                self.close()
                raise RigError(f"Xvfb did not start:\n{self._log.read_text()}")
            text += part
        return text.decode().strip()

    def screenshot(self, path: Path) -> Path:
        """Write what the whole screen shows to `path` as PNG and return `path`."""
        done = subprocess.run(
            [sys.executable, "-c", _GRAB_SCREEN, str(path)],
            env=clean_environment() | self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode != 0:
            raise RigError(f"no screenshot: {done.stderr.strip()}")
        return path

    def close(self) -> None:
        """End the server; windows still open on it lose their connection."""
        if self._server is not None:
            stop_process(self._server)
        self._server = None


def clean_environment() -> dict[str, str]:
    """Return this process's variables less those that lead to someone's own screen or sound."""
    private = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS")
    prefixes = ("PULSE_", "ALSA_", "PIPEWIRE_", "QT_")
    return {
        name: value
        for name, value in os.environ.items()
        if name not in private and not name.startswith(prefixes)
    }


def start_program(
    arguments: Sequence[str], environment: Mapping[str, str], *, log: Path
) -> "subprocess.Popen[bytes]":
    """Start a program with this Python (``-m timbrescope`` ...), its output going to `log`.

    End it with `stop_process`.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=clean_environment() | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
