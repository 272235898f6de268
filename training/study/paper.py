"""What the paper and its public notebooks state, to stand beside a study's own figures.

Senatori & Nardone, "Explainable Instrument Classification: From MFCC Mean-Vector Models to CNNs
on MFCC and Mel-Spectrograms with t-SNE and Grad-CAM Insights", Information 2025, 16, 864. All
figures are on a random split of its corpus.
"""

from dataclasses import dataclass

CITATION = (
    "Senatori & Nardone, “Explainable Instrument Classification: From MFCC Mean-Vector Models to "
    "CNNs on MFCC and Mel-Spectrograms with t-SNE and Grad-CAM Insights”, Information 2025, 16, 864"
)
CLIPS = 42_311


@dataclass(frozen=True)
class PaperFigures:
    """What is stated of one model; None where nothing is."""

    accuracy: float
    macro_f1: float | None = None
    weighted_f1: float | None = None


FIGURES = {
    "mel": PaperFigures(0.979, 0.96, 0.98),
    "mfcc": PaperFigures(0.98, 0.97, 0.98),
    "logistic-regression": PaperFigures(0.871, 0.82, 0.87),
    "k-nearest-neighbours": PaperFigures(0.969),
    "random-forest": PaperFigures(0.970),
}

# The weakest classes of its mel network: precision.
WEAKEST_PRECISION = {"Cymbals": 0.58, "Saxophone": 0.83}
WEAKEST_MODEL = "mel"
