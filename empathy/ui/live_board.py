"""The Live tab's own component: its markup, its settings, its script. Pure: what moves is moved by ``board/*.js``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..fusion.spectrum import Recipe
from ..settings import Settings
from ..vision.lines import CONTOURS
from .charts import affect_plane
from .marks import card, escape, linked, tag, text

FOLDER = Path(__file__).parent / "board"
SCRIPTS = ("camera.js", "microphone.js", "picture.js", "board.js")
GROUPS = {"face": "From the face", "voice": "From the voice", "composed": "Composed"}
CARE = {
    "check-in": "It may help to talk about it: say or write how you are.",
    "support": "This sounds heavy. You don't have to carry it alone; say or write what would help.",
    "crisis": "You don't have to do this alone. Someone to talk to, in your country: findahelpline.com",
}
"""What the board says at each level of care; the reply beside it says more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One setting of the panel. ``name`` is that of ``LiveOptions`` (or ``width``, which the browser keeps to itself);
    a number has bounds, a choice has values with what they are called, a switch has neither."""

    name: str
    label: str
    value: float | bool | str
    about: str = ""
    unit: str = ""
    bounds: tuple[float, float, float] | None = None
    choices: tuple[tuple[str, str], ...] = ()


def controls(settings: Settings) -> tuple[Control, ...]:
    """The settings panel, with the defaults of this machine."""
    return (
        Control(name="mirror", label="Mirror the picture", value=settings.live_mirror),
        Control(name="baseline", label="Compare with how I usually am", value=settings.baseline,
                about="The first 20 seconds show how you look and sound, so that a resting frown is not anger."),
        Control(name="posture", label="Read the posture", value=True),
        Control(name="transcript", label="Write down what is said", value=True,
                about="Needs a transcript engine; without the words an answer leans on the tone alone."),
        Control(name="debug", label="Show milliseconds of each stage", value=False),
        Control(name="width", label="Picture", value=str(settings.live_width),
                choices=(("320", "320 px wide"), ("480", "480 px wide"), ("640", "640 px wide"))),
        Control(name="rate", label="Pictures while waiting", value=settings.live_rate, unit=" a second",
                bounds=(1, 10, 1),
                about="On a busy machine a newer picture takes the place of one that waits."),
        Control(name="tick_s", label="An update every", value=settings.live_tick_s, unit=" s", bounds=(0.2, 2, 0.1)),
        Control(name="attack_s", label="States rise within", value=settings.live_attack_s, unit=" s",
                bounds=(0, 3, 0.1)),
        Control(name="release_s", label="States fall within", value=settings.live_release_s, unit=" s",
                bounds=(0, 6, 0.1)),
        Control(name="face_weight", label="Weight of the face", value=settings.live_face_weight, unit="×",
                bounds=(0, 2, 0.1)),
        Control(name="voice_weight", label="Weight of the voice", value=settings.live_voice_weight, unit="×",
                bounds=(0, 2, 0.1)),
        Control(name="detector", label="Face detector", value=settings.live_detector,
                choices=(("fast", "fast: follows the face"), ("accurate", "accurate: looks anew each time"),
                         ("retinaface", "RetinaFace: slow"), ("haar", "Haar: slow"))),
        Control(name="expression", label="Expression engine", value="auto",
                choices=(("auto", "the best that is here"), ("deepface", "DeepFace"), ("compact", "compact"))),
    )


def board(recipes: Sequence[Recipe], settings: Settings) -> str:
    """The whole board at rest, as the component's template: the chat takes the place of ``@children``."""
    top = tag("div", _seen(), _now(), class_="es live live-top")
    below = tag("div", _states(recipes), _panel(controls(settings)), _foot(), class_="es live",
                data_contours=json.dumps([len(each) for each in CONTOURS]))
    return f"{top}@children{below}"


@cache
def script() -> str:
    """The script of the board, its files in order."""
    return "\n".join((FOLDER / name).read_text() for name in SCRIPTS)


@cache
def style() -> str:
    """The style of the board, beside that of the page."""
    return (FOLDER / "board.css").read_text()


def _is(name: str, element: str = "span", **attributes: object) -> str:
    return tag(element, data_is=name, **attributes)


def _seen() -> str:
    resting = tag("div", text("strong", "Your camera and microphone, when you like"),
                  text("span", "Press Start. Your browser asks you first; each works without the other."),
                  class_="resting")
    picture = tag("div", _is("canvas", "canvas", role="img", width=480, height=360),
                  _is("video", "video", muted="", playsinline="", aria_hidden="true", tabindex="-1"), resting,
                  class_="stage")
    keys = tag("div", _key("start", "Start", "key main"), _key("pause", "Pause"), _key("stop", "Stop"),
               tag("span", class_="gap"), _switch("camera", "Camera"), _switch("microphone", "Microphone"),
               class_="keys")
    level = tag("span", tag("span", data_is="level"), class_="level", aria_hidden="true")
    signs = tag("div", _sign("seeing"), _sign("hearing", level), class_="signs")
    answer = _switch("reply_on_pause", "Answer me when I pause", on=False)
    tell = _is("tell", "p", class_="status", role="status", aria_live="polite")
    return tag("section", picture, keys, signs, answer, tell, class_="card seen", aria_label="What is seen and heard")


