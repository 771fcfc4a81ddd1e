"""What the 478 points of a face mesh say about size, angle and eyes. Pure arithmetic; the mesh comes from MediaPipe.

Point numbers are those of MediaPipe's face mesh (points 468 to 477 are the irises). "Left" and "right" are the
person's own: in an unmirrored picture the person's right eye lies on the left.
"""

from __future__ import annotations

from math import atan2, ceil, floor, hypot

import numpy as np
from numpy.typing import NDArray

from ..types import Box, HeadPose, Picture, Points

N_MESH, N_SKIN = 478, 468
RIGHT_EYE_CORNERS = (33, 133)
LEFT_EYE_CORNERS = (362, 263)

LANDMARKS_68: tuple[int, ...] = (
    127, 234, 93, 132, 172, 136, 150, 176, 152, 400, 379, 365, 397, 361, 323, 454, 356,  # jaw, from the person's right
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300,  # brows
    168, 197, 5, 4, 75, 97, 2, 326, 305,  # nose: bridge downwards, then the nostrils
    33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,  # eyes
    61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,  # outer lips
    78, 82, 13, 312, 308, 317, 14, 87,  # inner lips
)
"""The mesh points that lie where the 68 points of the iBUG 300-W scheme lie, in its order: jaw 0-16, brows 17-26, nose
27-35, eyes 36-47, lips 48-67.

Source: iBUG 300-W annotation figure (Sagonas et al. 2016) laid over MediaPipe's canonical face mesh; where several
mesh points lie near one iBUG point, the one that keeps the set symmetric was taken. The jaw is a depth contour in the
mesh and not the visible outline, so points 0-16 differ from hand-made iBUG marks on turned heads."""

_RIGID = (33, 133, 362, 263, 127, 356, 168, 4, 2, 10)
_RIGID_CM = np.array([
    [-4.45, 2.66, 3.17], [-1.86, 2.59, 3.76], [1.86, 2.59, 3.76], [4.45, 2.66, 3.17],
    [-7.74, 2.36, -2.01], [7.74, 2.36, -2.01], [0.0, 3.27, 5.24], [0.0, -0.46, 7.59], [0.0, -2.09, 6.06],
    [0.0, 8.26, 4.48],
])
"""Ten points that no expression moves much, on a neutral head: shape (10, 3), cm, x to the person's left, y up, z
towards the camera. Source: MediaPipe's canonical face model (Apache-2.0)."""

_FRAME_SIDE = 1.09
_FRAME_CENTRE = 0.0735
"""Framing of FER2013: the side of its pictures is 1.09 times the longer side of the mesh, and the mean of the mesh lies
0.0735 sides below the middle. Medians over 681 random FER2013 pictures (the spread of the side is 12 %, of the middle 4
% of the side), with the mesh found on each picture enlarged four times."""

_LARGEST_CROP_PX = 512
_EAR_SHUT, _EAR_OPEN = 0.10, 0.30


def mesh_box(landmarks: Points) -> Box:
    """The smallest upright rectangle around a mesh.

    Args:
        landmarks: shape (n_points, 3), px.
    """
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    return Box(x=float(low[0]), y=float(low[1]), width=float(high[0] - low[0]), height=float(high[1] - low[1]))


def eye_roll(landmarks: Points) -> float:
    """Angle of the line through the eyes in the picture, rad; > 0: clockwise as seen (person's left eye lower)."""
    right = landmarks[list(RIGHT_EYE_CORNERS), :2].mean(axis=0)
    left = landmarks[list(LEFT_EYE_CORNERS), :2].mean(axis=0)
    return atan2(float(left[1] - right[1]), float(left[0] - right[0]))


