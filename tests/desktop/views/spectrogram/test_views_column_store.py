import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.desktop.views.spectrogram.column_store import (
    AHEAD,
    CEILING_DB,
    COLUMN_S,
    FLOOR_DB,
    ColumnStore,
    column_of,
    quantised,
)


def numbered(first: int, count: int) -> np.ndarray:
    """Columns whose level tells their stream index."""
    level = FLOOR_DB + (np.arange(first, first + count) % 200) * (150 / 255)
    return np.tile(level.astype(np.float32), (128, 1))


def test_quantising_covers_the_range_and_takes_nan_for_silence() -> None:
    levels = np.array([[FLOOR_DB - 50, FLOOR_DB, CEILING_DB, CEILING_DB + 50, np.nan]], np.float32)
    assert quantised(levels).tolist() == [[0, 0, 255, 255, 0]]


def test_a_second_is_the_column_centred_nearest_to_it() -> None:
    assert column_of(0.0) == 0
    assert column_of(3.0) == 129
    assert column_of(7 * COLUMN_S + 0.4 * COLUMN_S) == 7


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(20, 60))
def test_chunks_never_change_what_is_kept(chunks: list[int], capacity: int) -> None:
    store = ColumnStore(capacity)
    total = sum(chunks)
    at = 0
    for count in chunks:
        store.append(numbered(at, count), at)
        at += count
    assert store.next_column == total
    kept = total - store.oldest
    assert kept == min(total, capacity)
    expected = quantised(numbered(store.oldest, kept))
    assert np.array_equal(store.levels(store.oldest, kept), expected)


@given(st.integers(0, 300), st.integers(1, 30))
def test_evidence_stays_over_its_own_columns_while_scrolling(start: int, step: int) -> None:
    store = ColumnStore(200)
    store.append(numbered(0, start + 130), 0)
    store.lay_evidence(np.ones((128, 130), np.float32), start)
    at = start + 130
    while at < start + 180:
        store.append(numbered(at, step), at)
        at += step
    first = store.oldest
    found = store.evidence(first, store.next_column - first)[0] > 0
    marked = np.flatnonzero(found) + first
    expected = np.arange(max(first, start), start + 130)
    assert np.array_equal(marked, expected)


def test_evidence_may_run_a_little_ahead_of_the_sound() -> None:
    store = ColumnStore(300)
    store.append(numbered(0, 128), 0)
    store.lay_evidence(np.ones((128, 130), np.float32), 0)
    store.append(numbered(128, 10), 128)
    assert (store.evidence(0, 130) == 127).all()
    assert (store.evidence(130, 8) == 0).all()
    store.lay_evidence(np.ones((128, 130), np.float32), 100)
    assert store.evidence(100, 38).min() == 127
    store.append(numbered(138, 60), 138)
    laid = 138 + AHEAD
    assert (store.evidence(100, 198 - 100)[0] > 0).sum() == laid - 100


def test_the_ring_forgets_the_evidence_of_a_round_ago() -> None:
    store = ColumnStore(50)
    store.append(numbered(0, 50), 0)
    store.lay_evidence(np.ones((128, 50), np.float32), 0)
    store.append(numbered(50, 500), 50)
    assert (store.evidence(store.oldest, 50) == 0).all()


def test_a_smaller_index_begins_a_new_stream() -> None:
    store = ColumnStore(50)
    assert not store.append(numbered(0, 30), 0)
    assert store.append(numbered(0, 5), 0)
    assert store.next_column == 5
    assert store.oldest == 0


def test_a_gap_in_the_stream_is_silence_at_its_own_place() -> None:
    store = ColumnStore(100)
    store.append(numbered(1, 20), 1)
    store.append(numbered(40, 10), 40)
    assert (store.levels(21, 19) == 0).all()
    assert np.array_equal(store.levels(40, 10), quantised(numbered(40, 10)))


def test_a_stream_may_begin_far_from_zero() -> None:
    store = ColumnStore(100)
    store.append(numbered(5000, 10), 5000)
    assert store.oldest == 5000
    assert np.array_equal(store.levels(5000, 10), quantised(numbered(5000, 10)))
