"""The learning rate of a flagship's run: a warm-up, then half a cosine to zero."""

import keras

from timbrescope.training.fit.flagship.settings import FlagshipSettings


def warmed_cosine(
    settings: FlagshipSettings, *, steps_per_epoch: int
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return the rate of every step of a run."""
    steps = max(settings.epochs * steps_per_epoch, 1)
    warm_up = int(settings.warm_up_share * steps)
    return keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=settings.learning_rate, warmup_steps=warm_up
    )