def level_square(picture: Picture, centre: tuple[float, float], side: float, roll: float, out: int,
                 *, repeat_border: bool = False) -> tuple[Picture, NDArray[np.float64]]:
    """Cut a turned square out of a picture and set it upright.

    Args:
        picture: RGB, shape (height, width, 3).
        centre: middle of the square (x, y), px.
        side: length of its sides, px.
        roll: angle by which the square is turned clockwise, rad.
        out: sides of the result, px; shrinking averages areas, so that nothing flickers.
        repeat_border: what lies outside the picture repeats its border; else it is black.

    Returns:
        The square, shape (out, out, 3), and the matrix of shape (2, 3) taking a point (x, y, 1) of the picture there.

    Raises:
        ValueError: the square lies wholly outside the picture.
    """
    import cv2

    reach = side / np.sqrt(2) + 2
    height, width = picture.shape[:2]
    left, top = max(0, floor(centre[0] - reach)), max(0, floor(centre[1] - reach))
    right, bottom = min(width, ceil(centre[0] + reach)), min(height, ceil(centre[1] + reach))
    if right <= left or bottom <= top:
        raise ValueError(f"a square of {side:.0f} px at {centre} lies outside the picture of {width} x {height} px")
    region = picture[top:bottom, left:right]
    zoom_x = zoom_y = 1.0
    if out < side:
        size = (max(1, round(region.shape[1] * out / side)), max(1, round(region.shape[0] * out / side)))
        zoom_x, zoom_y = size[0] / region.shape[1], size[1] / region.shape[0]
        region = cv2.resize(region, size, interpolation=cv2.INTER_AREA)
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]]) * (out / side)
    whole = np.column_stack([turn, out / 2 - turn @ np.asarray(centre)])
    here = whole[:, :2] / (zoom_x, zoom_y)
    matrix = np.column_stack([here, whole[:, 2] + whole[:, :2] @ (left, top)])
    border = cv2.BORDER_REPLICATE if repeat_border else cv2.BORDER_CONSTANT
    square = cv2.warpAffine(region, matrix, (out, out), flags=cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(square, dtype=np.uint8), whole


def crop_face(picture: Picture, landmarks: Points, scale: float = 1.0) -> Picture:
    """Cut out one face: square, rotated so that the eyes are level, framed as FER2013 frames a face.

    Args:
        picture: RGB, shape (height, width, 3).
        landmarks: mesh of the face, shape (478, 3) or (468, 3), px of ``picture``.
        scale: side of the square as a multiple of FER2013's own framing. At 1.0 the crop holds the face from the
            forehead to below the chin as a 48 px FER2013 picture does (eyes at 0.39 of the height, mouth at 0.78,
            distance between the eyes 0.36 of the side); at 1.3 the same middle with 30 % more of hair, neck and
            background around. A network trained on whole FER2013 pictures wants 1.0; one trained on their central 42
            of 48 px wants 0.875.

    Returns:
        RGB, shape (side, side, 3), side from 16 to 512 px in the resolution of the picture (shrunk with area averaging
        where the face is larger than 512 px). What lies outside the picture repeats its border.
    """
    centre, side = _frame(landmarks, scale)
    out = int(np.clip(round(side), 16, _LARGEST_CROP_PX))
    return level_square(picture, (float(centre[0]), float(centre[1])), side, eye_roll(landmarks), out,
                        repeat_border=True)[0]


def _frame(landmarks: Points, scale: float) -> tuple[NDArray[np.float64], float]:
    """Middle (x, y) and side of the levelled square, px of the picture."""
    roll = eye_roll(landmarks)
    points = landmarks[:N_SKIN, :2].astype(np.float64)
    level = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    turned = points @ level.T
    side = _FRAME_SIDE * float(np.ptp(turned, axis=0).max())
    middle = turned.mean(axis=0) - (0.0, _FRAME_CENTRE * side)
    return middle @ level, max(1.0, side * scale)


def head_pose(landmarks: Points) -> HeadPose:
    """Angles of the head, from the rotation that best lays a neutral head over the mesh (weak perspective).

    The rotation is read as roll in the plane of the picture, after yaw, after pitch, so that turning the picture adds
    to the roll alone. Source: Umeyama 1991 for the fit. On 16 photos it differs from the matrix that MediaPipe's
    FaceLandmarker gives by 2.4 (pitch), 0.7 (yaw) and 1.0 degrees (roll) in the median, 9, 5 and 4 at most.

    Args:
        landmarks: shape (478, 3) or (468, 3), px.
    """
    seen = landmarks[list(_RIGID)].astype(np.float64) * (1.0, -1.0, -1.0)
    seen -= seen.mean(axis=0)
    neutral = _RIGID_CM - _RIGID_CM.mean(axis=0)
    u, _, vt = np.linalg.svd(seen.T @ neutral)
    turn = u @ np.diag([1.0, 1.0, float(np.sign(np.linalg.det(u @ vt)))]) @ vt
    return HeadPose(
        pitch_rad=atan2(-turn[2, 1], turn[2, 2]),
        yaw_rad=atan2(-turn[2, 0], hypot(turn[0, 0], turn[1, 0])),
        roll_rad=atan2(-turn[1, 0], turn[0, 0]),
    )


def eye_openness(landmarks: Points) -> tuple[float, float]:
    """How open the eyes are (the person's left, right), in [0, 1]; 0 is shut, 1 wide open.

    The eye aspect ratio (two heights of the lid gap over twice its width, in three dimensions) laid on [0, 1] between
    0.10 (shut) and 0.30 (open). Source: Soukupova & Cech 2016.
    """
    left = _aspect(landmarks, (362, 385, 387, 263, 373, 380))
    right = _aspect(landmarks, (33, 160, 158, 133, 153, 144))
    low, high = _EAR_SHUT, _EAR_OPEN
    return (float(np.clip((left - low) / (high - low), 0, 1)), float(np.clip((right - low) / (high - low), 0, 1)))


def _aspect(landmarks: Points, ring: tuple[int, ...]) -> float:
    p = landmarks[list(ring)].astype(np.float64)
    width = float(np.linalg.norm(p[0] - p[3]))
    heights = float(np.linalg.norm(p[1] - p[5]) + np.linalg.norm(p[2] - p[4]))
    return heights / (2.0 * width) if width > 0 else 0.0
