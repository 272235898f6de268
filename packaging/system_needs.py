"""What the app and its tests need from the system beyond Python packages, and who packages it.

The libraries are those that the ``PySide6-Essentials`` wheel links to and does not carry (the
``NEEDED`` entries of QtWidgets, QtGui and the xcb platform plugin), PortAudio, and the programs
that give the end-to-end tests a private microphone and screen. Only Linux needs any of it: the
wheels for macOS and Windows carry their libraries.
"""

from dataclasses import dataclass
from typing import Literal

Check = Literal["library", "program", "alsa plugin", "font", "module"]
Manager = Literal["apt-get", "dnf", "pacman", "zypper"]

MANAGERS: tuple[Manager, ...] = ("apt-get", "dnf", "pacman", "zypper")

INSTALL_COMMANDS: dict[Manager, tuple[str, ...]] = {
    "apt-get": ("apt-get", "install", "-y", "--no-install-recommends"),
    "dnf": ("dnf", "install"),
    "pacman": ("pacman", "-S", "--needed"),
    "zypper": ("zypper", "install"),
}


@dataclass(frozen=True)
class Need:
    """One thing that the system has to provide.

    Attributes
    ----------
    name
        What is looked for: the soname of a library, a program, an ALSA plugin's file name, a
        Python module, or ``"font"``.
    check
        How it is looked for.
    packages
        Names of the package that brings it, in the order of `MANAGERS`.
    """

    name: str
    check: Check
    packages: tuple[str, str, str, str]

    def package(self, manager: Manager) -> str:
        """Return the package of `manager` that brings this."""
        return self.packages[MANAGERS.index(manager)]


def _library(soname: str, apt: str, dnf: str, pacman: str, zypper: str) -> Need:
    return Need(name=soname, check="library", packages=(apt, dnf, pacman, zypper))


AUDIO = (_library("libportaudio.so.2", "libportaudio2", "portaudio", "portaudio", "libportaudio2"),)

_QT_LIBRARIES = (
    _library("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    _library("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    _library("libX11.so.6", "libx11-6", "libX11", "libx11", "libX11-6"),
    _library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    _library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    _library("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", "libfontconfig1"),
    _library("libfreetype.so.6", "libfreetype6", "freetype", "freetype2", "libfreetype6"),
    _library("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    _library("libgthread-2.0.so.0", "libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    _library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    _library(
        "libxkbcommon-x11.so.0",
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
        "libxkbcommon-x11-0",
    ),
    _library("libzstd.so.1", "libzstd1", "libzstd", "zstd", "libzstd1"),
)

_XCB_LIBRARIES = (
    _library(
        "libxcb-cursor.so.0",
        "libxcb-cursor0",
        "xcb-util-cursor",
        "xcb-util-cursor",
        "libxcb-cursor0",
    ),
    _library("libxcb-glx.so.0", "libxcb-glx0", "libxcb", "libxcb", "libxcb-glx0"),
    _library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    _library(
        "libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"
    ),
    _library(
        "libxcb-keysyms.so.1",
        "libxcb-keysyms1",
        "xcb-util-keysyms",
        "xcb-util-keysyms",
        "libxcb-keysyms1",
    ),
    _library("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    _library("libxcb-render.so.0", "libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    _library(
        "libxcb-render-util.so.0",
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    _library("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    _library("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    _library("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    _library("libxcb-util.so.1", "libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    _library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    _library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
)

_FONT = Need(
    name="font",
    check="font",
    packages=("fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu", "dejavu-fonts"),
)

WINDOW = (*_QT_LIBRARIES, *_XCB_LIBRARIES, _FONT)

END_TO_END = (
    Need("pulseaudio", "program", ("pulseaudio",) * 4),
    Need(
        "pactl", "program", ("pulseaudio-utils", "pulseaudio-utils", "libpulse", "pulseaudio-utils")
    ),
    Need(
        "paplay",
        "program",
        ("pulseaudio-utils", "pulseaudio-utils", "libpulse", "pulseaudio-utils"),
    ),
    Need(
        "libasound_module_pcm_pulse.so",
        "alsa plugin",
        ("libasound2-plugins", "alsa-plugins-pulseaudio", "alsa-plugins", "alsa-plugins-pulse"),
    ),
    Need(
        "Xvfb",
        "program",
        ("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xorg-x11-server-Xvfb"),
    ),
    Need("strace", "program", ("strace",) * 4),
    Need("openbox", "program", ("openbox",) * 4),
    Need("xdotool", "program", ("xdotool",) * 4),
)
