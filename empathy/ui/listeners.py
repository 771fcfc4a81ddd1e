"""How the page's listeners run: which of them wait for each other, and how many of a kind run at a time."""

from __future__ import annotations

from typing import Any, TypeAlias

Outputs: TypeAlias = tuple[Any, ...]
"""What a listener yields: one value or update for each component it writes to."""

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""None of them is offered to programs (see ``api.py`` for those that are)."""
QUICK: dict[str, Any] = PRIVATE | {"concurrency_limit": None}
"""What asks no engine."""
READERS: dict[str, Any] = {"concurrency_id": "reading", "concurrency_limit": 2}
"""What reads a file, for people and programs together: two at a time, since reading keeps the processor busy."""
READING: dict[str, Any] = PRIVATE | READERS
TALKERS: dict[str, Any] = {"concurrency_id": "talk", "concurrency_limit": 8}
"""A turn of a conversation, under Talk, under Live and by programs together."""
TALKING: dict[str, Any] = PRIVATE | TALKERS
HELPING: dict[str, Any] = PRIVATE | {"concurrency_id": "help", "concurrency_limit": None}
"""A cry for help waits for nobody."""
