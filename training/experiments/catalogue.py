"""The experiments: what each changes, and what it is compared with."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from timbrescope.training.augment import FAMILIES
from timbrescope.training.fit.flagship.settings import FlagshipSettings
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
    published : bool
        Whether the trunk starts from its published weights instead of random ones.
    ensemble : int
        How many networks, each of another seed, are trained first for this one to be the student
        of their mean answers; 0 for none.
    """

    name: str
    changed: str
    question: str
    against: str = BASELINE
    recipe: Recipe = field(default_factory=Recipe)
    settings: FlagshipSettings = field(default_factory=FlagshipSettings)
    learner: Learner = "flagship"
    published: bool = True
    ensemble: int = 0


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
    settings = base.settings
    labels = replace(settings, teacher_weight=0.0)
    return [
        replace(
            base,
            name="frozen",
            changed="the trunk stays as it was published: only the linear head is fitted",
            question="what does fine-tuning add?",
            settings=replace(settings, epochs=0),
        ),
        replace(
            base,
            name="last-block",
            changed="a head on the trunk's last map only",
            question="do the middle maps help?",
            settings=replace(
                settings, shape=replace(settings.shape, blocks=settings.shape.blocks[-1:])
            ),
        ),
        replace(
            base,
            name="not-published",
            changed="the trunk starts from random weights",
            question="what does the pretrained trunk add?",
            published=False,
        ),
        replace(
            base,
            name="whole-way",
            changed="the end of the training instead of a point on the way to it",
            question="does averaging start and end help?",
            settings=replace(settings, way_shares=(1.0,)),
        ),
        replace(
            base,
            name="no-holes",
            changed="no holes in the windows while training",
            question="what do holes cost or add?",
            settings=replace(settings, holes=False),
        ),
        replace(
            base,
            name="more-teacher",
            changed="three times the weight of the teacher's answers",
            question="how much should the teacher count?",
            settings=replace(settings, teacher_weight=3.0 * settings.teacher_weight),
        ),
        replace(
            base,
            name="teacher-first",
            changed="the trunk learns the teacher's answers alone for 6 epochs before all else",
            question="is the teacher imitated too little?",
            settings=replace(settings, teacher_epochs=6),
        ),
        replace(
            base,
            name="ensemble-student",
            changed="half of each label is what three networks of other seeds believe, and all of "
            "what music is",
            question="does a student of an ensemble do better?",
            ensemble=3,
        ),
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
    ]


def _of_material(base: Experiment) -> list[Experiment]:
    recipe = base.recipe
    return [
        replace(
            base,
            name="all-recorded",
            changed="recordings as they are only, no composed performances",
            question="does composing performances help?",
            recipe=replace(recipe, recorded_share=1.0),
        ),
        replace(
            base,
            name="none-recorded",
            changed="composed performances only, no recordings as they are",
            question="do recordings as they are help?",
            recipe=replace(recipe, recorded_share=0.0),
        ),
        replace(
            base,
            name="few-notes",
            changed="notes alone in 18 % of the windows instead of 45 %, none of them held",
            question="do held tones and single hits help?",
            recipe=replace(recipe, note_share=0.18, held_share=0.0),
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
