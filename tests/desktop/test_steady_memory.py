"""Memory that is given back stays given back."""

import subprocess
import sys

import pytest

from timbrescope.desktop.steady_memory import keep_memory_steady

# Large arrays come and go between small ones that stay.
_CODE = """
import sys
import numpy as np
from timbrescope.desktop.steady_memory import keep_memory_steady
if sys.argv[1] == "steady":
    assert keep_memory_steady()
kept = []
for _ in range(300):
    large = [np.ones(200_000) for _ in range(20)]
    kept.append(np.ones(8_000))
    del large[::2]
    kept.append(np.ones(8_000))
del large
pages = int(open("/proc/self/statm").read().split()[1])
print(pages * 4096 / 1e6)
"""


@pytest.mark.skipif(not keep_memory_steady(), reason="the C library cannot be asked")
def test_large_arrays_leave_no_holes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE, "steady"], capture_output=True, text=True, check=True
    )
    # What is kept takes 38 MB, Python and NumPy about 40.
    assert float(done.stdout) < 120


_FAULTS = """
import resource
import numpy as np
from timbrescope.desktop.steady_memory import keep_memory_steady
assert keep_memory_steady()
# As large as a picture's codes.
for _ in range(20):
    np.ones(66_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(200):
    np.ones(66_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not keep_memory_steady(), reason="the C library cannot be asked")
def test_arrays_of_every_answer_are_not_fetched_anew() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FAULTS], capture_output=True, text=True, check=True
    )
    # Each has 129 pages.
    assert int(done.stdout) < 200
