from pathlib import Path

import numpy as np

from timbrescope.desktop.engine.strength import drawn
from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.catalogue import FLAGSHIP_NAME
from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import BEST

GOLDEN = Path(__file__).resolve().parents[2] / "data" / "golden"
SURE = 0.9


def test_what_makes_a_sure_answer_is_seen_and_its_strength_still_differs() -> None:
    """The scale fits the model that ships: neither is all in full colour, nor anything lost."""
    classifier = Classifier.load(FLAGSHIP_NAME)
    strongest = []
    for path in sorted(GOLDEN.glob("*.ogg")):
        window = next(iter(iter_windows(path)))
        analysis = classifier.analyse(window.samples, start_s=0.0, explained=BEST)
        if analysis.probabilities.max() >= SURE:
            found = drawn(analysis)
            assert found is not None
            # The most evident percent of the cells.
            strongest.append(float(np.quantile(found, 0.99)))
    assert len(strongest) > 20
    assert 0.6 <= np.median(strongest) <= 0.95
    assert min(strongest) > 0.35
    assert np.mean(np.array(strongest) > 0.99) <= 1 / 3
