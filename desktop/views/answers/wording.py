"""The sentences of the answer: what is claimed, how sure, and why nothing is claimed."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.agreement import Agreement
from timbrescope.desktop.engine.doubt_words import doubt_in_words, likeliest
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.engine.messages import Health, LiveUpdate
from timbrescope.desktop.engine.model_answers import ModelAnswer
from timbrescope.desktop.engine.smoothing import CLAIMS
from timbrescope.desktop.views.words.catalogue import mark, tr, translated, trn
from timbrescope.desktop.views.words.figures import figure
from timbrescope.models.analysis import Analysis, Doubt, State
from timbrescope.models.instruments import INSTRUMENTS, NAMES
from timbrescope.models.times import clock

# Of what is none of the 28: below this it resembles nothing that is worth a name.
_WORTH_NAMING = 0.05
NO_EVIDENCE = mark("This model gives no evidence")

# Thin space, so that the figure and its sign stay together and close.
_PERCENT = "\u202f%"


@dataclass(frozen=True)
class AnswerText:
    """What the answer says.

    Attributes
    ----------
    headline : str
        The instrument, or the state.
    figure : str
        The probability, empty when no instrument is claimed.
    detail : str
        The runner-up, or the reason why nothing is claimed.
    index : int or None
        Class index of the claimed instrument.
    is_guess : bool
        Whether `headline` claims less than an instrument and is drawn more quietly.
    """

    headline: str
    figure: str
    detail: str
    index: int | None
    is_guess: bool

    @property
    def spoken(self) -> str:
        """The answer as one sentence for a screen reader."""
        claim = f"{self.headline}, {self.figure}" if self.figure else self.headline
        return f"{claim}. {self.detail}" if self.detail else claim


def percent(probability: float) -> str:
    """Return a probability as whole per cent."""
    return f"{round(100 * probability)}{_PERCENT}"


def capitalised(words: str) -> str:
    """Return a text that begins with a capital; the rest keeps its own, as German nouns do."""
    return words[:1].upper() + words[1:]


def _with_figure(index: int, probabilities: NDArray[np.float32]) -> str:
    return f"{tr(NAMES[index])} {percent(float(probabilities[index]))}"


def decibels(level_dbfs: float) -> str:
    """Return a level as text; digital silence has no number."""
    if math.isinf(level_dbfs) or math.isnan(level_dbfs):
        return tr("digital silence")
    return f"{figure(level_dbfs)} dBFS"


def live_answer(update: LiveUpdate, *, presenting: bool = False) -> AnswerText:
    """Return what to say about a live update; for an audience there is nothing to choose from."""
    health = update.source.health
    if health is Health.PAUSED:
        going_on = tr("Press Space to go on listening")
        if not update.answer.claims:
            return _plain(tr("Paused"), going_on)
        # What was answered last stays to be looked at.
        return replace(_running_answer(update), detail=tr("Paused. {going_on}", going_on=going_on))
    if health is Health.STALLED:
        return _plain(
            tr("No signal"), tr("No sound arrives from {source}", source=update.source.name)
        )
    if health in (Health.FAILED, Health.STOPPED):
        choose = tr("Choose a source of sound above, or press D for the demo")
        if presenting:
            choose = tr("Press Esc and choose a source of sound")
        return _plain(tr("No signal"), choose)
    if health is Health.STARTING:
        source = update.source.name
        return _plain(tr("Starting"), tr("Opening {source}", source=source) if source else "")
    return _running_answer(update)


def _running_answer(update: LiveUpdate) -> AnswerText:
    if update.state is State.NO_SIGNAL:
        source = update.source.name
        return _plain(tr("No signal"), tr("Only zeros arrive from {source}", source=source))
    if update.state is State.QUIET:
        level = update.preview.level_dbfs if update.preview else update.level.rms_dbfs
        return _plain(
            tr("Quiet"), tr("Too quiet: {level}. Play, or move closer", level=decibels(level))
        )
    if update.state is State.LISTENING:
        return _plain(tr("Listening"), tr("Too little sound for an answer yet: play on"))
    return answer_text(update.state, update.probabilities, doubt=update.doubt)


def file_answer(result: FileResult) -> AnswerText:
    """Return what to say about a file."""
    if result.status != "ok":
        return _plain(tr("Cannot be read"), translated(result.error or ""))
    if result.state is State.NO_SIGNAL:
        return _plain(tr("No signal"), tr("The file holds digital silence only"))
    if result.state is State.QUIET:
        return _plain(tr("Quiet"), tr("Nothing in this file is loud enough for an answer"))
    return answer_text(result.state, result.probabilities, doubt=result.doubt)


def windows_note(result: FileResult) -> str:
    """Return why a file's answer and those of its windows differ, empty if they do not."""
    heard = [each for each in result.windows if each.state in CLAIMS]
    alike = sum(
        each.state is result.state and each.instrument == result.instrument for each in heard
    )
    if result.state not in CLAIMS or alike == len(heard):
        return ""
    rule = tr(
        "The file's answer comes from the mean of its windows' probabilities, each weighted by the "
        "sound that it adds."
    )
    if not alike:
        return f"{rule} {tr('No window says the same by itself.')}"
    says = trn(
        "By itself one of {all} windows says the same.",
        "By themselves {count} of {all} windows say the same.",
        alike,
        all=len(heard),
    )
    return f"{rule} {says}"


