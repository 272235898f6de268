"""Events by Open Sound Control: what is sent, to whom, and that it stays on this computer."""

import contextlib
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage
from view_doubles import make_analysis, make_update, probabilities_of

from timbrescope.desktop.engine.messages import Gap, GapReason, Health, LiveUpdate
from timbrescope.desktop.engine.osc import OscError, OscEvents, is_loopback, parse_target
from timbrescope.models.analysis import Doubt, Reason, State


class Receiver:
    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5)
        self.port = int(self.socket.getsockname()[1])

    def messages(self, count: int) -> list[tuple[object, ...]]:
        found = [OscMessage(self.socket.recv(4096)) for _ in range(count)]
        return [(each.address, *each.params) for each in found]

    def nothing_more(self) -> bool:
        self.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            self.socket.recv(4096)
        self.socket.settimeout(5)
        return True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.socket.close()


def _violin(**more: object) -> LiveUpdate:
    shares = probabilities_of(Violin=0.9)
    return make_update(state=State.INSTRUMENT, probabilities=shares, **more)  # type: ignore[arg-type]


def test_source_answer_and_verdict_are_sent_once(receiver: Receiver) -> None:
    events = OscEvents(port=receiver.port)
    events.send(_violin(verdicts=(make_analysis(3.0),)))
    source, verdict, answer = receiver.messages(3)
    assert source == ("/timbrescope/source", "running", "Microphone", "")
    assert verdict[:1] == ("/timbrescope/verdict",)
    assert verdict[1:5] == (3.0, 6.0, "instrument", "Violin")
    assert verdict[5:] == pytest.approx((0.9, -20.0), abs=1e-3)
    assert answer[:3] == ("/timbrescope/answer", "instrument", "Violin")
    assert answer[3] == pytest.approx(0.9, abs=1e-3)
    events.send(_violin())
    assert receiver.nothing_more()
    events.send(_violin(health=Health.PAUSED))
    assert receiver.messages(1)[0][:2] == ("/timbrescope/source", "paused")


def test_why_nothing_is_named_is_sent_and_that_it_is_over(receiver: Receiver) -> None:
    events = OscEvents(port=receiver.port)
    shares = probabilities_of(Violin=0.4)
    doubt = Doubt(Reason.UNLIKELY, 0.4, 0.6)
    events.send(replace(make_update(state=State.NOT_SURE, probabilities=shares), doubt=doubt))
    why = receiver.messages(3)[-1]
    assert why[:2] == ("/timbrescope/doubt", "no instrument is likely enough")
    assert why[2:] == pytest.approx((0.4, 0.6), abs=1e-3)
    events.send(_violin())
    assert receiver.messages(2)[-1] == ("/timbrescope/doubt", "", 0.0, 0.0)


def test_a_gap_is_sent(receiver: Receiver) -> None:
    events = OscEvents(port=receiver.port)
    gap = Gap(3.0, 5.0, 60.0, GapReason.PAUSED)
    events.send(replace(make_update(), gaps=(gap,)))
    assert receiver.messages(2)[1] == ("/timbrescope/gap", 3.0, 5.0, 60.0, "paused", "")


def test_where_nobody_listens_nothing_happens() -> None:
    receiver = Receiver()
    receiver.socket.close()
    events = OscEvents(port=receiver.port)
    for _ in range(5):
        events.send(_violin(verdicts=(make_analysis(3.0),)))


def test_events_that_leave_the_computer_are_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        OscEvents("192.0.2.1", 9000)
    assert "leave this computer" in caplog.text
    with pytest.raises(OscError, match=r"no\.such\.host\.invalid"):
        OscEvents("no.such.host.invalid", 9000)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("9001", ("127.0.0.1", 9001)),
        ("localhost:57120", ("localhost", 57120)),
        ("192.0.2.7", ("192.0.2.7", 9000)),
        ("[::1]:9000", ("::1", 9000)),
    ],
)
def test_a_target_is_a_host_or_a_port_or_both(text: str, target: tuple[str, int]) -> None:
    assert parse_target(text) == target


@given(st.text(alphabet="ab.:0123456789x-", max_size=12))
def test_a_target_is_understood_or_refused(text: str) -> None:
    with contextlib.suppress(OscError):
        host, port = parse_target(text)
        assert host
        assert 0 < port < 65_536


@pytest.mark.parametrize("text", ["0", "host:", "host:port", "host:70000", ":"])
def test_other_targets_are_refused_with_what_to_say(text: str) -> None:
    with pytest.raises(OscError, match="HOST:PORT"):
        parse_target(text)


def test_loopback() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("192.0.2.1")
