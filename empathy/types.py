"""The values that pass between stages: frozen, checked, plain.

Conventions, everywhere: probabilities and confidences in [0, 1]; affect axes in [-1, 1]; times in seconds from the
start of the input; boxes in pixels of the upright picture; angles in radians. ``docs/numbers.md`` tells what each
number means and where it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""RGB, upright, shape (height, width, 3)."""

Samples: TypeAlias = NDArray[np.float32]
"""Mono sound at 16 kHz, shape (n_samples,), in [-1, 1], at the level it was recorded."""

Points: TypeAlias = NDArray[np.float32]
"""Landmarks, shape (n_points, 3): x and y in pixels of the picture, z in the same scale, smaller is nearer."""

SAMPLE_RATE_HZ = 16_000

Emotion: TypeAlias = Literal["angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise"]

EMOTIONS: tuple[Emotion, ...] = ("angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""The eight emotions, in the order of every array of emotions in this package."""

Channel: TypeAlias = Literal["face", "posture", "voice", "words"]


def _unit(name: str, *values: float) -> None:
    for value in values:
        if not 0.0 <= value <= 1.0:  # also false for NaN
            raise ValueError(f"{name} must lie in [0, 1], not {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Emotions:
    """A distribution over the eight emotions; sums to 1 within 1e-3. An engine that lacks an emotion gives it 0."""

    angry: float = 0.0
    contempt: float = 0.0
    disgust: float = 0.0
    fear: float = 0.0
    happy: float = 0.0
    neutral: float = 0.0
    sad: float = 0.0
    surprise: float = 0.0

    def __post_init__(self) -> None:
        values = [getattr(self, name) for name in EMOTIONS]
        _unit("each probability", *values)
        if abs(sum(values) - 1.0) > 1e-3:
            raise ValueError(f"the probabilities must sum to 1, not {sum(values):.4f}")

    @classmethod
    def of(cls, weights: Mapping[str, float] | NDArray[np.floating[Any]]) -> Emotions:
        """Normalise non-negative weights, by name or as an array of shape (8,) in the order of ``EMOTIONS``."""
        if isinstance(weights, Mapping):
            unknown = set(weights) - set(EMOTIONS)
            if unknown:
                raise ValueError(f"unknown emotions {sorted(unknown)}; known: {', '.join(EMOTIONS)}")
            array = np.array([float(weights.get(name, 0.0)) for name in EMOTIONS])
        else:
            array = np.asarray(weights, dtype=np.float64)
        if array.shape != (len(EMOTIONS),) or not np.all(np.isfinite(array)) or array.min() < 0 or array.sum() <= 0:
            raise ValueError(f"eight finite weights, none negative, not all 0, are needed; got {array!r}")
        return cls(**dict(zip(EMOTIONS, (array / array.sum()).tolist(), strict=True)))

    def array(self) -> NDArray[np.float64]:
        """Shape (8,), in the order of ``EMOTIONS``."""
        return np.array([getattr(self, name) for name in EMOTIONS], dtype=np.float64)

    def items(self) -> tuple[tuple[Emotion, float], ...]:
        """Pairs of name and probability, likeliest first."""
        pairs: list[tuple[Emotion, float]] = [(name, float(getattr(self, name))) for name in EMOTIONS]
        return tuple(sorted(pairs, key=lambda pair: -pair[1]))

    @property
    def top(self) -> Emotion:
        """The likeliest emotion."""
        return self.items()[0][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Affect:
    """Valence (unpleasant to pleasant), arousal (calm to excited), dominance (yielding to in control), each in
    [-1, 1] with a standard deviation on the same scale."""

    valence: float
    arousal: float
    dominance: float
    valence_sd: float
    arousal_sd: float
    dominance_sd: float

    def __post_init__(self) -> None:
        for name in ("valence", "arousal", "dominance"):
            if not -1.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must lie in [-1, 1], not {getattr(self, name)!r}")
            if not 0.0 <= getattr(self, f"{name}_sd") < np.inf:
                raise ValueError(f"{name}_sd must be finite and not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels of the upright picture; x and y name its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time."""

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.start_s <= self.end_s:
            raise ValueError(f"a span needs 0 <= start_s <= end_s, not {self.start_s!r} and {self.end_s!r}")

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadPose:
    """Radians; 0 is straight into the camera. Pitch > 0: chin up. Yaw > 0: turned to the person's own left (the
    right of an unmirrored picture). Roll > 0: head tilted to the person's own left shoulder (clockwise as seen)."""

    pitch_rad: float
    yaw_rad: float
    roll_rad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceQuality:
    """How well a face can be seen. ``light`` is the mean grey level in [0, 1]; ``sharpness`` in [0, 1], 0 is blurred
    beyond use; ``frontal`` is 1 straight ahead, 0 in profile; ``inside`` the share of the face within the picture;
    ``score`` in [0, 1] takes all into one."""

    size_px: float
    light: float
    sharpness: float
    frontal: float
    inside: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceReading:
    """One face. ``emotions`` is the expression as it looks, not what is felt. ``eye_openness`` (the person's left,
    right) in [0, 1], 0 is shut. ``blendshapes`` only where the landmarker is on the machine."""

    box: Box
    detection_confidence: float
    emotions: Emotions
    affect: Affect
    head_pose: HeadPose
    eye_openness: tuple[float, float]
    quality: FaceQuality
    confidence: float
    abstains: bool
    engine: str
    landmarks: Points = field(metadata={"bulky": True})
    blendshapes: Mapping[str, float] | None = field(default=None, metadata={"bulky": True})

    def __post_init__(self) -> None:
        _unit("detection_confidence and confidence", self.detection_confidence, self.confidence)
        self.landmarks.setflags(write=False)


PostureLabel: TypeAlias = Literal["upright", "slouched", "leaning in", "leaning back", "arms raised", "hand at face",
                                  "arms crossed", "open"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PostureReading:
    """The main person's upper body. ``shoulder_tilt_rad`` > 0: the person's left shoulder is higher. ``slouch``,
    ``openness``, ``hands_near_face``, ``arms_raised`` in [0, 1]; ``lean`` in [-1, 1], > 0 is towards the camera;
    ``movement`` in shoulder widths a second, None for a still picture; ``visibility`` in [0, 1] of shoulders and head.
    A part that is out of the picture gives None. ``label`` only when clear."""

    shoulder_tilt_rad: float
    slouch: float | None
    lean: float | None
    openness: float | None
    hands_near_face: float | None
    arms_raised: float | None
    movement: float | None
    visibility: float
    label: PostureLabel | None
    engine: str
    landmarks: Points = field(metadata={"bulky": True})
    landmark_visibility: NDArray[np.float32] = field(metadata={"bulky": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One transcribed word with its time and the engine's probability for it."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said; ``language`` as an ISO 639-1 code; ``confidence`` is the mean over the words."""

    text: str
    language: str
    words: tuple[Word, ...]
    confidence: float
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prosody:
    """The melody of speech, over its speech spans alone. What could not be measured (too short, unvoiced) is None.

    ``f0_median_hz``; ``f0_range_semitones`` between the 10th and the 90th percentile; ``rate_syllables_per_s``;
    ``pause_share`` of the time between first and last speech, and ``n_pauses`` above 0.2 s; ``loudness_dbfs`` (RMS,
    before any gain); ``jitter`` and ``shimmer`` (local, as shares); ``hnr_db``; ``tremor_hz`` and ``tremor_depth``
    (share) of a slow modulation of f0."""

    f0_median_hz: float | None
    f0_range_semitones: float | None
    rate_syllables_per_s: float | None
    pause_share: float | None
    n_pauses: int
    loudness_dbfs: float
    jitter: float | None
    shimmer: float | None
    hnr_db: float | None
    tremor_hz: float | None
    tremor_depth: float | None


EventKind: TypeAlias = Literal["sigh", "breath", "laugh", "cry", "cough"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundEvent:
    """A sound that is no word. ``confidence`` is the share of such reports that were right on labelled sounds, 0.5 for
    ``experimental`` kinds, which could not be measured and are off by default."""

    kind: EventKind
    start_s: float
    end_s: float
    confidence: float
    experimental: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceReading:
    """One recording. Without speech ``speech`` is empty and transcript, emotions, affect and prosody are None.

    ``calm`` is the share of ``emotions.neutral`` that an engine which knows the word calls calm. ``snr_db`` is speech
    over background. ``features`` (log-mel and MFCC statistics) only on request."""

    duration_s: float
    speech: tuple[Span, ...]
    transcript: Transcript | None
    emotions: Emotions | None
    calm: float | None
    affect: Affect | None
    prosody: Prosody | None
    events: tuple[SoundEvent, ...]
    snr_db: float | None
    clipped: bool
    confidence: float
    abstains: bool
    engine: str | None
    features: Mapping[str, float] | None = None


RiskLevel: TypeAlias = Literal["none", "concern", "crisis"]
RiskCategory: TypeAlias = Literal["suicidal thoughts", "self-harm", "harm by others", "harm to others", "substance",
                                  "acute distress"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What the words say of danger; ``cues`` are the very words that raised it; ``probability`` of a crisis is the
    classifier's own, beside which the rules have their say in ``level``; None where rules speak alone."""

    level: RiskLevel
    category: RiskCategory | None
    cues: tuple[str, ...]
    probability: float | None


NO_RISK = Risk(level="none", category=None, cues=(), probability=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsReading:
    """Typed words or a transcript. ``labels`` are the 28 GoEmotions names with independent probabilities; ``emotions``
    the same folded to our eight; ``confidence`` falls for short, unknown or roughly transcribed words."""

    text: str
    source: Literal["typed", "spoken"]
    emotions: Emotions
    labels: Mapping[str, float]
    affect: Affect
    risk: Risk
    confidence: float
    abstains: bool
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one channel said for an estimate: ``emotion`` its own likeliest one and ``number`` the probability it gives
    it; ``weight`` in [-1, 1] how far it pushed towards the estimate's, negative: away. A channel that knows no emotions
    has None, and its dominance as the number. In a ``Masking``, face and voice weigh by their confidence, and words by
    the nats that they added to its score."""

    channel: Channel
    claim: str
    number: float
    weight: float
    emotion: Emotion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One step from even odds to an estimate: what ``source`` added to the log-odds of each emotion, in nats, against
    the mean of all eight. "pairing" is what hearing two channels together adds. Over all steps these sum to
    log p(e) minus its mean over the emotions."""

    source: Channel | Literal["pairing"]
    nats: Mapping[Emotion, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """A face and a voice that tell different stories. ``score`` is the log likelihood ratio, in nats, of one emotion
    shown and another felt against both being one, or differing harmlessly; ``probability`` the same by Bayes' rule
    from a prior of 0.1; ``shown`` and ``felt`` the likeliest emotion on each side. Never from one channel alone."""

    score: float
    probability: float
    shown: Emotion
    felt: Emotion
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """All channels together. ``weights`` tells how much each channel counted and sums to 1; ``doubt`` why it abstains:
    "mixed" where channels that are sure contradict each other, "can't tell" where they are faint; ``pushes`` the steps
    from even odds to ``emotions``; ``stability`` in [0, 1] over a session or a video, None for one moment; ``spectrum``
    holds the named states that could be read."""

    emotions: Emotions
    affect: Affect
    confidence: float
    abstains: bool
    weights: Mapping[Channel, float]
    evidence: tuple[Evidence, ...]
    doubt: Literal["mixed", "can't tell"] | None = None
    pushes: tuple[Push, ...] = ()
    insights: tuple[str, ...] = ()
    stability: float | None = None
    spectrum: Mapping[str, float] | None = None
    masking: Masking | None = None


CareLevel: TypeAlias = Literal["none", "check-in", "support", "crisis"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What the situation asks for: decided by code over words, time and buttons, never by a face alone."""

    level: CareLevel
    reasons: tuple[str, ...]
    offers: tuple[str, ...]


NO_CARE = Care(level="none", reasons=(), offers=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A stage that could not speak, why, and what brings it back."""

    stage: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One point of a video's timeline; a channel that said nothing there is None."""

    time_s: float
    face: Emotions | None
    face_affect: Affect | None
    voice: Emotions | None
    voice_affect: Affect | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipReading:
    """What a network that was given words, sound and pictures of a clip together answered; ``given`` names those that
    were there. It stands beside the estimate and has no weight in it."""

    emotions: Emotions
    given: tuple[str, ...]
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Analysis:
    """Everything read from one input, as far as it has come. ``faces``: the main face first."""

    input: str
    kind: Literal["image", "audio", "video", "words", "turn"]
    faces: tuple[FaceReading, ...] = ()
    posture: PostureReading | None = None
    voice: VoiceReading | None = None
    words: WordsReading | None = None
    timeline: tuple[Moment, ...] = ()
    estimate: Estimate | None = None
    clip: ClipReading | None = None
    care: Care = NO_CARE
    reply: str | None = None
    engines: Mapping[str, str] = field(default_factory=dict[str, str])
    missing: tuple[Missing, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict[str, float])


def plain(value: Any, *, bulky: bool = False) -> Any:
    """Turn a value of this module into what ``json`` can write; field names become keys. ``Any``: what JSON can hold.

    Args:
        value: any value of this module, or a tuple, mapping, array or number.
        bulky: also write landmarks and blendshapes.
    """
    if is_dataclass(value):
        names = [f.name for f in fields(value) if bulky or not f.metadata.get("bulky")]
        return {name: plain(getattr(value, name), bulky=bulky) for name in names}
    match value:
        case Mapping():
            return {str(key): plain(item, bulky=bulky) for key, item in value.items()}
        case tuple() | list():
            return [plain(item, bulky=bulky) for item in value]
        case np.ndarray():
            return np.round(value, 3).tolist()
        case float() | np.floating():
            return round(float(value), 5) if np.isfinite(value) else None
        case _:
            return value
