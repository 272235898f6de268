"""What a live step costs: processor time of its parts, on one thread, without a screen.

Run with ``OPENBLAS_NUM_THREADS=1 PYTHONPATH=tests/helpers python tests/helpers/step_costs.py``. A
step is 0.2 s of sound: front end, network, and the evidence as it is drawn. Processor time is that
of the thread; on a busy machine even that grows, because caches are shared.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

from timbrescope.desktop.audio.demo import demo_clip
from timbrescope.desktop.engine.listener import PREVIEW_SAMPLES, Listener
from timbrescope.desktop.engine.strength import drawn
from timbrescope.desktop.steady_memory import keep_memory_steady
from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import BEST, NOTHING
from timbrescope.models.frontend import WINDOW_SAMPLES
from timbrescope.models.streaming import StreamingFrontEnd

STEPS = 100


def cost_ms(step: Callable[[], object]) -> str:
    """Return the median and the least of many steps, in words."""
    costs = []
    for _ in range(STEPS):
        began = time.thread_time()
        step()
        costs.append((time.thread_time() - began) * 1e3)
    return f"{np.median(costs):6.2f} ms, at least {min(costs):6.2f} ms"


def main(model: str) -> None:
    """Print a line for each part of a step."""
    # As the program does; it decides what an array costs.
    keep_memory_steady()
    classifier = Classifier.load(model)
    sound = np.concatenate([window.samples for window in iter_windows(demo_clip("flute"))])
    pieces = [sound[at:][:PREVIEW_SAMPLES] for at in range(0, WINDOW_SAMPLES, PREVIEW_SAMPLES)]
    front_end = StreamingFrontEnd()
    front_end.push(sound[:WINDOW_SAMPLES])
    window = front_end.window(kind=classifier.kind)

    def analyse(explained: int) -> object:
        return classifier.analyse(
            window.samples, start_s=0.0, window_features=window.features, explained=explained
        )

    def heard(listener: Listener) -> Callable[[], object]:
        listener.hear(sound[:WINDOW_SAMPLES])
        steps = iter(pieces * STEPS)
        return lambda: listener.hear(next(steps))

    silent = Listener(classifier)
    silent.explain(NOTHING)
    analysis = classifier.analyse(window.samples, start_s=0.0)
    steps = iter(pieces * STEPS)
    print("front end          ", cost_ms(lambda: front_end.push(next(steps))))
    print("answer             ", cost_ms(lambda: analyse(NOTHING)))
    print("answer and evidence", cost_ms(lambda: analyse(BEST)))
    print("evidence drawn     ", cost_ms(lambda: drawn(analysis, claim=1.0)))
    print("step               ", cost_ms(heard(Listener(classifier))))
    print("step, no evidence  ", cost_ms(heard(silent)))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "flagship")
