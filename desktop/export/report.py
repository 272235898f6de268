"""A report on a list of files: one HTML page that needs nothing else, with pictures."""

import base64
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from string import Template

from timbrescope import __version__
from timbrescope.desktop.engine.doubt_words import doubt_in_words, likeliest
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.export.answers import claim_of, none_of_the_28
from timbrescope.desktop.export.segments import Segment, segments_of, telling_window
from timbrescope.models.analysis import State
from timbrescope.models.instruments import INSTRUMENTS
from timbrescope.models.names import printable
from timbrescope.models.times import clock_with_tenths

Picture = Callable[[FileResult], bytes | None]

_COLOUR_OF = {instrument.name: instrument.colour for instrument in INSTRUMENTS}
_PLAIN_COLOUR = "#8d99aa"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin-bottom: 0; }
.muted { color: #6b7788; }
.bar { display: inline-block; height: .8em; border-radius: .2em; vertical-align: baseline; }
table { border-collapse: collapse; } td { padding: .1rem .8rem .1rem 0; }
td.figure { text-align: right; font-variant-numeric: tabular-nums; }
article { border-top: 1px solid #8884; padding: 1rem 0; display: grid;
  grid-template-columns: 17rem 1fr; gap: 0 1.4rem; break-inside: avoid; }
article img { grid-row: 1 / 5; width: 17rem; height: 10rem; border-radius: .4rem;
  image-rendering: pixelated; }
article h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; grid-column: 2; }
article p { margin: 0; grid-column: 2; } .answer { font-size: 1.3rem; }
article svg { grid-column: 2; width: 100%; height: 1.1rem; border-radius: .3rem; }
.error { color: #c0392b; }
"""
_HEAD = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Timbrescope: $title</title><style>$style</style></head><body>
<h1>$title</h1>
<p class="muted">Timbrescope $version, model $models, $when</p>
""")


def html_report(
    results: Iterable[FileResult], *, picture: Picture | None = None, now: datetime | None = None
) -> Iterable[str]:
    """Give the page in parts, one file after the other.

    Parameters
    ----------
    results : iterable of FileResult
    picture : callable, optional
        Draws a file's most telling window as PNG; without it there are no pictures.
    now : datetime, optional
        When the report was made; by default now.
    """
    results = list(results)
    yield _HEAD.substitute(
        title=f"What was heard in {len(results)} file{'s' if len(results) != 1 else ''}",
        style=_STYLE,
        version=escape(__version__),
        models=escape(", ".join(sorted({result.model for result in results})) or "none"),
        when=escape((now or datetime.now().astimezone()).strftime("%Y-%m-%d %H:%M")),
    )
    yield _summary(results)
    for result in results:
        yield _article(result, None if picture is None else picture(result))
    yield "</body></html>\n"


def _summary(results: list[FileResult]) -> str:
    counts = Counter(_group(result) for result in results)
    most = max(counts.values(), default=1)
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="figure">{count}</td><td><span class="bar" '
        f'style="width:{16 * count / most:.2f}rem;background:{_colour(name)}"></span></td></tr>\n'
        for name, count in counts.most_common()
    )
    return f"<table>\n{rows}</table>\n"


def _group(result: FileResult) -> str:
    if result.status != "ok":
        return "could not be read"
    return result.instrument or str(result.state)


def _colour(name: str | None) -> str:
    return _COLOUR_OF.get(name or "", _PLAIN_COLOUR)


def _article(result: FileResult, drawn: bytes | None) -> str:
    parts = ["<article>"]
    if drawn is not None:
        window = telling_window(result)
        at = "" if window is None else f" from {clock_with_tenths(window.start_s)}"
        data = base64.b64encode(drawn).decode("ascii")
        alt = f"Spectrogram of 3 s{at} with the evidence"
        parts.append(f'<img alt="{alt}" src="data:image/png;base64,{data}">')
    parts.append(f"<h2>{escape(printable(str(result.path)))}</h2>")
    if result.status != "ok":
        parts.append(f'<p class="error">{escape(result.error or "")}</p></article>\n')
        return "\n".join(parts)
    parts += [f'<p class="answer">{_answer(result)}</p>', _detail(result), _strip(result)]
    return "\n".join(part for part in (*parts, "</article>\n") if part)


def _answer(result: FileResult) -> str:
    claim = claim_of(result)
    if claim.runner_up is None:
        rest = none_of_the_28(result) if result.state is State.NONE_OF_THEM else None
        words = f"<strong>{escape(str(result.state).capitalize())}</strong>"
        return words if rest is None else f"{words} {rest:.0%}"
    words = claim.instrument or f"Not sure: {claim.guess}?"
    return f"<strong>{escape(words)}</strong> {claim.probability:.0%}"


def _detail(result: FileResult) -> str:
    claim = claim_of(result)
    words = [clock_with_tenths(result.duration_s)]
    if claim.guess is not None:
        words.append(doubt_in_words(likeliest(result.probabilities), result.doubt))
    elif claim.runner_up is not None and round(100 * claim.runner_up_probability) > 0:
        words.append(f"then {claim.runner_up} {claim.runner_up_probability:.0%}")
    words += result.notes
    return f'<p class="muted">{escape(" · ".join(words))}</p>'


def _strip(result: FileResult) -> str:
    """Return the file's segments as a strip of blocks, to scale."""
    segments = segments_of(result)
    if not segments:
        return ""
    whole_s = segments[-1].end_s
    blocks = "".join(_block(each, whole_s) for each in segments)
    return f'<svg viewBox="0 0 1000 20" preserveAspectRatio="none">{blocks}</svg>'


def _block(segment: Segment, whole_s: float) -> str:
    x, width = (1000 * at / whole_s for at in (segment.start_s, segment.end_s - segment.start_s))
    opacity = 1.0 if segment.state is State.INSTRUMENT else 0.3
    begin, end = clock_with_tenths(segment.start_s), clock_with_tenths(segment.end_s)
    title = f"{begin}-{end}: {segment.words}"
    return (
        f'<rect x="{x:.2f}" y="0" width="{width:.2f}" height="20" fill="'
        f'{_colour(segment.instrument)}" opacity="{opacity}"><title>{escape(title)}</title></rect>'
    )
