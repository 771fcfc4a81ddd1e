"""Every engine there is, which one speaks for each stage, and ``build``, which puts the system together."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .audio import affect_wav2vec2, events, speech, tone_compact, tone_wav2vec2, transcribe
from .avamerg import engine as avamerg
from .choice import AUTO, Choice
from .download import addresses, fetch
from .errors import InputError, ModelError
from .fusion.calibrate import calibrated, read_calibrations
from .pipeline import Empathy
from .registry import WEIGHTS, Bundled, Models, ModelSpec, State, how_to_get, size_mb_of, state
from .reply import composer, endpoint, llama
from .run import Engines, Provider
from .settings import Settings, load, on_space
from .text import emotion, risk
from .vision import expression_compact, expression_deepface, faces_deepface, landmarks, posture

log = logging.getLogger(__name__)

RISK = "risk"
"""Listed like the other stages; the pipeline asks ``text.risk`` itself, since nobody chooses who judges danger."""

Spec = ModelSpec[Any]


def stages(settings: Settings) -> Mapping[str, tuple[Spec, ...]]:
    """The engines of each stage: full ones first, the one that ``auto`` prefers foremost."""
    voice = tone_compact.SPEC
    sizes = sorted(transcribe.PUBLISHED, key=lambda size: size != settings.whisper)
    named: dict[str, tuple[Spec, ...]] = {
        "avamerg": (avamerg.spec(settings, settings.avamerg),)} if settings.avamerg else {}
    return {
        "faces": (landmarks.LANDMARKER_SPEC, faces_deepface.RETINAFACE_SPEC, landmarks.MESH_SPEC,
                  faces_deepface.HAAR_SPEC),
        "expression": (expression_deepface.SPEC, expression_compact.SPEC),
        "posture": (posture.SPEC,),
        "speech": (speech.SPEC,),
        "transcript": tuple(transcribe.spec(settings, size) for size in sizes),
        "affect": (affect_wav2vec2.spec(settings), voice),
        "tone": (tone_wav2vec2.superb_spec(settings), tone_wav2vec2.ehcalabres_spec(settings), voice),
        "events": (events.spec(settings),),
        "words": (emotion.SPEC,),
        RISK: (risk.SPEC,),
        "reply": (*llama.specs(settings), endpoint.spec(settings), composer.SPEC),
        **named,
    }


def specs(settings: Settings) -> tuple[Spec, ...]:
    """Every engine once, in the order of the stages."""
    return tuple({spec.name: spec for row in stages(settings).values() for spec in row}.values())


def find(name: str, settings: Settings) -> Spec:
    """The engine of a name.

    Raises:
        InputError: there is none; the message lists them.
    """
    for spec in specs(settings):
        if spec.name == name:
            return spec
    raise InputError(f"there is no engine {name!r}; known: {', '.join(spec.name for spec in specs(settings))}")


def default_names(settings: Settings) -> tuple[str, ...]:
    """What ``models pull default`` fetches: the full engine that ``auto`` would take for each stage."""
    firsts = (row[0] for row in stages(settings).values())
    return tuple(dict.fromkeys(spec.name for spec in firsts if spec.tier == "full" and any(addresses(spec))))


@dataclass(frozen=True, kw_only=True)
class EngineRow:
    """One line of the *Engines* tab. ``figures`` are those of the card that the training command wrote."""

    stage: str
    name: str
    tier: Literal["full", "compact"]
    state: State
    speaks: bool
    licence: str
    size_mb: float
    how_to_get: str
    about: str
    problem: str | None = None
    figures: Mapping[str, Any] = field(default_factory=dict[str, Any])


class System(Empathy):
    """The pipeline with what the page and the command line need to know of its engines."""

    def __init__(self, settings: Settings, models: Models, choices: Mapping[str, Choice[Any]],
                 environ: Mapping[str, str]) -> None:
        super().__init__(Engines(**{stage: choice for stage, choice in choices.items() if stage != RISK}), settings)
        self._models = models
        self._choices = choices
        self._environ = environ
        self._fetching = threading.Lock()
        """One download at a time: two of one file would write into each other."""

    def provider(self, stage: str, wish: str = AUTO) -> Provider[Any]:
        """The engine of a stage by a wish of one visitor's; ``auto`` is what the settings say."""
        if wish == AUTO:
            return self._choices[stage]
        return Choice(self._models, stage, stages(self.settings)[stage], wish)

    def fetch_defaults(self) -> None:
        """Bring what ``auto`` takes, one engine after the other; one that can't be had is said in the log."""
        for name in default_names(self.settings):
            try:
                for _ in self.download(name):
                    continue
            except (ModelError, OSError) as error:
                log.warning("%s", error)

    @property
    def may_read_ahead(self) -> bool:
        """Whether an engine that reads ahead is here, or is on its way (one fetched later reads ahead from the next
        start on): without it, nothing is sent before it is sent."""
        if self.settings.reply not in (AUTO, "llama"):
            return False
        states = [state(spec, self.settings.models_dir) for spec in stages(self.settings)["reply"]
                  if spec.package == "llama_cpp"]
        return "ready" in states or (self.fetches and "not downloaded" in states)

    @property
    def fetches(self) -> bool:
        """Whether the default engines come by themselves: on a Space, unless the settings forbid it."""
        return on_space(self._environ) and self.settings.download == "auto"

    @property
    def server(self) -> str:
        """Host of the server that may be asked for a reply; "" where none may be."""
        return endpoint.host(self.settings) if self.settings.reply in (AUTO, "endpoint") else ""

    def rows(self) -> tuple[EngineRow, ...]:
        """Every stage's engines, as they stand now."""
        return tuple(self._row(stage, spec) for stage, row in stages(self.settings).items() for spec in row)

    def download(self, name: str) -> Iterator[tuple[int, int]]:
        """Fetch an engine's files; it speaks from the next call on. See ``download.fetch``.

        Raises:
            InputError: there is no such engine.
            ModelError: it could not be fetched.
        """
        with self._fetching:
            yield from fetch(find(name, self.settings), self.settings.models_dir, self._environ)
        self._models.forget(name)
        for choice in self._choices.values():
            choice.renew(name)

    def _row(self, stage: str, spec: Spec) -> EngineRow:
        choice = self._choices[stage]
        speaks = choice.speaking() == spec.name
        return EngineRow(
            stage=stage, name=spec.name, tier=spec.tier, state=state(spec, self.settings.models_dir), speaks=speaks,
            licence=spec.licence, size_mb=size_mb_of(spec), how_to_get=how_to_get(spec), about=spec.about,
            problem=choice.problem if speaks else None, figures=figures(spec))


