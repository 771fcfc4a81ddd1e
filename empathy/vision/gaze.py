"""Where somebody looks, from the head and the irises of the face mesh. Rough: good for "at the camera" or "away"."""

from __future__ import annotations

from math import asin, cos, hypot

import numpy as np

from ..types import HeadPose, Points
from .geometry import LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS

RIGHT_IRIS, LEFT_IRIS = 468, 473
_EYE_WIDTHS_A_RADIUS = 2.5
"""Width of the eye's opening (30 mm) over the radius of the eyeball (12 mm): how far the iris wanders, in widths, to
the sine of the eye's turn. Adult means, Bekerman et al. 2014, J. Ophthalmology; Vasanthakumar et al. 2013."""


def gaze(landmarks: Points, pose: HeadPose) -> tuple[float, float]:
    """Direction of the gaze, rad: yaw (> 0: to the person's own left) and pitch (> 0: up); 0 is into the camera.

    Args:
        landmarks: shape (478, 3), px.
        pose: of the head; the turn of the eyes is added to it.
    """
    turns = [_turn(landmarks, corners, iris) for corners, iris in
             ((RIGHT_EYE_CORNERS, RIGHT_IRIS), (LEFT_EYE_CORNERS, LEFT_IRIS))]
    along, up = np.mean(turns, axis=0)
    return pose.yaw_rad + _angle(float(along)), pose.pitch_rad + _angle(float(up))


def off_camera(yaw_rad: float, pitch_rad: float) -> float:
    """Angle between the gaze and the way to the camera, rad."""
    return float(np.arccos(np.clip(cos(yaw_rad) * cos(pitch_rad), -1.0, 1.0)))


def _turn(landmarks: Points, corners: tuple[int, int], iris: int) -> tuple[float, float]:
    """How far the iris lies from the middle of its eye, in widths of the eye: to the right of the picture, and up."""
    first, second, middle = (landmarks[i, :2].astype(np.float64) for i in (*corners, iris))
    across = second - first
    width = hypot(float(across[0]), float(across[1]))
    if width <= 0:
        return 0.0, 0.0
    away = (middle - (first + second) / 2) / width
    x, y = across / width
    return float(away[0] * x + away[1] * y), float(away[0] * y - away[1] * x)


def _angle(widths: float) -> float:
    return asin(float(np.clip(widths * _EYE_WIDTHS_A_RADIUS, -1.0, 1.0)))
