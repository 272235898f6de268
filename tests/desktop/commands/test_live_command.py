"""``timbrescope live --terminal``: what is printed, with one model and with all of them."""

import io
import json

import pytest
from engine_doubles import HandSystem, tune

from timbrescope.desktop.audio.devices import InputDevice
from timbrescope.desktop.cli import build_parser, main
from timbrescope.desktop.commands import devices as devices_command
from timbrescope.desktop.commands import live as live_command


class PlayedSystem(HandSystem):
    """A microphone into which four seconds have been played when it opens."""

    def open_microphone(self, device: InputDevice) -> object:  # type: ignore[override]
        source = super().open_microphone(device)
        source.play(tune(4.0))
        return source


@pytest.fixture(autouse=True)
def played(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (live_command, devices_command):
        monkeypatch.setattr(command, "PortAudioSystem", PlayedSystem)


def _printed(*, model: str = "mel", compare: bool) -> list[str]:
    out = io.StringIO()
    assert live_command.run(model=model, compare=compare, seconds=2.5, out=out) == 0
    first, *printed = out.getvalue().splitlines()
    assert first.startswith("Listening to Hand")
    # Where a busy computer takes its time, the microphone has gone silent and was opened again.
    return [line for line in printed if line != first]


def test_one_model_prints_a_line_for_each_verdict() -> None:
    (verdict,) = _printed(compare=False)
    assert "0:00.0-0:03.0" in verdict


@pytest.mark.usefixtures("all_models")
def test_all_models_answer_below_each_verdict() -> None:
    verdict, compared = _printed(model="k-nearest-neighbours", compare=True)
    assert "Violin 9" in verdict
    titles = [part.split(":")[0].strip() for part in compared.split("·")]
    assert titles == ["Flagship", "CNN mel", "CNN MFCC", "Log. regr.", "k-NN", "Forest"]
    assert compared.count("Violin") >= 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--compare", "live", "--model", "random-forest"],
        ["--model", "random-forest", "live", "--compare"],
    ],
)
def test_model_and_comparison_may_be_wanted_before_or_after_the_command(
    arguments: list[str],
) -> None:
    parsed = build_parser().parse_args(arguments)
    assert (parsed.model, parsed.compare) == ("random-forest", True)


def test_a_device_that_is_not_there_ends_at_once_and_those_there_are_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for arguments in (["live", "--terminal", "--device", "no such"], ["--device", "no such"]):
        assert main(arguments) == 2
        words = capsys.readouterr().err
        assert "No input device is called 'no such'. There are: " in words
        assert all(repr(device.name) in words for device in PlayedSystem().devices())


def test_the_list_of_devices_says_which_one_is_opened() -> None:
    out = io.StringIO()
    devices_command.list_devices(out)
    first, *_ = lines = out.getvalue().splitlines()
    assert first.startswith(">")
    assert sum(line.startswith("> is opened") for line in lines) == 1
    assert sum(line.startswith("* is the system's default") for line in lines) == 1


def test_json_lines_say_what_is_heard_and_from_where() -> None:
    out = io.StringIO()
    assert live_command.run(model="mel", seconds=2.5, as_json=True, out=out) == 0
    records = [json.loads(line) for line in out.getvalue().splitlines()]
    running = [each for each in records if each["event"] == "source"][-1]
    assert running["health"] == "running"
    verdict = next(each for each in records if each["event"] == "verdict")
    assert (verdict["start_s"], verdict["end_s"]) == (0.0, 3.0)
    assert set(verdict) == {
        *("event", "start_s", "end_s", "level_dbfs", "state", "instrument", "probability"),
        *("not_sure_of", "doubt", "model", "evidence"),
    }
