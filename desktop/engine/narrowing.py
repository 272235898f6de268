"""What the user knows beforehand: which instruments there can be, and how sure a name has to be."""

from dataclasses import dataclass

from timbrescope.models.classifier import Classifier


@dataclass(frozen=True)
class Narrowing:
    """Limits beside those of the model; see `Classifier.narrowed`.

    Attributes
    ----------
    only : tuple of str
        The instruments there can be; all 28 if empty.
    threshold : float or None
        The probability from which on an instrument is named; the model's own if None.
    """

    only: tuple[str, ...] = ()
    threshold: float | None = None

    @property
    def acts(self) -> bool:
        """Whether answers are other than the model's own."""
        return bool(self.only) or self.threshold is not None

    @property
    def note(self) -> str:
        """What is to be said beside an answer that was given so; empty if it is the model's own."""
        said = []
        if self.only:
            said.append(f"only {', '.join(self.only)} could be named")
        if self.threshold is not None:
            said.append(f"named from {self.threshold:.0%} on")
        return "; ".join(said)

    def applied(self, whole: Classifier) -> Classifier:
        """Return a classifier of the same network that claims within these limits."""
        return whole.narrowed(only=self.only, threshold=self.threshold) if self.acts else whole


WHOLE = Narrowing()