def window_answer(analysis: Analysis) -> AnswerText:
    """Return what to say about one window of a file, or of the past."""
    if analysis.state in (State.QUIET, State.NO_SIGNAL):
        answer = AnswerText(capitalised(tr(str(analysis.state))), "", "", None, is_guess=True)
    else:
        answer = answer_text(analysis.state, analysis.probabilities, doubt=analysis.doubt)
    span = f"{clock(analysis.start_s)}–{clock(analysis.end_s)}"
    return replace(answer, detail=f"{span} · {answer.detail}" if answer.detail else span)


def no_answer_at(second: float) -> AnswerText:
    """Return what to say where nothing was said in the past."""
    return _plain(tr("No answer here"), clock(second))


def answer_text(
    state: State, probabilities: NDArray[np.float32], *, doubt: Doubt | None = None
) -> AnswerText:
    """Return what to say about probabilities that are worth something.

    `doubt` is why no instrument is named, where that is known: kept lists of earlier versions do
    not tell.
    """
    order = np.argsort(probabilities)[::-1]
    best, second = int(order[0]), int(order[1])
    if state is State.LISTENING:
        return _plain(tr("Listening"), tr("Less than a second of sound: too little to go by"))
    if state is State.NONE_OF_THEM:
        return _none_of_them(probabilities, best, doubt)
    if state is not State.INSTRUMENT:
        return _plain(tr("Not sure"), doubt_words(probabilities, doubt))
    detail = tr(INSTRUMENTS[best].family)
    if round(100 * float(probabilities[second])) > 0:
        detail += " · " + tr("then {answer}", answer=_with_figure(second, probabilities))
    return AnswerText(
        headline=tr(NAMES[best]),
        figure=percent(float(probabilities[best])),
        detail=detail,
        index=best,
        is_guess=False,
    )


def _none_of_them(probabilities: NDArray[np.float32], best: int, doubt: Doubt | None) -> AnswerText:
    rest = 1.0 - float(probabilities.sum()) if doubt is None else doubt.found
    words = tr("Another instrument, a voice, or a noise")
    if float(probabilities[best]) >= _WORTH_NAMING:
        words += " · " + tr("most like {answer}", answer=_with_figure(best, probabilities))
    return AnswerText(tr("None of the 28"), percent(rest), words, None, is_guess=True)


def doubt_words(probabilities: NDArray[np.float32], doubt: Doubt | None) -> str:
    """Return why an answer is not sure, with what was found and what a name needs."""
    return doubt_in_words(likeliest(probabilities), doubt, translate=tr, figure=percent)


def agreement_words(found: Agreement) -> str:
    """Return in one sentence whether the models agree."""
    if found.asked == 0:
        return tr("No model can answer")
    name = tr(found.instrument or "")
    if found.claims == 0:
        if found.guesses > 1:
            return tr(
                "No model is sure; {guesses} of {asked} guess {name}",
                guesses=found.guesses,
                asked=found.asked,
                name=name,
            )
        return tr("No model names an instrument")
    if found.instrument is None:
        return tr("The models disagree")
    if found.votes == found.asked > 1:
        return tr("All {asked} models say {name}", asked=found.asked, name=name)
    words = trn(
        "{count} of {asked} models says {name}",
        "{count} of {asked} models say {name}",
        found.votes,
        asked=found.asked,
        name=name,
    )
    if found.guesses:
        words += ", " + trn("{count} more guesses it", "{count} more guess it", found.guesses)
    return words


def model_answer_words(answer: ModelAnswer) -> str:
    """Return what one model says, in a few words; with a question mark if it is not sure."""
    if answer.problem:
        return tr("Cannot answer")
    if answer.state is State.INSTRUMENT:
        return tr(NAMES[answer.best])
    if answer.state is State.NONE_OF_THEM:
        return tr("None of the 28")
    if answer.state is State.NOT_SURE:
        return f"{tr(NAMES[answer.best])}?"
    return "–" if answer.state is State.NO_SIGNAL else capitalised(tr(str(answer.state)))


def _plain(headline: str, detail: str) -> AnswerText:
    return AnswerText(headline, "", detail, None, is_guess=True)
