"""The ring gives back what was written, in order, and counts exactly what it lost."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.desktop.audio.ring import RingBuffer

STEPS = st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=40)


def _frames(start: int, count: int, channels: int = 2) -> np.ndarray:
    column = np.arange(start, start + count, dtype=np.float32)
    return np.repeat(column[:, np.newaxis], channels, axis=1)


@given(steps=STEPS, capacity=st.integers(1, 64))
def test_whatever_the_chunks_reads_continue_the_writes(
    steps: list[tuple[int, bool]], capacity: int
) -> None:
    ring = RingBuffer(capacity, 2)
    written, expected_next, lost = 0, 0, 0
    for count, read in steps:
        ring.write(_frames(written, count))
        written += count
        if read:
            block = ring.read_new()
            skipped = max(0, written - expected_next - capacity)
            lost += skipped
            np.testing.assert_array_equal(block[:, 0], np.arange(expected_next + skipped, written))
            np.testing.assert_array_equal(block[:, 0], block[:, 1])
            expected_next = written
            assert ring.lost_frames == lost
    assert ring.written_frames == written


def test_each_loss_counts_once() -> None:
    ring = RingBuffer(10, 1)
    ring.write(_frames(0, 25, 1))
    assert len(ring.read_new()) == 10
    ring.write(_frames(25, 5, 1))
    ring.read_new()
    assert (ring.overruns, ring.lost_frames) == (1, 15)


def test_what_is_read_does_not_change_when_the_writer_goes_on() -> None:
    ring = RingBuffer(8, 1)
    ring.write(_frames(0, 4, 1))
    block = ring.read_new()
    ring.write(_frames(100, 8, 1))
    np.testing.assert_array_equal(block[:, 0], [0, 1, 2, 3])


def test_a_reader_in_another_thread_sees_every_frame_once() -> None:
    ring, total = RingBuffer(50_000, 1), 200_000
    done = threading.Event()

    def write() -> None:
        for start in range(0, total, 400):
            ring.write(_frames(start, 400, 1))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    blocks = []
    while not done.is_set():
        blocks.append(ring.read_new())
    writer.join()
    blocks.append(ring.read_new())
    seen = np.concatenate(blocks)[:, 0]
    assert len(seen) + ring.lost_frames == total
    assert (np.diff(seen) >= 1).all()


@given(before=st.integers(1, 32), during=st.integers(0, 100))
def test_frames_overwritten_while_they_are_copied_are_lost_not_garbled(
    before: int, during: int
) -> None:
    ring = RingBuffer(32, 1)
    copy = ring._copy

    def copy_late(begin: int, end: int) -> np.ndarray:
        # The worst moment: the reader has chosen its span and not yet copied any of it.
        ring.write(_frames(before, during, 1))
        return copy(begin, end)

    ring.write(_frames(0, before, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ring, "_copy", copy_late)
        first = ring.read_new()[:, 0]
    spoilt = min(before, max(0, before + during - 32))
    np.testing.assert_array_equal(first, np.arange(spoilt, before))
    rest = ring.read_new()[:, 0]
    np.testing.assert_array_equal(rest, np.arange(before + during - len(rest), before + during))
    assert len(first) + len(rest) + ring.lost_frames == ring.written_frames


@pytest.mark.parametrize(("capacity", "channels"), [(0, 1), (1, 0), (-3, 2)])
def test_a_ring_of_nothing_is_refused(capacity: int, channels: int) -> None:
    with pytest.raises(ValueError, match=str(min(capacity, channels))):
        RingBuffer(capacity, channels)
