from dataclasses import asdict

import pytest

pytest.importorskip("tensorflow", reason="needs the train extra")
pytestmark = pytest.mark.train

from timbrescope.training.augment import FAMILIES  # noqa: E402
from timbrescope.training.experiments.catalogue import BASELINE, Experiment, experiments  # noqa: E402
from timbrescope.training.fit.flagship.settings import FlagshipSettings  # noqa: E402
from timbrescope.training.windows.recipe import Recipe  # noqa: E402

KNOWN = experiments(recipe=Recipe(per_class=5), settings=FlagshipSettings(epochs=2))


def _differences(one: Experiment, other: Experiment) -> set[str]:
    def flat(experiment: Experiment) -> dict[str, object]:
        found = {f"recipe.{k}": v for k, v in asdict(experiment.recipe).items()}
        found |= {f"settings.{k}": v for k, v in asdict(experiment.settings).items()}
        others = ("learner", "published", "ensemble")
        return found | {name: getattr(experiment, name) for name in others}

    ours, theirs = flat(one), flat(other)
    return {name for name in ours if ours[name] != theirs[name]}


@pytest.mark.parametrize("name", [name for name in KNOWN if name != BASELINE])
def test_an_experiment_changes_one_thing(name: str) -> None:
    changed = _differences(KNOWN[name], KNOWN[KNOWN[name].against])
    together = {"recipe.note_share", "recipe.held_share"}
    assert len(changed) == 1 or changed == together


def test_every_family_of_augmentation_is_left_out_once() -> None:
    left_out = [set(FAMILIES) - set(e.recipe.families) for e in KNOWN.values()]
    assert all(left_out.count({family}) == 1 for family in FAMILIES)


def test_what_is_compared_with_comes_first() -> None:
    names = list(KNOWN)
    for name, experiment in KNOWN.items():
        assert names.index(experiment.against) <= names.index(name)
