"""Events for other programs by Open Sound Control over UDP; off unless asked for.

Addresses and arguments stand in the README. Messages are sent and forgotten: whoever does not
listen, or is late, costs nothing.
"""

import ipaddress
import logging

from timbrescope.desktop.engine.messages import Gap, LiveUpdate
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.instruments import NAMES

logger = logging.getLogger(__name__)

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 9000
PREFIX = "/timbrescope"
# Stands for digital silence, of which OSC's programs do not all take the infinite level.
FLOOR_DBFS = -200.0


class OscError(TimbrescopeError):
    """The receiver of events cannot be understood."""


def parse_target(text: str) -> tuple[str, int]:
    """Return host and port of ``HOST:PORT``, ``PORT`` or ``HOST``.

    Raises
    ------
    OscError
        If it is none of these.
    """
    host, separator, port = text.rpartition(":")
    if not separator:
        host, port = ("", text) if text.isdecimal() else (text, str(DEFAULT_PORT))
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise OscError(f"{text!r} is no receiver of events: say HOST:PORT, such as 127.0.0.1:9000")
    return host.strip("[]") or DEFAULT_HOST, int(port)


def is_loopback(host: str) -> bool:
    """Return whether events to `host` stay on this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class OscEvents:
    """Sends what is new in each update. Owned by one thread.

    Parameters
    ----------
    host, port
        Who is told.

    Raises
    ------
    OscError
        If the host is not known.
    """

    def __init__(self, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT) -> None:
        # Off unless asked for, and it brings asyncio along.
        from pythonosc.udp_client import SimpleUDPClient

        try:
            self._client = SimpleUDPClient(host, port)
        except OSError as error:
            raise OscError(f"events cannot be sent to {host!r}: {error}") from error
        if not is_loopback(host):
            logger.warning("events leave this computer: they are sent to %s:%d", host, port)
        self._answer: tuple[str, str, float] | None = None
        self._doubt = ("", 0.0, 0.0)
        self._source: tuple[str, str, str] | None = None
        self._told_failure = False

    def send(self, update: LiveUpdate) -> None:
        """Send the events of an update."""
        source = (str(update.source.health), update.source.name, update.source.message)
        if source != self._source:
            self._source = source
            self._send("source", *source)
        for gap in update.gaps:
            self._send_gap(gap)
        for verdict in update.verdicts:
            self._send_verdict(verdict)
        self._send_answer(update)

    def _send_answer(self, update: LiveUpdate) -> None:
        """Send the steady answer of the moment, if it is another."""
        best = update.answer.best
        name = NAMES[best] if best is not None and update.state is not State.NONE_OF_THEM else ""
        share = float(update.probabilities[best]) if best is not None else 0.0
        answer = (str(update.state), name, round(share, 4))
        if answer != self._answer:
            self._answer = answer
            self._send("answer", *answer)
        doubt = update.doubt
        why = ("", 0.0, 0.0)
        if doubt is not None:
            why = (str(doubt.reason), round(doubt.found, 4), round(doubt.needed, 4))
        if why != self._doubt:
            self._doubt = why
            self._send("doubt", *why)

    def _send_verdict(self, verdict: Analysis) -> None:
        self._send(
            "verdict",
            float(verdict.start_s),
            float(verdict.end_s),
            str(verdict.state),
            verdict.instrument or "",
            float(verdict.probability),
            max(FLOOR_DBFS, float(verdict.level_dbfs)),
        )

    def _send_gap(self, gap: Gap) -> None:
        self._send("gap", gap.start_s, gap.end_s, gap.lasted_s, str(gap.reason), gap.detail)

    def _send(self, name: str, *arguments: str | float) -> None:
        try:
            self._client.send_message(f"{PREFIX}/{name}", list(arguments))
        # Nobody listens there (loopback tells), or the network has gone.
        except OSError as error:
            if not self._told_failure:
                logger.info("an event was not sent: %s", error)
            self._told_failure = True
