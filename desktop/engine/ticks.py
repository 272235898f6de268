"""How often the live engine looks for new sound."""

# Well below the 200 ms between previews, and long enough to cost nothing while idle. What is seldom
# collected, as by a window that nobody sees, need not be fresh: each tick costs a third of a
# millisecond whatever it brings.
TICK_S, SELDOM_TICK_S = 0.03, 0.1


def tick_s(poll_gap_s: float) -> float:
    """Return how often to look for new sound, if what it brings is collected so often."""
    return min(max(TICK_S, poll_gap_s / 2), SELDOM_TICK_S)
