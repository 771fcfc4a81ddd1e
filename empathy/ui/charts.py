"""The charts: plain functions from readings to markup. Colours are the variables of ``page.css``; each chart is one
image to a screen reader, with its content in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..types import EMOTIONS, Affect, Emotions, FaceQuality, Moment, SoundEvent, Span
from .marks import clock, escape, known, number, share, tag, text

_SIZE = 240.0
_MARGIN = 24.0
_REACH = (_SIZE - 2 * _MARGIN) / 2
SHORT_S = 12.0
"""Below this, marks of a time scale are given in tenths of a second: whole ones would repeat."""


def emotion_bars(emotions: Emotions, title: str, *, faint: bool = False, n_shown: int = len(EMOTIONS)) -> str:
    """The ``n_shown`` likeliest emotions as bars; a screen reader is told all eight. ``faint`` draws them pale, for a
    reading that should not be leant on."""
    pairs = emotions.items()
    words = ", ".join(f"{name} {share(value)}" for name, value in pairs)
    rows = (tag("div", text("span", name),
                _track(value, f"var(--e-{name})"), text("span", share(value), class_="share"), class_="bar")
            for name, value in pairs[:n_shown])
    return tag("div", *rows, role="img", aria_label=f"{title}: {words}", class_="faint" if faint else None)


def _track(value: float, colour: str) -> str:
    fill = tag("span", class_="fill", style=f"width:{100 * min(1.0, max(0.0, value)):.1f}%;background:{colour}")
    return tag("span", fill if value >= 0.005 else "", class_="track")


def share_bars(shares: Mapping[str, float], title: str, colour: str = "var(--c-all)") -> str:
    """Bars for named numbers in [0, 1], in the order given."""
    pairs = [(name, value) for name, value in shares.items() if known(value)]
    words = ", ".join(f"{name} {share(value)}" for name, value in pairs)
    rows = (tag("div", text("span", name),
                _track(value, colour), text("span", share(value), class_="share"), class_="bar")
            for name, value in pairs)
    return tag("div", *rows, role="img", aria_label=f"{title}: {words}")


def _at(valence: float, arousal: float) -> tuple[float, float]:
    return _SIZE / 2 + _REACH * valence, _SIZE / 2 - _REACH * arousal


def affect_plane(now: Affect | None, trail: Sequence[Affect] = (), channels: Mapping[str, Affect] | None = None) -> str:
    """The valence-arousal plane: the present as a point in its ellipse of one standard deviation, the path of the
    session behind it, and what single channels said as small rings.

    Args:
        now: the estimate; None draws an empty plane.
        trail: earlier estimates, oldest first.
        channels: readings by channel name ("face", "voice", "words").
    """
    parts = [_axes()]
    path = [_at(each.valence, each.arousal) for each in (*trail, *((now,) if now else ()))]
    if len(path) > 1:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in path)
        parts.append(tag("polyline", points=points, fill="none", stroke="var(--c-all)", stroke_width=1.5,
                         stroke_opacity=0.45, stroke_linejoin="round"))
        parts += [tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=2.5, fill="var(--c-all)", fill_opacity=0.5)
                  for x, y in path[:-1]]
    for name, each in (channels or {}).items():
        x, y = _at(each.valence, each.arousal)
        parts.append(tag("circle", text("title", f"{name}: {_in_words(each)}"), cx=f"{x:.1f}", cy=f"{y:.1f}", r=5,
                         fill="var(--e-paper)", stroke=f"var(--c-{name})", stroke_width=2.5))
    if now:
        x, y = _at(now.valence, now.arousal)
        parts.append(tag("ellipse", cx=f"{x:.1f}", cy=f"{y:.1f}", rx=f"{_REACH * min(now.valence_sd, 1):.1f}",
                         ry=f"{_REACH * min(now.arousal_sd, 1):.1f}", fill="var(--c-all)", fill_opacity=0.14,
                         stroke="var(--c-all)", stroke_opacity=0.5, stroke_dasharray="3 3"))
        parts.append(tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=6, fill="var(--c-all)"))
    label = f"Valence and arousal: {_in_words(now) if now else 'nothing read yet'}"
    if trail:
        label += f"; {len(trail)} earlier in this session"
    drawing = tag("svg", text("title", label), *parts, viewBox=f"0 0 {_SIZE:.0f} {_SIZE:.0f}", class_="plane",
                  role="img", aria_label=label)
    return drawing + _keys({name: f"var(--c-{name})" for name in (channels or {})})


def _axes() -> str:
    middle, far = _SIZE / 2, _SIZE - _MARGIN
    line = {"stroke": "var(--e-line)", "stroke_width": 1}
    return "".join((
        tag("rect", x=_MARGIN, y=_MARGIN, width=2 * _REACH, height=2 * _REACH, rx=10, fill="var(--e-tint)", **line),
        tag("line", x1=_MARGIN, y1=middle, x2=far, y2=middle, **line),
        tag("line", x1=middle, y1=_MARGIN, x2=middle, y2=far, **line),
        text("text", "excited", x=middle, y=_MARGIN - 8, text_anchor="middle"),
        text("text", "calm", x=middle, y=far + 17, text_anchor="middle"),
        text("text", "unpleasant", x=_MARGIN - 8, y=middle, text_anchor="middle",
             transform=f"rotate(-90 {_MARGIN - 8} {middle})"),
        text("text", "pleasant", x=far + 15, y=middle, text_anchor="middle",
             transform=f"rotate(-90 {far + 15} {middle})"),
    ))


def _in_words(affect: Affect) -> str:
    return (f"valence {number(affect.valence)} ± {number(affect.valence_sd)}, "
            f"arousal {number(affect.arousal)} ± {number(affect.arousal_sd)}")


def _keys(colours: Mapping[str, str]) -> str:
    keys = (tag("span", tag("i", style=f"background:{colour}"), escape(name), class_="key")
            for name, colour in colours.items())
    return tag("div", *keys, aria_hidden="true") if colours else ""


def waveform(envelope: Sequence[float], duration_s: float, speech: Sequence[Span],
             events: Sequence[SoundEvent] = ()) -> str:
    """Loudness over time, with the stretches of speech tinted and other sounds marked.

    Args:
        envelope: peak of each slice of equal length, in [0, 1].
        duration_s: length of the recording.
        speech: where somebody speaks.
        events: sounds that are no words.
    """
    if duration_s <= 0 or not envelope:
        return ""
    top = max((peak for peak in envelope if known(peak)), default=0.0) or 1.0
    parts = [tag("rect", x=f"{1000 * each.start_s / duration_s:.1f}", y=0,
                 width=f"{1000 * each.duration_s / duration_s:.1f}", height=100, fill="var(--c-voice)",
                 fill_opacity=0.16) for each in speech]
    step = 1000 / len(envelope)
    for i, peak in enumerate(envelope):
        half = 46 * (peak / top if known(peak) else 0.0) + 1
        parts.append(tag("rect", x=f"{i * step + 0.15 * step:.1f}", y=f"{50 - half:.1f}", width=f"{0.7 * step:.1f}",
                         height=f"{2 * half:.1f}", fill="var(--c-voice)"))
    for event in events:
        parts.append(tag("rect", text("title", event.kind), x=f"{1000 * event.start_s / duration_s:.1f}", y=0,
                         width=f"{max(4.0, 1000 * (event.end_s - event.start_s) / duration_s):.1f}", height=100,
                         fill="var(--e-happy)", fill_opacity=0.45))
    spoken = sum(each.duration_s for each in speech)
    label = f"Waveform of {number(duration_s, 1)} s: speech for {number(spoken, 1)} s"
    if events:
        label += "; " + ", ".join(f"{event.kind} at {clock(event.start_s)}" for event in events)
    keys = {"speech": "var(--c-voice)"} | ({"other sounds": "var(--e-happy)"} if events else {})
    return _stretch(parts, label) + _scale(duration_s) + _keys(keys)


def _stretch(parts: Sequence[str], label: str, css: str = "stretch") -> str:
    return tag("svg", text("title", label), *parts, viewBox="0 0 1000 100", preserveAspectRatio="none", class_=css,
               role="img", aria_label=label)


def _scale(duration_s: float) -> str:
    marks = (duration_s * i / 4 for i in range(5))
    told = (clock(mark) if duration_s >= SHORT_S else number(mark, 1, "s") for mark in marks)
    return tag("div", *(text("span", mark) for mark in told), class_="scale", aria_hidden="true")


def timeline(moments: Sequence[Moment], duration_s: float) -> str:
    """A video over time: valence of face and voice as lines, and each channel's likeliest emotion as a strip."""
    if not moments or duration_s <= 0:
        return ""
    parts = [tag("line", x1=0, y1=50, x2=1000, y2=50, stroke="var(--e-line)", vector_effect="non-scaling-stroke")]
    for channel in ("face", "voice"):
        parts += [_line(run, duration_s, f"var(--c-{channel})") for run in _runs(moments, channel)]
    label = "Valence over time: " + "; ".join(_course(moments, channel) for channel in ("face", "voice"))
    strips = "".join(_strip(moments, channel, duration_s) for channel in ("face", "voice"))
    seen = {each.top for moment in moments for each in (moment.face, moment.voice) if each}
    return "".join((
        text("h4", "Valence: up is pleasant, down is unpleasant"), _stretch(parts, label), _scale(duration_s),
        _keys({"face": "var(--c-face)", "voice": "var(--c-voice)"}), strips,
        _keys({name: f"var(--e-{name})" for name in EMOTIONS if name in seen}),
    ))


