"""The learning rate of a flagship's run: a warm-up, half a cosine, then a gentler one again."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from timbrescope.training.fit.flagship.settings import FlagshipSettings


class CosineCycles(keras.optimizers.schedules.LearningRateSchedule):
    """A linear warm-up and half a cosine to zero; then, where wanted, a second half cosine.

    The second cycle starts without a warm-up at a share of the first one's rate (warm
    restarts: Loshchilov & Hutter, "SGDR", ICLR 2017), so that a finished run can be gone on
    with: its own steps have the same rates whether a second cycle follows or not.

    Parameters
    ----------
    settings : FlagshipSettings
    steps_per_epoch : int
    """

    def __init__(self, settings: FlagshipSettings, *, steps_per_epoch: int) -> None:
        super().__init__()
        self._settings = settings
        self._steps_per_epoch = steps_per_epoch
        first = settings.epochs * steps_per_epoch
        warm_up = int(settings.warm_up_share * first)
        self._first_steps = first
        self._first = keras.optimizers.schedules.CosineDecay(
            0.0, first - warm_up, warmup_target=settings.learning_rate, warmup_steps=warm_up
        )
        self._second = keras.optimizers.schedules.CosineDecay(
            settings.restart_share * settings.learning_rate,
            max(settings.restart_epochs * steps_per_epoch, 1),
        )

    def __call__(self, step: Any) -> tf.Tensor:
        """Return the rate of a step."""
        step = tf.cast(step, tf.float32)
        again = tf.maximum(step - np.float32(self._first_steps), 0.0)
        return tf.where(step < self._first_steps, self._first(step), self._second(again))

    def get_config(self) -> dict[str, Any]:
        """Return what it was made with."""
        return {"settings": self._settings, "steps_per_epoch": self._steps_per_epoch}
