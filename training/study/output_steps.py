"""The steps that show: figures and the report."""

import numpy as np

from timbrescope.training.study.study import Study


def figures(study: Study) -> None:
    """Draw the figures whose inputs have changed, and say which could not be drawn."""
    from timbrescope.training.study.figures import draw_figures

    clips = study.training_clips()
    vectors = np.asarray(study.store.table(clips, kind="mean")[slice(None)], dtype=np.float32)
    for drawn in draw_figures(study.folder, clips=clips, vectors=vectors):
        if drawn.reason:
            study.note_problem("figures", what=drawn.name, reason=drawn.reason)


def report(study: Study) -> None:
    """Write the report from everything that is there."""
    from timbrescope.training.study.report.report import write_report

    study.say(f"  written: {write_report(study.folder)}")
