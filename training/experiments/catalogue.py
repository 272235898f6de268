"""The experiments: what each changes, and what it is compared with."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from timbrescope.training.augment import FAMILIES
from timbrescope.training.fit.flagship.settings import FlagshipSettings, Shape
from timbrescope.training.windows.recipe import Recipe

# What the experiments change of the recipe that ships.
RECIPE = Path(__file__).with_name("recipe.toml")
Learner = Literal["flagship", "paper"]
BASELINE = "baseline"
LABELS_ONLY = "labels-only"


@dataclass(frozen=True)
class Experiment:
    """One training run and the question that it answers.

    Attributes
    ----------
    name : str
        For files and the command line.
    changed : str
        What differs from `against`, for the table.
    question : str
    against : str
        Name of the experiment that it is compared with.
    recipe : Recipe
        How its training windows are made; the held-out windows are the baseline's.
    settings : FlagshipSettings
    learner : {"flagship", "paper"}
    pretrained : bool
        Whether the network first learns the teacher's answers alone.
    """

    name: str
    changed: str
    question: str
    against: str = BASELINE
    recipe: Recipe = field(default_factory=Recipe)
    settings: FlagshipSettings = field(default_factory=FlagshipSettings)
    learner: Learner = "flagship"
    pretrained: bool = False


def experiments(*, recipe: Recipe, settings: FlagshipSettings) -> dict[str, Experiment]:
    """Return all experiments by name, in the order of the table.

    Parameters
    ----------
    recipe : Recipe
        Of the baseline: composed, all augmentations, all material, with a teacher.
    settings : FlagshipSettings
        Of the baseline.
    """
    base = Experiment(
        BASELINE,
        "—",
        "all recordings and soundfonts, performances, all augmentation, labels and teacher",
        recipe=recipe,
        settings=settings,
    )
    listed = [
        base,
        *_of_learning(base),
        *_of_material(base),
        *(_without(base, family) for family in FAMILIES),
        replace(
            base,
            name="no-augmentation",
            changed="no waveform augmentation at all",
            question="what is the whole of it worth?",
            recipe=replace(recipe, families=()),
        ),
    ]
    return {experiment.name: experiment for experiment in listed}


def _of_learning(base: Experiment) -> list[Experiment]:
    labels = replace(base.settings, teacher_weight=0.0)
    narrow = Shape(stem=16, stages=(24, 48, 96), coarse=256)
    return [
        replace(
            base,
            name=LABELS_ONLY,
            changed="no teacher: labels only",
            question="what does distillation add?",
            settings=labels,
        ),
        replace(
            base,
            name="paper-cnn",
            changed="the paper's CNN, labels only",
            question="what does the flagship's design add?",
            against=LABELS_ONLY,
            settings=labels,
            learner="paper",
        ),
        replace(
            base,
            name="pretrained",
            changed="labels only, but started from a network that learned the teacher's answers "
            "for half as many epochs",
            question="is a pretrained start as good as learning both at once?",
            against=LABELS_ONLY,
            settings=labels,
            pretrained=True,
        ),
        replace(
            base,
            name="narrow",
            changed="a narrower network (24, 48, 96 filters)",
            question="does size matter?",
            settings=replace(base.settings, shape=narrow),
        ),
        replace(
            base,
            name="no-spectral",
            changed="no colouring, mixing and masking of spectrograms while training",
            question="what does augmentation of spectrograms add?",
            settings=replace(base.settings, masking=False, mixing=False, colouring=False),
        ),
    ]


def _of_material(base: Experiment) -> list[Experiment]:
    recipe = base.recipe
    return [
        replace(
            base,
            name="naive",
            changed="recordings as they are instead of composed performances",
            question="does composing performances help?",
            recipe=replace(recipe, naive=True),
        ),
        replace(
            base,
            name="soundfonts-only",
            changed="soundfonts only",
            question="are soundfonts enough?",
            recipe=replace(recipe, material="soundfonts"),
        ),
        replace(
            base,
            name="recordings-only",
            changed="recordings only",
            question="do soundfonts help?",
            recipe=replace(recipe, material="recordings"),
        ),
    ]


def _without(base: Experiment, family: str) -> Experiment:
    kept = tuple(name for name in base.recipe.families if name != family)
    return replace(
        base,
        name=f"without-{family}",
        changed=f"augmentation without {family}",
        question=f"does {family} help?",
        recipe=replace(base.recipe, families=kept),
    )
