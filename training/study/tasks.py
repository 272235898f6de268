"""Runs many independent tasks on the cores of this machine or on a Dask cluster, by joblib.

The tasks are a generator and so are the answers: only a few of each exist at a time, so that
memory does not grow with the corpus.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from joblib import Parallel, delayed, parallel_config

from timbrescope.models.errors import TimbrescopeError

Task = TypeVar("Task")
Answer = TypeVar("Answer")

CONNECT_TIMEOUT_S = 20
# So many tasks wait for each worker: enough that none is idle while answers are stored.
TASKS_AHEAD = 3


# Told how many are done, and how many there are.
Progress = Callable[[int, int], None]


class SchedulerError(TimbrescopeError):
    """The Dask scheduler cannot be reached, or has no workers."""


def run_tasks(
    work: Callable[[Task], Answer],
    tasks: Iterable[Task],
    *,
    workers: int,
    scheduler: str | None = None,
) -> Iterator[Answer]:
    """Yield ``work(task)`` for every task, in the order in which they are finished.

    Parameters
    ----------
    work : callable
        A function of a module, so that other processes can import it.
    tasks : iterable
    workers : int
        Processes on this machine; ignored with a scheduler.
    scheduler : str or None
        Address of a Dask scheduler such as ``tcp://host:8786``. Its workers need this program
        installed and the files at the same paths.

    Raises
    ------
    SchedulerError
        If the scheduler does not answer, or has no workers.
    """
    with _backend(workers, scheduler) as count:
        if count == 1 and scheduler is None:
            yield from map(work, tasks)
            return
        parallel = Parallel(
            n_jobs=count,
            return_as="generator_unordered",
            pre_dispatch=TASKS_AHEAD * count,
            batch_size=1,
        )
        yield from parallel(delayed(work)(task) for task in tasks)


@contextmanager
def _backend(workers: int, scheduler: str | None) -> Iterator[int]:
    """Choose joblib's backend and yield the number of workers."""
    if scheduler is None:
        with parallel_config(backend="loky", inner_max_num_threads=1):
            yield max(workers, 1)
        return
    from distributed import Client

    try:
        client = Client(scheduler, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SchedulerError(
            f"no Dask scheduler answers at {scheduler!r} ({error}); start one with "
            "`dask scheduler` and workers with `dask worker ADDRESS`, or leave --scheduler out"
        ) from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise SchedulerError(
                f"the Dask scheduler at {scheduler!r} has no workers; start some with "
                f"`dask worker {scheduler}`"
            )
        with parallel_config(backend="dask", client=client):
            yield threads