def figures(spec: Spec) -> Mapping[str, Any]:
    """What the training command measured and wrote beside the weights; empty for an engine without a card."""
    if not isinstance(spec.source, Bundled):
        return {}
    card = (WEIGHTS / spec.source.files[0]).with_suffix(".json")
    return json.loads(card.read_text(encoding="utf-8")) if card.is_file() else {}


def build(settings: Settings | None = None, *, engines: Mapping[str, Spec] | None = None,
          environ: Mapping[str, str] | None = None) -> System:
    """Put the system together. Engines load when they are first needed; nothing is fetched, except on a Space, where
    the default engines come in the background and each speaks as soon as it is whole.

    Args:
        settings: None reads ``EMPATHY_*`` and ``empathy.toml``.
        engines: a spec for a stage, which then speaks there whatever the settings say.
        environ: None is the process's own.

    Raises:
        SettingsError: a setting is outside its choices.
    """
    settings = settings or load()
    environ = os.environ if environ is None else environ
    models = Models(settings.models_dir, finish=lambda stage, engine: calibrated(
        stage, engine, read_calibrations(settings.models_dir)))
    wishes = {"faces": settings.faces, "expression": settings.expression, "transcript": settings.transcript,
              "affect": settings.affect, "tone": settings.tone, "reply": settings.reply}
    if settings.llama is not None and settings.reply == AUTO:
        wishes["reply"] = "llama"  # a file that was named is wished for: its absence is said
    rows = {**stages(settings), **{stage: (spec,) for stage, spec in (engines or {}).items()}}
    choices = {stage: Choice(models, stage, row, AUTO if engines and stage in engines else wishes.get(stage, AUTO))
               for stage, row in rows.items()}
    system = System(settings, models, choices, environ)
    if system.fetches:
        threading.Thread(target=system.fetch_defaults, daemon=True).start()
    return system
