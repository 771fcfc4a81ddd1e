"""Empathy System: reads a face, a posture, a voice and words, weighs them, remembers, and answers with care.

    from empathy import build
    system = build()
    print(system.analyze("photo.jpg").estimate)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pipeline import Empathy
    from .settings import Settings

__version__ = "0.1.0"
__all__ = ["__version__", "build"]


def build(settings: Settings | None = None) -> Empathy:
    """Put the system together; engines load when they are first needed. See ``catalog.build``."""
    from .catalog import build as build_catalog

    return build_catalog(settings)
