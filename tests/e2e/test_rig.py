"""The rig itself: what is played is heard, what is unplugged falls silent, windows are seen."""

import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from rig import (
    VirtualMicrophone,
    VirtualScreen,
    clean_environment,
    start_program,
    stop_process,
    wait_for,
)

pytestmark = pytest.mark.e2e

RATE_HZ = 44_100
TONE_HZ = 1_000.0

RECORD = """
import json, sys
import numpy as np
import sounddevice as sd
RATE_HZ, SECONDS = 44100, float(sys.argv[2])
names = [d["name"] for d in sd.query_devices() if d["max_input_channels"]]
sound = sd.rec(int(SECONDS * RATE_HZ), samplerate=RATE_HZ, channels=1, device=sys.argv[1])
sd.wait()
np.save(sys.argv[3], sound[:, 0])
print(json.dumps(names))
"""

LISTEN = """
import sys, time
import sounddevice as sd
calls = 0
def heard(*_):
    global calls
    calls += 1
stream = sd.InputStream(samplerate=44100, channels=1, device="default", callback=heard)
stream.start()
while True:
    before = calls
    time.sleep(0.25)
    print("hearing" if stream.active and calls > before else "lost", flush=True)
"""

WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.setStyleSheet("background: #00a060")
window.setGeometry(application.primaryScreen().geometry())
window.show()
sys.exit(application.exec())
"""


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Give a WAV file of 20 s of a 1 kHz sine at half of full scale."""
    time_s = np.arange(20 * RATE_HZ) / RATE_HZ
    samples = (0.5 * np.sin(2 * np.pi * TONE_HZ * time_s) * 32767).astype("<i2")
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return path


def _record(
    microphone: VirtualMicrophone, tmp_path: Path, *, device: str
) -> tuple[np.ndarray, list[str]]:
    if not _portaudio_loads():
        pytest.skip("PortAudio is not installed (make test names the package)")
    kept = tmp_path / "heard.npy"
    done = subprocess.run(
        [sys.executable, "-c", RECORD, device, "2", str(kept)],
        env=clean_environment() | microphone.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return np.load(kept), json.loads(done.stdout)


def _portaudio_loads() -> bool:
    try:
        import sounddevice  # noqa: F401
    except OSError:
        return False
    return True


def _peak_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / RATE_HZ)[spectrum.argmax()])


@pytest.mark.parametrize("device", ["default", "pulse"])
def test_what_is_played_is_heard(
    virtual_microphone: VirtualMicrophone, tone: Path, tmp_path: Path, device: str
) -> None:
    playback = virtual_microphone.play(tone)
    heard, names = _record(virtual_microphone, tmp_path, device=device)
    assert playback.is_playing
    last_second = heard[RATE_HZ:]
    assert _peak_hz(last_second) == pytest.approx(TONE_HZ, abs=2)
    assert np.abs(last_second).max() == pytest.approx(0.5, abs=0.05)
    assert set(names) == {"default", "pulse"}, "real devices must stay out of sight"


def test_nothing_played_is_silence(virtual_microphone: VirtualMicrophone, tmp_path: Path) -> None:
    heard, _ = _record(virtual_microphone, tmp_path, device="default")
    assert not heard.any()


@pytest.mark.parametrize("way", ["unplug", "crash"])
def test_device_loss_is_noticed_and_a_return_is_heard(
    virtual_microphone: VirtualMicrophone, tone: Path, tmp_path: Path, way: str
) -> None:
    if not _portaudio_loads():
        pytest.skip("PortAudio is not installed (make test names the package)")
    log = tmp_path / "listener.log"
    listener = start_program(["-c", LISTEN], virtual_microphone.environment(), log=log)
    try:
        _wait_for_line(log, "hearing")
        if way == "unplug":
            virtual_microphone.unplug()
        else:
            virtual_microphone.crash()
        _wait_for_line(log, "lost")
    finally:
        stop_process(listener)
    if way == "unplug":
        virtual_microphone.replug()
    else:
        virtual_microphone.start()
    virtual_microphone.play(tone)
    heard, _ = _record(virtual_microphone, tmp_path, device="default")
    assert _peak_hz(heard[RATE_HZ:]) == pytest.approx(TONE_HZ, abs=2)


def _wait_for_line(log: Path, text: str) -> None:

    wait_for(
        lambda: log.exists() and log.read_text().splitlines()[-1:] == [text],
        what=f"the listener says {text!r}",
    )


def test_the_screen_shows_a_window(virtual_screen: VirtualScreen, tmp_path: Path) -> None:
    from PySide6.QtGui import QImage

    program = start_program(["-c", WINDOW], virtual_screen.environment(), log=tmp_path / "log")

    def shown() -> QImage | None:
        picture = QImage(str(virtual_screen.screenshot(tmp_path / "screen.png")))
        assert (picture.width(), picture.height()) == (1600, 1000)
        return picture if picture.pixelColor(800, 500).name() == "#00a060" else None

    try:
        wait_for(shown, what="the window is on the screen")
    finally:
        stop_process(program)
