"""The blocks of a timeline in order of time, and which of them lies where; no Qt."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable

from timbrescope.desktop.engine.messages import Gap
from timbrescope.desktop.views.answers.blocks import Block
from timbrescope.models.frontend import WINDOW_S

_KEPT_GAPS = 200
# Seconds that are the same but for rounding.
SAME_S = 1e-3


class BlockList:
    """Blocks, oldest first, and the gaps between them.

    Parameters
    ----------
    kept : int or None
        So many of the newest blocks are kept; all if None.
    """

    def __init__(self, kept: int | None = None) -> None:
        self._kept = kept
        self._blocks: list[Block] = []
        self._starts_s: list[float] = []
        self.gaps: deque[Gap] = deque(maxlen=_KEPT_GAPS)

    def __len__(self) -> int:
        return len(self._blocks)

    def __getitem__(self, number: int) -> Block:
        return self._blocks[number]

    @property
    def blocks(self) -> list[Block]:
        """All of them; not to be changed."""
        return self._blocks

    @property
    def end_s(self) -> float:
        """Where the newest block ends, 0 without any."""
        return self._starts_s[-1] + WINDOW_S if self._starts_s else 0.0

    def clear(self) -> None:
        """Forget all."""
        self._blocks, self._starts_s = [], []
        self.gaps.clear()

    def add(self, blocks: Iterable[Block]) -> None:
        """Add newer blocks; one that starts earlier than the newest begins a new list."""
        for block in blocks:
            if self._starts_s and block.start_s <= self._starts_s[-1]:
                self.clear()
            self._blocks.append(block)
            self._starts_s.append(block.start_s)
        if self._kept is not None and len(self._blocks) > self._kept:
            del self._blocks[: -self._kept], self._starts_s[: -self._kept]

    def edges_s(self, number: int) -> tuple[float, float]:
        """Return between which seconds a block is drawn.

        A file's last window may begin inside the one before it: its block follows that one's.
        """
        start_s = self._starts_s[number]
        before_s = self._starts_s[number - 1] + WINDOW_S if number > 0 else start_s
        return max(start_s, before_s), start_s + WINDOW_S

    def at(self, second: float) -> int | None:
        """Return the number of the block that is drawn at a second, None where there is none."""
        number = bisect_right(self._starts_s, second) - 1
        if number > 0 and second < self.edges_s(number)[0]:
            number -= 1
        return number if number >= 0 and second < self.edges_s(number)[1] else None

    def between(self, start_s: float, end_s: float) -> range:
        """Return the numbers of the blocks of which anything lies between two seconds."""
        first = bisect_right(self._starts_s, start_s - WINDOW_S)
        return range(first, bisect_left(self._starts_s, end_s))

    def within(self, start_s: float, end_s: float) -> range:
        """Return the numbers of the blocks whose windows lie in a stretch."""
        first = bisect_left(self._starts_s, start_s - SAME_S)
        last = bisect_right(self._starts_s, end_s - WINDOW_S + SAME_S)
        return range(first, max(first, last))

    def begun_by(self, second: float) -> int:
        """Return the number of the last block that has begun, 0 if none has."""
        return max(0, bisect_right(self._starts_s, second + SAME_S) - 1)
