"""What decides a flagship's weights besides its windows, and the size of its network."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Precision = Literal["float32", "mixed_bfloat16"]


@dataclass(frozen=True)
class Shape:
    """The size of the network, and what its head sees of the trunk.

    Attributes
    ----------
    width : float
        Share of the trunk's filters that there are; the published weights fit 1.
    blocks : tuple of int
        Numbers, from 1 to 14, of the trunk's blocks whose maps the head is linear in.
    dropout : float
        Share of the maps' averages that training leaves out before the labels' logits.
    """

    width: float = 1.0
    blocks: tuple[int, ...] = (7, 9, 12, 14)
    dropout: float = 0.2


@dataclass(frozen=True)
class FlagshipSettings:
    """How the flagship is trained: the head alone, then everything gently, then part-way back.

    Attributes
    ----------
    shape : Shape
        Of the network.
    head_strength : float
        Of the logistic regression that fits the head on the frozen trunk: the inverse of its
        penalty, on standardised averages.
    epochs : int
        Of everything. Each shows every window once, in one of its variants; 0 ships the frozen
        trunk with its head.
    batch_size : int
    learning_rate : float
        Highest one; a warm-up leads to it and half a cosine from it to zero.
    warm_up_share : float
        Share of the steps that warm up.
    weight_decay : float
        Of AdamW.
    clip_norm : float
        Longest gradient that is followed.
    label_smoothing : float
    label_weight, teacher_weight : float
        Of the two losses; a teacher's weight of 0 learns from labels only.
    teacher_epochs : int
        Epochs before the first of the others in which the trunk learns the teacher's answers
        alone, at `teacher_learning_rate`; the heads are fitted on the trunk that this gives.
    teacher_learning_rate : float
    realism : float
        Power of the teacher's belief in a window's label that weighs it; 0 weighs all alike.
    holes : bool
        Whether half of the windows are shown with holes, see `training.fit.flagship.holes`.
    way_shares : tuple of float
        Points on the straight way from the start (0) to the end (1) of the training; the one with
        the highest macro recall on held-out groups is kept.
    precision : str
        ``float32`` or ``mixed_bfloat16``.
    folds : int
        How many folds of the groups are held out, each by a run of its own: those runs decide the
        share of the way, temperature and limits, and what ships learns from every group.
    seed : int
    """

    shape: Shape = field(default_factory=Shape)
    head_strength: float = 0.01
    epochs: int = 4
    batch_size: int = 48
    learning_rate: float = 1e-4
    warm_up_share: float = 0.06
    weight_decay: float = 0.01
    clip_norm: float = 3.0
    label_smoothing: float = 0.1
    label_weight: float = 1.0
    teacher_weight: float = 1.0
    teacher_epochs: int = 0
    teacher_learning_rate: float = 3e-4
    realism: float = 0.5
    holes: bool = True
    way_shares: tuple[float, ...] = (0.25, 0.5, 0.75, 1.0)
    precision: Precision = "float32"
    folds: int = 3
    seed: int = 22

    @property
    def of_teacher_first(self) -> "FlagshipSettings":
        """The settings of the run before, that learns what the teacher answers and no label."""
        return replace(
            self,
            epochs=self.teacher_epochs,
            learning_rate=self.teacher_learning_rate,
            label_weight=0.0,
            way_shares=(1.0,),
            teacher_epochs=0,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return all settings, for JSON."""
        return asdict(self)
