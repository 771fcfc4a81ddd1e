"""Sound for live tests, and a system of fakes to hear it."""

import numpy as np

from empathy.live.patience import PatientRun
from empathy.pipeline import Empathy
from empathy.settings import Settings
from tests.fakes import fake_engines

RATE = 16_000


def loud(seconds, level=0.3):
    """A hum whose strength swells four times a second, so that nothing takes it for clipped."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time_s)
    return (level * swell * np.sin(2 * np.pi * 150 * time_s)).astype(np.float32)


def quiet(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def system(clock=lambda: 0.0, **engines):
    return Empathy(fake_engines(**engines), Settings(), clock=clock)


def run(now_s=0.0):
    return PatientRun({}, now_s)