def _affect(moment: Moment, channel: str) -> Affect | None:
    return moment.face_affect if channel == "face" else moment.voice_affect


def _runs(moments: Sequence[Moment], channel: str) -> list[list[tuple[float, float]]]:
    """Unbroken stretches of (time, valence): where a channel said nothing, the line has a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for moment in moments:
        affect = _affect(moment, channel)
        if affect is not None:
            runs[-1].append((moment.time_s, affect.valence))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _line(run: Sequence[tuple[float, float]], duration_s: float, colour: str) -> str:
    points = [(1000 * time / duration_s, 50 - 46 * valence) for time, valence in run]
    if len(points) == 1:
        points.append((points[0][0] + 4, points[0][1]))
    return tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), fill="none", stroke=colour,
               stroke_width=2.5, stroke_linejoin="round", vector_effect="non-scaling-stroke")


def _course(moments: Sequence[Moment], channel: str) -> str:
    values = [affect.valence for moment in moments if (affect := _affect(moment, channel))]
    if not values:
        return f"{channel} not read"
    return f"{channel} from {number(values[0])} to {number(values[-1])}, lowest {number(min(values))}"


def _strip(moments: Sequence[Moment], channel: str, duration_s: float) -> str:
    parts: list[str] = []
    words: list[str] = []
    for i, moment in enumerate(moments):
        emotions = moment.face if channel == "face" else moment.voice
        end_s = moments[i + 1].time_s if i + 1 < len(moments) else duration_s
        if emotions is None:
            continue
        note = f"{clock(moment.time_s)} {emotions.top} {share(getattr(emotions, emotions.top))}"
        parts.append(tag("rect", text("title", note), x=f"{1000 * moment.time_s / duration_s:.1f}", y=0,
                         width=f"{1000 * max(0.0, end_s - moment.time_s) / duration_s:.1f}", height=100,
                         fill=f"var(--e-{emotions.top})"))
        if not words or words[-1] != emotions.top:
            words.append(emotions.top)
    if not parts:
        return ""
    label = f"Likeliest emotion of the {channel} over time: {', '.join(words)}"
    return text("h4", f"{channel.capitalize()}: likeliest emotion") + _stretch(parts, label, "strip")


def quality_badges(quality: FaceQuality, *, troubles_alone: bool = False) -> str:
    """What helps or hinders the reading of a face, one badge each; what hinders is marked, and may be shown alone."""
    checks = (
        (f"{number(quality.size_px, 0)} px", quality.size_px < 64, "small"),
        (f"light {share(quality.light)}", not 0.2 <= quality.light <= 0.85, "too dark" if quality.light < 0.5 else
         "too bright"),
        (f"sharpness {share(quality.sharpness)}", quality.sharpness < 0.3, "blurred"),
        (f"frontal {share(quality.frontal)}", quality.frontal < 0.5, "turned away"),
        (f"in the picture {share(quality.inside)}", quality.inside < 0.9, "cut by the border"),
        (f"quality {share(quality.score)}", quality.score < 0.4, "poor"),
    )
    badges = [text("span", f"{words}: {trouble}" if low else words, class_="badge low" if low else "badge")
              for words, low, trouble in checks if low or not troubles_alone]
    return tag("div", *badges, class_="badges") if badges else ""
