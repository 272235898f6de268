"""Times as people read them: minutes and seconds, with hours from an hour on."""

import math
from collections.abc import Callable

_MINUTE_S, _HOUR_S = 60, 3600


def plain_figure(value: float, decimals: int) -> str:
    """Return a number as English writes it."""
    return f"{value:,.{decimals}f}"


def clock(seconds: float) -> str:
    """Return a position as m:ss, or h:mm:ss: the second that has begun, as players show it."""
    return _whole(max(0, math.floor(seconds + 1e-6)))


def clock_with_tenths(seconds: float, *, figure: Callable[[float, int], str] = plain_figure) -> str:
    """Return a position as m:ss.t: notes begin between full seconds.

    `figure` writes a number with so many decimals.
    """
    tenths = max(0, round(10 * seconds))
    return _whole(tenths // 10) + figure(tenths % 10 / 10, 1).lstrip("0")


def length(seconds: float) -> str:
    """Return how long something is as m:ss, rounded; of what is shorter than that, the tenths."""
    whole = max(0, math.floor(seconds + 0.5))
    return _whole(whole) if whole else clock_with_tenths(seconds)


def _whole(seconds: int) -> str:
    hours, rest_s = divmod(seconds, _HOUR_S)
    minutes, rest_s = divmod(rest_s, _MINUTE_S)
    return f"{hours}:{minutes:02d}:{rest_s:02d}" if hours else f"{minutes}:{rest_s:02d}"
