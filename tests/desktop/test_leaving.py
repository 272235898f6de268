"""A process ends with its status while a call to the system's sound is stuck."""

import subprocess
import sys

import pytest

_CODE = """
import atexit, sys, threading, time
from timbrescope.desktop.leaving import leave
atexit.register(print, "tidied up")
if sys.argv[1] == "stuck":
    threading.Thread(target=time.sleep, args=(600,), name="timbrescope-sound", daemon=True).start()
print("answered")
sys.exit(leave(3))
"""


@pytest.mark.parametrize(
    ("way", "said"), [("stuck", ["answered"]), ("well", ["answered", "tidied up"])]
)
def test_it_tidies_up_only_where_that_is_safe(way: str, said: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE, way], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 3
    assert done.stdout.splitlines() == said
