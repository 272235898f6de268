"""Records a tune without end, until it is killed or the recording ends; a program for tests.

Arguments: the path of the recording, and the largest size of a file in bytes (0: no limit). Prints
a line with the seconds that are written whenever more of them are, and the problem at the end.
"""

import resource
import sys
import time
from pathlib import Path

from engine_doubles import tune
from view_doubles import make_analysis

from timbrescope.desktop.engine.recorder import Captured, Recorder

RATE_HZ = 44_100
BLOCK = 4_410


def main() -> None:
    path, limit = Path(sys.argv[1]), int(sys.argv[2])
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    recorder = Recorder(path)
    sound = tune(10.0, rate=RATE_HZ).reshape(-1, 1)
    number = 0
    while recorder.report.running:
        at = number * BLOCK % len(sound)
        start_s = number * BLOCK / RATE_HZ
        recorder.take(Captured(sound[at : at + BLOCK], RATE_HZ, start_s))
        if number % 30 == 0:
            recorder.note(make_analysis(start_s))
        number += 1
        print(f"{recorder.report.seconds:.3f}", flush=True)
        time.sleep(0.01)
    print(recorder.report.problem, flush=True)


if __name__ == "__main__":
    main()
