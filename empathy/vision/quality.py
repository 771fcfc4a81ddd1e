"""How well a face can be seen: five measures, one score."""

from __future__ import annotations

from math import cos, pi

import numpy as np

from ..types import FaceQuality, HeadPose, Picture, Points
from .geometry import N_SKIN, crop_face, mesh_box

_WINDOW = 0.8
"""Light and sharpness are taken within the face, on a crop of this scale."""
_SHARPNESS_PX = 96
_BLURRED, _CRISP = 0.012, 0.08


def face_quality(picture: Picture, landmarks: Points, pose: HeadPose) -> FaceQuality:
    """Measure one face.

    - ``size_px``: the longer side of the mesh.
    - ``light``: mean grey level within the face, 0 black, 1 white.
    - ``sharpness``: share of the grey levels' spread that lies in detail finer than 1 % of the face (the face at 96 px
      minus its Gaussian blur of 1 px), laid on [0, 1] between 0.012 and 0.08. On 28 sharp photographed faces the share
      was 0.08 to 0.20 (down to 0.04 for faces below 80 px); blurred by 2 % of their size 0.03 to 0.05, by 4 % 0.02, by
      8 % 0.01. Noise counts as detail.
    - ``frontal``: 1 minus the angle between nose and camera over 90 degrees.
    - ``inside``: share of the mesh points that lie in the picture.
    - ``score``: the product of five factors, each 1 where that measure does no harm and 0 where it makes the face
      unreadable, straight in between: size 12 to 56 px (FER2013, on which expression is learnt, has faces of 44 px),
      light 0.04 to 0.20 and 0.97 to 0.88, sharpness 0 to 0.35, frontal 0.15 (77 degrees) to 0.60 (36 degrees), inside
      0.50 to 0.90. The corners are set by us.

    Args:
        picture: RGB, shape (height, width, 3).
        landmarks: its mesh, shape (478, 3), px.
        pose: its head pose.
    """
    box = mesh_box(landmarks)
    size_px = max(box.width, box.height)
    light, sharpness = _light_and_sharpness(crop_face(picture, landmarks, _WINDOW))
    straight = float(np.arccos(np.clip(cos(pose.yaw_rad) * cos(pose.pitch_rad), -1.0, 1.0)))
    frontal = max(0.0, 1.0 - straight / (pi / 2))
    height, width = picture.shape[:2]
    x, y = landmarks[:N_SKIN, 0], landmarks[:N_SKIN, 1]
    inside = float(np.mean((x >= 0) & (x < width) & (y >= 0) & (y < height)))
    score = (_ramp(size_px, 12, 56) * _ramp(light, 0.04, 0.20) * _ramp(-light, -0.97, -0.88)
             * _ramp(sharpness, 0.0, 0.35) * _ramp(frontal, 0.15, 0.60) * _ramp(inside, 0.50, 0.90))
    return FaceQuality(size_px=size_px, light=light, sharpness=sharpness, frontal=frontal, inside=inside, score=score)


def _light_and_sharpness(crop: Picture) -> tuple[float, float]:
    import cv2

    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    shrinks = grey.shape[0] > _SHARPNESS_PX
    face = cv2.resize(grey, (_SHARPNESS_PX, _SHARPNESS_PX),
                      interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR).astype(np.float32)
    detail = face - cv2.GaussianBlur(face, (0, 0), 1.0)
    share = float(np.sqrt(np.var(detail) / (np.var(face) + 25.0)))  # so noise on a flat patch is not sharp
    return float(np.mean(grey)) / 255.0, _ramp(share, _BLURRED, _CRISP)


def _ramp(value: float, zero: float, one: float) -> float:
    return float(np.clip((value - zero) / (one - zero), 0.0, 1.0))
