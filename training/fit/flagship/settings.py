"""What decides a flagship's weights besides its windows."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Precision = Literal["float32", "mixed_bfloat16"]


@dataclass(frozen=True)
class Shape:
    """Size of the network.

    Attributes
    ----------
    stem : int
        Filters of the first convolution.
    stages : tuple of int
        Filters of the three stages; the second gives the fine map.
    blocks : tuple of int
        Residual blocks of each stage.
    coarse : int
        Channels of the coarse map.
    dropout : float
        Share of the averages that training leaves out.
    """

    stem: int = 24
    stages: tuple[int, int, int] = (40, 80, 144)
    blocks: tuple[int, int, int] = (1, 2, 2)
    coarse: int = 384
    dropout: float = 0.2


@dataclass(frozen=True)
class FlagshipSettings:
    """How the flagship is trained.

    Attributes
    ----------
    shape : Shape
        Of the network.
    epochs : int
        Of the first cycle of the learning rate. Each shows every window once, in one of its
        variants.
    restart_epochs : int
        Of the second cycle; 0 for none.
    restart_share : float
        Highest learning rate of the second cycle, as a share of the first one's.
    plain_epochs : int
        Epochs at the end of all that see the windows without masking, mixing and colouring,
        as the finished network will.
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
    realism : float
        Power of the teacher's belief in a window's label that weighs it; 0 weighs all alike.
    masking, mixing, colouring : bool
        Whether each of the augmentations of `training.fit.flagship.spectral` is used.
    precision : str
        ``float32`` or ``mixed_bfloat16``.
    seed : int
    """

    shape: Shape = field(default_factory=Shape)
    epochs: int = 16
    restart_epochs: int = 0
    restart_share: float = 0.6
    plain_epochs: int = 0
    batch_size: int = 64
    learning_rate: float = 3e-3
    warm_up_share: float = 0.06
    weight_decay: float = 0.03
    clip_norm: float = 3.0
    label_smoothing: float = 0.1
    label_weight: float = 1.0
    teacher_weight: float = 2.0
    realism: float = 0.5
    masking: bool = True
    mixing: bool = True
    colouring: bool = True
    precision: Precision = "float32"
    seed: int = 22

    @property
    def all_epochs(self) -> int:
        """Epochs of both cycles."""
        return self.epochs + self.restart_epochs

    def as_dict(self) -> dict[str, Any]:
        """Return all settings, for JSON."""
        return asdict(self)
