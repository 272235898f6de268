"""The figures of a study: the paper's ten, and those that show what it leaves out."""

from timbrescope.training.study.figures.draw import CAPTIONS_FILE, draw_figures
from timbrescope.training.study.figures.drawing import DrawnFigure, FigureError

__all__ = ["CAPTIONS_FILE", "DrawnFigure", "FigureError", "draw_figures"]
