"""The wheel, built and unpacked for tests of what users install."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def build_wheel(out: Path) -> Path:
    """Build the wheel into `out` as ``make wheel`` does, from what git tracks or would."""
    command = [sys.executable, "-m", "uv", "build", "--wheel", "--no-build-isolation", "--offline"]
    done = subprocess.run(
        [*command, "--python", sys.executable, "--out-dir", str(out), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (found,) = out.glob("*.whl")
    return found


def unpack_wheel(wheel: Path, folder: Path) -> dict[str, str]:
    """Unpack `wheel` to `folder`; return the variables that let Python find it first."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    # Found before the editable install of the checkout.
    return {"PYTHONPATH": str(folder)}
