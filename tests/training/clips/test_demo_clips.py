import json
from pathlib import Path

import numpy as np
import soundfile

from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.classifier import Classifier
from timbrescope.models.instruments import NAMES
from timbrescope.models.level import peak_dbfs, rms_dbfs
from timbrescope.models.listening import listen
from timbrescope.training.clips.demo import CLIPS, RENDER_RATE_HZ, mastered, performed

DEMO = Path(__file__).resolve().parents[3] / "desktop" / "demo"


def test_the_stored_clips_fit_their_list_and_are_ready_to_play() -> None:
    listed = json.loads((DEMO / "demo.json").read_text("utf-8"))
    assert [entry["instrument"] for entry in listed] == [clip.instrument for clip in CLIPS]
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 500_000
    for entry in listed:
        samples, rate_hz = soundfile.read(DEMO / entry["file"], dtype="float32")
        assert (rate_hz, samples.ndim) == (44_100, 1)
        assert 5 <= samples.size / rate_hz <= 8
        assert -20 <= rms_dbfs(samples) <= -16
        assert peak_dbfs(samples) < -0.5
        early = samples[: int(0.3 * rate_hz)]
        assert rms_dbfs(early) > -40
        assert entry["instrument"] in NAMES
        assert "MIT" in entry["credit"]


def test_the_model_of_the_demo_names_every_clip() -> None:
    classifier = Classifier.load()
    for entry in json.loads((DEMO / "demo.json").read_text("utf-8")):
        answer = listen(classifier, iter_windows(DEMO / entry["file"]))
        assert answer.instrument == entry["instrument"]


def test_every_tune_lasts_as_long_as_its_clip() -> None:
    for clip in CLIPS:
        events = performed(clip, rng=np.random.default_rng(1))
        assert max(event.start_s + event.length_s for event in events) > 5.0
        assert all(1 <= event.velocity <= 127 for event in events)


def test_mastering_cuts_silence_and_sets_the_level() -> None:
    noise = np.random.default_rng(1).uniform(-0.01, 0.01, 8 * RENDER_RATE_HZ).astype(np.float32)
    noise[: RENDER_RATE_HZ // 2] = 0
    out = mastered(noise)
    assert abs(out[0]) > 0
    assert abs(rms_dbfs(out) + 18) < 0.5
    assert abs(out[-1]) < 1e-4
