"""Nothing leaves the machine: what the program asks of the network, and what it leaves behind.

Everything runs under strace in a home that is empty at first. The only sockets are those of the
sound server, the screen and the desktop's message bus; the only files are the program's own.
"""

from pathlib import Path

import pytest
from built_wheel import ROOT, build_wheel, unpack_wheel
from rig import Home, VirtualMicrophone, VirtualScreen, stop_process
from traced import Network, ask_to_end, missing_for_tracing, network_of, start_traced

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(170)]

CLIP = ROOT / "tests" / "data" / "golden" / "accordion.ogg"
# Sound servers, screens and message buses of this machine, whatever their folders.
LOCAL_SERVERS = ("pulse", "pipewire", "jack", ".X11-unix/", "wayland", "dbus", "/bus")
# The program's settings and its log, and the cookie that PulseAudio's client library keeps for its
# server.
OWN_FILES = (".config/Timbrescope/", ".local/state/Timbrescope/", ".config/pulse/")


@pytest.fixture(autouse=True)
def _needs_strace() -> None:
    if reason := missing_for_tracing():
        pytest.skip(reason)


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build the wheel; give the variables with which Python finds it."""
    folder = tmp_path_factory.mktemp("wheel")
    return unpack_wheel(build_wheel(folder), folder / "site")


@pytest.fixture(params=["checkout", pytest.param("wheel", marks=pytest.mark.slow)])
def installed(request: pytest.FixtureRequest) -> dict[str, str]:
    """Give the variables with which `import timbrescope` finds the checkout, or a built wheel."""
    if request.param == "checkout":
        return {}
    variables: dict[str, str] = request.getfixturevalue("unpacked_wheel")
    return variables


def _plain_home(stage: dict[str, str], home: Path) -> dict[str, str]:
    """Return `stage` in an empty home without a word about where its folders are."""
    home.mkdir()
    kept = {name: value for name, value in stage.items() if not name.startswith("XDG_")}
    return kept | {"HOME": str(home)}


def _left_in(home: Path) -> list[str]:
    files = sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())
    return [name for name in files if not name.startswith(OWN_FILES)]


def _check(network: Network, home: Path) -> None:
    assert network.families <= {"AF_UNIX"}
    strangers = [
        path for path in network.unix_paths if not any(name in path for name in LOCAL_SERVERS)
    ]
    assert strangers == []
    assert _left_in(home) == []


def test_classifying_opens_no_socket_and_leaves_no_file(
    installed: dict[str, str], rig_home: Home, tmp_path: Path
) -> None:
    home, trace = tmp_path / "home", tmp_path / "trace"
    stage = _plain_home(rig_home.environment(), home) | installed
    arguments = ("-m", "timbrescope", "classify", str(CLIP))
    program = start_traced(arguments, stage, trace=trace, cwd=tmp_path)
    said, _ = program.communicate(timeout=90)
    assert program.returncode == 0, said
    assert b"Accordion" in said
    assert network_of(program, trace) == Network(frozenset(), frozenset())
    assert list(home.iterdir()) == []


def test_listening_in_the_terminal_reaches_the_sound_server_only(
    installed: dict[str, str],
    virtual_microphone: VirtualMicrophone,
    tmp_path: Path,
) -> None:
    home, trace = tmp_path / "home", tmp_path / "trace"
    stage = _plain_home(virtual_microphone.environment(), home) | installed
    arguments = ("-m", "timbrescope", "live", "--terminal", "--seconds", "8")
    program = start_traced(arguments, stage, trace=trace, cwd=tmp_path)
    virtual_microphone.wait_for_listener()
    virtual_microphone.play(ROOT / "desktop" / "demo" / "violin.ogg")
    said, _ = program.communicate(timeout=90)
    assert program.returncode == 0, said
    network = network_of(program, trace)
    assert any("pulse.sock" in path for path in network.unix_paths)
    _check(network, home)


def test_the_window_reaches_sound_server_and_screen_only(
    installed: dict[str, str],
    virtual_microphone: VirtualMicrophone,
    virtual_screen: VirtualScreen,
    tmp_path: Path,
) -> None:
    home, trace = tmp_path / "home", tmp_path / "trace"
    both = virtual_microphone.environment() | virtual_screen.environment()
    stage = _plain_home(both, home) | installed
    program = start_traced(("-m", "timbrescope"), stage, trace=trace, cwd=tmp_path)
    try:
        virtual_microphone.wait_for_listener()
        virtual_microphone.play(ROOT / "desktop" / "demo" / "violin.ogg").wait()
        ask_to_end(program)
        said, _ = program.communicate(timeout=60)
        assert program.returncode == 0, said
    finally:
        stop_process(program)
    network = network_of(program, trace)
    assert any("pulse.sock" in path for path in network.unix_paths)
    assert any(".X11-unix" in path for path in network.unix_paths)
    _check(network, home)
    assert (home / ".config" / "Timbrescope" / "Timbrescope.conf").is_file()
