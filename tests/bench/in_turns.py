"""Ways to do the same thing, each measured in a process of its own, in turns.

A user's process holds what the product loads and nothing else: what TensorFlow does to memory and
threads is no part of it. And a computer gets slower and faster by the minute: ways that are
measured one behind the other would each have a minute of their own.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from statistics import median

Work = Callable[[], object]


def median_costs_s(
    ways: Mapping[str, Callable[[], Work]], *, turns: int, each: int = 1
) -> dict[str, float]:
    """Return the median processor time of each way, of all threads of its process.

    Parameters
    ----------
    ways : mapping of str to callable
        Called once in the way's own process, which imports its module; returns what is measured.
        What it returns was done twice before it counts.
    turns : int
        How often each way is asked, after all others.
    each : int
        How often it does its work then.
    """
    costs_s: dict[str, list[float]] = {name: [] for name in ways}
    with ExitStack() as stack:
        processes = {name: stack.enter_context(own_process()) for name in ways}
        for name, process in processes.items():
            process.submit(_prepare, ways[name]).result()
        for _ in range(turns):
            for name, process in processes.items():
                costs_s[name] += process.submit(_costs_s, each).result()
    return {name: median(found) for name, found in costs_s.items()}


def own_process() -> ProcessPoolExecutor:
    """Return a fresh process, with what it is asked to import and nothing of this one."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


# Of a process that measures: what it measures.
_prepared: list[Work] = []


def _prepare(way: Callable[[], Work]) -> None:
    work = way()
    # The first loads libraries and tries what may be tried once; TensorFlow compiles on two.
    for _ in range(2):
        work()
    _prepared.append(work)


def _costs_s(count: int) -> list[float]:
    found = []
    for _ in range(count):
        began = time.process_time()
        _prepared[0]()
        found.append(time.process_time() - began)
    return found