def _key(name: str, words: str, css: str = "key") -> str:
    return tag("button", escape(words), type="button", class_=css, data_do=name, data_is=name,
               hidden=None if name == "start" else "")


def _sign(name: str, *more: str) -> str:
    return tag("div", tag("i", aria_hidden="true"), tag("span"), *more, class_="sign", data_is=name, data_kind="off")


def _switch(name: str, label: str, *, on: bool = True) -> str:
    field = tag("input", type="checkbox", role="switch", data_option=name, checked="" if on else None)
    return tag("label", field, escape(label), class_="switch")


def _now() -> str:
    moving = tag("polyline", class_="path", points="", fill="none") + tag("circle", class_="dot", r=6)
    plane = affect_plane(None).replace("</svg>", f"{moving}</svg>").replace("<svg", '<svg data-is="plane"', 1)
    head = tag("div", _is("headline", "p", class_="said"), _is("sure", "small"), class_="head")
    lines = tag("div", *(_is(name, "p", class_="soft") for name in ("posture", "said", "baseline")), class_="lines")
    steady = tag("div", text("span", "stability"), _track("var(--c-all)"), text("span", "–", class_="share"),
                 class_="bar", data_is="stability",
                 title="How little the affect has moved over the last ten seconds; 100 % is perfectly steady")
    trouble = _is("masking", "div", class_="notice warn", hidden="")
    care = "".join(tag("div", linked(words), class_=f"notice {'stop' if level == 'crisis' else 'warn'}", hidden="",
                       data_care=level, role="alert" if level == "crisis" else None) for level, words in CARE.items())
    return tag("section", head, lines, trouble, care, plane, steady, class_="card now", aria_label="Now")


def _track(colour: str) -> str:
    return tag("span", tag("span", class_="fill", style=f"background:{colour}"), class_="track", aria_hidden="true")


def _states(recipes: Sequence[Recipe]) -> str:
    groups = (tag("div", text("h4", title), *(_state(each) for each in recipes if each.group == group), class_="group",
                  role="group", aria_label=title) for group, title in GROUPS.items())
    return card("Thirty states", tag("div", *groups, class_="groups"),
                aside="ways to put a moment into words, no measurement of feelings · press a name for its formula")


def _state(recipe: Recipe) -> str:
    colour = {"face": f"var(--e-{recipe.name})", "voice": "var(--c-voice)"}.get(recipe.group, "var(--c-all)")
    row = tag("summary", text("span", recipe.name), _track(colour), text("span", "–", class_="share"), class_="bar")
    why = tag("div", tag("p", text("code", recipe.formula)), text("p", f"Read from: {', '.join(recipe.channels)}."),
              text("p", recipe.source), class_="why")
    return tag("details", row, why, class_="state absent", data_name=recipe.name)


def _panel(shown: Sequence[Control]) -> str:
    return tag("details", text("summary", "Settings"), tag("div", *map(_control, shown), class_="panel"), class_="card")


def _control(control: Control) -> str:
    option = {"data_option": control.name}
    if isinstance(control.value, bool):
        field = _switch(control.name, control.label, on=control.value)
    elif control.choices:
        values = (text("option", words, value=value, selected="" if value == control.value else None)
                  for value, words in control.choices)
        field = tag("label", text("span", control.label), tag("select", *values, **option))
    else:
        low, high, step = control.bounds or (0.0, 1.0, 0.1)
        field = tag("label", text("span", control.label), tag("output"),
                    tag("input", type="range", min=low, max=high, step=step, value=control.value,
                        data_unit=control.unit, **option))
    return tag("div", field, text("small", control.about) if control.about else "", class_="control")


def _foot() -> str:
    figures = tag("div", *(_is(name) for name in ("age", "rate", "frames")), class_="figures")
    stages = tag("p", escape("Stages (median): "), _is("stages"), class_="stages soft")
    keep = tag("div", _small("json", "Save this session (JSON)"), _small("csv", "CSV"), class_="keep")
    quiet = text("small", "Nothing is stored: pictures and sound are read in memory and dropped. What you save are the "
                          "states by time, made for you alone; no picture, no sound.")
    return tag("section", tag("div", figures, keep, class_="head"), _is("slow", "p", class_="slow"),
               _is("missing", "p", class_="soft"), stages, quiet, class_="card foot", aria_label="Figures")


def _small(name: str, words: str) -> str:
    return tag("button", escape(words), type="button", class_="key small", data_do=name)
