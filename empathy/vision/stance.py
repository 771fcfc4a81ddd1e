"""What the 33 body points of MediaPipe's pose model say about posture. Pure arithmetic.

Distances in the picture are in shoulder widths (between the two shoulder points, px), so that they mean the same near
and far. World points are MediaPipe's estimate in metres around the hips, y down, z away from the camera; used where
depth matters. The corners of every ramp are set by us on 28 photos of people whose posture was looked at; they are no
clinical norms.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees

import numpy as np
from numpy.typing import NDArray

from ..types import Box, Points, PostureLabel, PostureReading

NOSE, LEFT_EAR, RIGHT_EAR = 0, 7, 8
SHOULDERS, ELBOWS, WRISTS, HIPS, KNEES = (11, 12), (13, 14), (15, 16), (23, 24), (25, 26)
HANDS = ((15, 17, 19, 21), (16, 18, 20, 22))
"""Wrist, little finger, index and thumb of the person's left and right hand."""
HEAD_AND_SHOULDERS = (NOSE, LEFT_EAR, RIGHT_EAR, *SHOULDERS)
_MOVING = (NOSE, *SHOULDERS, *ELBOWS, *WRISTS)

SEEN = 0.5
"""A point counts as seen when the model gives it this visibility and it lies in the picture. Visibility alone will not
do: the model gives shoulders below the border 1.0."""
_ARM_SEEN = 0.9
"""Hidden hands and hips are guessed with more confidence than that: behind a lectern they got 0.8 and 0.95. So an arm
counts fully from this on, with its elbow, and hips count only where the knees are seen too."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """One person: ``points`` of shape (33, 3) in px; ``world`` of shape (33, 3) in metres; ``seen``, shape (33,), in
    [0, 1], 0 where a point lies outside the picture; ``head`` the box of the face if it is known; ``hands`` the points
    in px, each of shape (21, 2), of hands that a hand model has found about the head."""

    points: Points
    world: NDArray[np.float64]
    seen: NDArray[np.float32]
    head: Box | None
    hands: tuple[NDArray[np.float64], ...] = ()

    @property
    def shoulder_px(self) -> float:
        """Width of the shoulders as if they faced the camera, px: their distance in the picture, over the share of
        their true distance that is not depth (at most three times the distance seen)."""
        left, right = self.points[SHOULDERS[0], :2], self.points[SHOULDERS[1], :2]
        across = self.world[SHOULDERS[0]] - self.world[SHOULDERS[1]]
        turned = float(np.linalg.norm(across)) / max(1e-6, float(np.linalg.norm(across[:2])))
        return max(1.0, float(np.linalg.norm(left - right)) * min(3.0, turned))

    def sees(self, *points: int, surely: float = SEEN) -> bool:
        """True when all of these points are seen."""
        return bool(np.all(self.seen[list(points)] >= surely))


def read_stance(body: Body, engine: str) -> PostureReading:
    """All measures of one body; see each function for its meaning."""
    slouch_, lean_ = slouch(body), lean(body)
    openness_, crossed = openness(body), arms_crossed(body)
    near, raised = hands_near_face(body), arms_raised(body)
    left, right = body.points[SHOULDERS[0]], body.points[SHOULDERS[1]]
    return PostureReading(
        shoulder_tilt_rad=atan2(float(right[1] - left[1]), abs(float(left[0] - right[0]))),
        slouch=slouch_, lean=lean_, openness=openness_, hands_near_face=near, arms_raised=raised, movement=None,
        visibility=float(np.mean(body.seen[list(HEAD_AND_SHOULDERS)])),
        label=_label(body, slouch_=slouch_ or 0.0, lean_=lean_ or 0.0, openness_=openness_ or 0.0, near=near or 0.0,
                     raised=raised or 0.0, crossed=crossed),
        engine=engine, landmarks=body.points, landmark_visibility=body.seen)


def slouch(body: Body) -> float | None:
    """How far the head has sunk between or before the shoulders, in [0, 1]; None unless ears and shoulders are seen.

    Two signs, joined as 1 - (1 - a)(1 - b): (a) the ears' height over the shoulders, from 0.46 shoulder widths (upright
    adults: 0.50 to 0.69) down to 0.26; (b) the angle of the line from shoulders to ears, forwards from upright, from 32
    degrees (upright adults: 15 to 25) to 60.
    """
    if not body.sees(*SHOULDERS) or not body.sees(LEFT_EAR, RIGHT_EAR):
        return None
    height = (_middle(body.points, SHOULDERS) - _middle(body.points, (LEFT_EAR, RIGHT_EAR)))[1] / body.shoulder_px
    sunk, forward = _ramp(height, 0.48, 0.37), _ramp(_neck_deg(body), 32.0, 60.0)
    return 1.0 - (1.0 - sunk) * (1.0 - forward)


def lean(body: Body) -> float | None:
    """Towards the camera (> 0) or away, in [-1, 1]; None unless shoulders and ears are seen.

    Where hips and knees are seen: the angle of the trunk, from upright, less the 14 degrees that the model sees in
    people who stand straight, over 30 degrees. Else (a webcam) the angle from shoulders to ears, less 20, over 40.
    """
    if not body.sees(*SHOULDERS, LEFT_EAR, RIGHT_EAR):
        return None
    if body.sees(*HIPS, *KNEES):
        trunk = _middle(body.world, SHOULDERS) - _middle(body.world, HIPS)
        return float(np.clip((degrees(atan2(-trunk[2], -trunk[1])) - 14.0) / 30.0, -1.0, 1.0))
    return float(np.clip((_neck_deg(body) - 20.0) / 40.0, -1.0, 1.0))


def openness(body: Body) -> float | None:
    """How much room the arms take, in [0, 1]: 0 arms crossed, about 0.3 hands folded, 0.6 hanging, 1 spread.

    The mean distance of the seen wrists outwards from the middle of the shoulders, from -0.2 to 1.0 shoulder widths.
    None when no wrist is seen.
    """
    outwards = [_outwards(body, wrist, side) for side, wrist in enumerate(WRISTS) if body.sees(wrist)]
    return _ramp(float(np.mean(outwards)), -0.2, 1.0) if outwards else None


def arms_crossed(body: Body) -> float:
    """In [0, 1]: how far the wrists have passed each other in front of the chest, from 0.05 to 0.30 shoulder widths,
    with both below the shoulders and both forearms nearer level than upright. 0 when a wrist or elbow is not seen."""
    if not body.sees(*WRISTS, *ELBOWS):
        return 0.0
    passed = -sum(_outwards(body, wrist, side) for side, wrist in enumerate(WRISTS))
    for shoulder, elbow, wrist in zip(SHOULDERS, ELBOWS, WRISTS, strict=True):
        across, down = np.abs(body.points[wrist, :2] - body.points[elbow, :2])
        if body.points[wrist, 1] < body.points[shoulder, 1] or down > across:
            return 0.0
    return _ramp(passed, 0.05, 0.30)


def hands_near_face(body: Body) -> float | None:
    """In [0, 1]: 1 when a hand touches the face. None when no hand is seen.

    The distance from the middle of the face to the nearest point of a hand, in half axes of the face box (1 lies on the
    oval in it), from 1.9 down to 1.2. The hand model's hands count fully; those of the pose model fully where wrist and
    elbow are surely seen, half where only the wrist is.
    """
    head = body.head or _head_box(body)
    middle = np.array([head.x + head.width / 2, head.y + head.height / 2])
    axes = np.maximum(1.0, np.array([head.width, head.height]) / 2)

    def near(points: NDArray[np.float64] | Points) -> float:
        return _ramp(float(np.min(np.linalg.norm((points[:, :2] - middle) / axes, axis=1))), 1.9, 1.2)

    found = [near(hand) for hand in body.hands]
    for elbow, hand in zip(ELBOWS, HANDS, strict=True):
        if body.sees(*hand):
            sure = body.sees(elbow, hand[0], surely=_ARM_SEEN)
            found.append(near(body.points[list(hand)]) * (1.0 if sure else 0.5))
    return max(found, default=None)


def arms_raised(body: Body) -> float | None:
    """In [0, 1]: height of the higher seen wrist over its shoulder, from 0.1 to 0.7 shoulder widths; its elbow must be
    seen too. None when no arm is seen."""
    heights = [float(body.points[shoulder, 1] - body.points[wrist, 1]) / body.shoulder_px
               for shoulder, elbow, wrist in zip(SHOULDERS, ELBOWS, WRISTS, strict=True) if body.sees(elbow, wrist)]
    return _ramp(max(heights), 0.1, 0.7) if heights else None


def movement(before: PostureReading, now: PostureReading, dt_s: float) -> float | None:
    """Mean speed of nose, shoulders, elbows and wrists, in shoulder widths a second.

    Args:
        before: an earlier reading of the same person.
        now: the later one.
        dt_s: time between them, s.

    Returns:
        None when fewer than three of the points were seen both times, or no time has passed.
    """
    points = [i for i in _MOVING if min(before.landmark_visibility[i], now.landmark_visibility[i]) >= SEEN]
    if len(points) < 3 or dt_s <= 0:
        return None
    left, right = now.landmarks[SHOULDERS[0], :2], now.landmarks[SHOULDERS[1], :2]
    width = max(1.0, float(np.linalg.norm(left - right)))
    steps = np.linalg.norm(now.landmarks[points, :2] - before.landmarks[points, :2], axis=1)
    return float(np.mean(steps)) / width / dt_s


def _label(body: Body, *, slouch_: float, lean_: float, openness_: float, near: float, raised: float,
           crossed: float) -> PostureLabel | None:
    """The first that is clear, hands before trunk; None when nothing is, or the shoulders are not both seen."""
    if not body.sees(*SHOULDERS):
        return None
    clear: tuple[tuple[PostureLabel, bool], ...] = (
        ("hand at face", near >= 0.6), ("arms raised", raised >= 0.5), ("arms crossed", crossed >= 0.5),
        ("slouched", slouch_ >= 0.6), ("leaning in", lean_ >= 0.7), ("leaning back", lean_ <= -0.7),
        ("open", openness_ >= 0.85),
        ("upright", body.sees(LEFT_EAR, RIGHT_EAR) and slouch_ <= 0.15 and abs(lean_) <= 0.4 and _level(body)),
    )
    return next((label for label, is_clear in clear if is_clear), None)


def _head_box(body: Body) -> Box:
    """Where the face is when nobody has said so: about the middle of nose and ears, 0.5 x 0.6 shoulder widths."""
    x, y, _ = _middle(body.points, (NOSE, LEFT_EAR, RIGHT_EAR))
    width, height = 0.5 * body.shoulder_px, 0.6 * body.shoulder_px
    return Box(x=float(x) - width / 2, y=float(y) - height / 2, width=width, height=height)


def _level(body: Body) -> bool:
    """True when shoulders, head and (where the hips are seen) trunk tilt by 15 degrees at most."""
    shoulders = _middle(body.points, SHOULDERS)
    across = body.points[SHOULDERS[0], :2] - body.points[SHOULDERS[1], :2]
    neck = shoulders - _middle(body.points, (LEFT_EAR, RIGHT_EAR))
    trunk = _middle(body.points, HIPS) - shoulders if body.sees(*HIPS) else np.array([0.0, 1.0])
    slants = (across[1], across[0]), (neck[0], neck[1]), (trunk[0], trunk[1])
    return all(abs(float(off)) <= 0.27 * abs(float(along)) for off, along in slants)


def _neck_deg(body: Body) -> float:
    neck = _middle(body.world, (LEFT_EAR, RIGHT_EAR)) - _middle(body.world, SHOULDERS)
    return degrees(atan2(-neck[2], -neck[1]))


def _outwards(body: Body, point: int, side: int) -> float:
    """Distance of a point of the left (0) or right (1) arm from the middle of the shoulders towards its own side, in
    shoulder widths."""
    left, right = body.points[SHOULDERS[0], :2], body.points[SHOULDERS[1], :2]
    axis = (left - right) / body.shoulder_px
    along = float((body.points[point, :2] - (left + right) / 2) @ axis) / body.shoulder_px
    return along if side == 0 else -along


def _middle(points: NDArray[np.float32] | NDArray[np.float64], pair: tuple[int, ...]) -> NDArray[np.float64]:
    return np.asarray(points[list(pair)].mean(axis=0), dtype=np.float64)


def _ramp(value: float, zero: float, one: float) -> float:
    return float(np.clip((value - zero) / (one - zero), 0.0, 1.0))
