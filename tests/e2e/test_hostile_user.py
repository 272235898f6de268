"""Everything at once: keys, sources, a sound server that comes and goes; it has to go on after all.

What is done is drawn by a seed, 60 things in a row, or as many as the variable ``STEPS`` says.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import TROUBLE, Desk, Status, missing_hands
from rig import Home, RigError, VirtualMicrophone, wait_for

STEPS = int(os.environ.get("STEPS", "60"))
SEEDS = [int(seed) for seed in os.environ.get("SEEDS", "1").split(",")]

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300 + 15 * STEPS)]

VIOLIN = Path(__file__).parents[2] / "desktop" / "demo" / "violin.ogg"
KEYS = (
    *("space", "f", "l", "p", "e", "a", "c", "d", "m", "1", "2", "question", "ctrl+comma", "F11"),
    *("Escape", "Escape", "Escape", "Return", "Tab", "Up", "Down"),
)
# As long as a quick hand takes from one thing to the next, at most.
MOST_S = 1.5


@pytest.fixture
def desk(rig_home: Home, stage: dict[str, str]) -> Iterator[Desk]:
    if missing := missing_hands():
        pytest.skip(f"not installed: {', '.join(missing)}")
    made = Desk(rig_home, stage, arguments=())
    yield made
    made.close()


class User:
    """Does one thing after the other, and remembers which."""

    def __init__(
        self, desk: Desk, microphone: VirtualMicrophone, *, folder: Path, seed: int
    ) -> None:
        self._desk, self._microphone, self._folder = desk, microphone, folder
        self._random = random.Random(seed)
        self._inputs = self._takes = 0
        self.done: list[str] = []
        self._things: dict[str, tuple[int, Callable[[], None]]] = {
            "key": (6, lambda: desk.key(self._random.choice(KEYS))),
            "keys": (3, lambda: desk.key(*self._random.choices(KEYS, k=4))),
            "pick": (4, lambda: desk.window.send(pick=True)),
            "unpick": (2, lambda: desk.window.send(unpick=True)),
            "choose": (5, self._choose),
            "choose twice": (3, self._choose_twice),
            "rescan": (3, lambda: desk.window.send(rescan=True)),
            "play": (3, lambda: self._play(VIOLIN)),
            "play a file live": (2, lambda: desk.window.send(play_live=str(VIOLIN))),
            "record": (2, self._record),
            "end the recording": (1, lambda: desk.window.send(record_end=True)),
            "drop": (1, lambda: desk.window.send(drop=[str(VIOLIN)])),
            "pause": (2, lambda: desk.window.send(pause=self._random.random() < 0.5)),
            "plug in": (1, self._plug_in),
            "unplug": (3, self._unplug),
            "replug": (3, microphone.recover),
            "kill the server": (2, microphone.crash),
            "hang the server": (1, self._hang),
        }

    def do_something(self) -> None:
        """Do a thing, and wait for as long as a person might."""
        names = list(self._things)
        weights = [self._things[name][0] for name in names]
        name = self._random.choices(names, weights)[0]
        self.done.append(name)
        self._things[name][1]()
        time.sleep(self._random.uniform(0, MOST_S))

    def _choose(self) -> None:
        titles = list(self._desk.window.now()["peaks"])
        self._desk.window.send(choose=self._random.choice(titles))

    def _choose_twice(self) -> None:
        titles = list(self._desk.window.now()["peaks"])
        for title in self._random.choices(titles, k=2):
            self._desk.window.send(choose=title)

    def _play(self, recording: Path) -> None:
        if self._microphone.is_there:
            self._microphone.play(recording)

    def _plug_in(self) -> None:
        if self._microphone.is_there:
            self._inputs += 1
            self._microphone.add(f"extra{self._inputs}")

    def _unplug(self) -> None:
        if self._microphone.is_there:
            self._microphone.unplug()

    def _hang(self) -> None:
        if self._microphone.is_there:
            self._microphone.hang()

    def _record(self) -> None:
        self._takes += 1
        self._desk.window.send(record=str(self._folder / f"take {self._takes}.wav"))


def _until(
    desk: Desk, shown: Callable[[Status], object], user: User, *, send: Status | None = None
) -> None:
    """Wait until something is shown; say what was done and what is shown if it never is."""
    if send:
        desk.window.send(**send)
    try:
        desk.window.until(shown, what="", timeout_s=90)
    except RigError:
        told = {key: value for key, value in desk.window.now().items() if key != "spots"}
        os.kill(desk.window.pid, signal.SIGUSR1)
        desk.window.now()
        pytest.fail(f"after {user.done}:\n{told}\n{desk.window.errors}")


@pytest.mark.parametrize("seed", SEEDS)
def test_it_goes_on_after_whatever_was_done(
    desk: Desk, virtual_microphone: VirtualMicrophone, tmp_path: Path, seed: int
) -> None:
    virtual_microphone.wait_for_listener()
    user = User(desk, virtual_microphone, folder=tmp_path, seed=seed)
    for _ in range(STEPS):
        user.do_something()
        desk.window.now()
        found = [words for words in TROUBLE if words in desk.window.errors]
        assert not found, f"{user.done}\n{desk.window.errors}"
    virtual_microphone.recover()
    desk.window.send(unpick=True, leave=True)
    # What a user does who wants to hear the microphone again, whatever was chosen in between.
    _until(desk, lambda shown: "pulse" in shown["peaks"], user, send={"rescan": True})
    desk.window.send(choose="pulse")
    _until(desk, lambda shown: shown["source"] == "pulse" and not shown["banner"], user)
    before = desk.window.now()["blocks"]
    for _ in range(6):
        virtual_microphone.play(VIOLIN)
    _until(desk, lambda shown: shown["blocks"] > before, user)
    assert desk.window.close() == 0, desk.window.errors
    wait_for(lambda: not desk.window.processes, what="the end of all its processes")
    assert not [words for words in TROUBLE if words in desk.window.errors], desk.window.errors
