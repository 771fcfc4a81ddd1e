"""Conversations in AvaMERG's form, and folders of them, as tests need them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def record(number: str = "00007", fine: str | None = "lonely", *, n_spoken: int = 2, situation: str = "I was alone.",
           words: str = "I sat there", identity: int = 28) -> dict[str, Any]:
    """One conversation of ``n_spoken`` lines by the speaker and the listener's between them."""
    lines = [{"index": index, "role": "listener" if index % 2 else "speaker", "utterance": f"{words} {index}"}
             for index in range(2 * n_spoken - 1)]
    chain = {"speaker_emotion": fine, "event_scenario": "An evening.", "emotion_cause": f"Being {fine}.",
             "goal_to_response": "To comfort."}
    turns: list[dict[str, Any]] = [
        {"turn_id": str(turn), "context": situation, "dialogue_history": lines[:2 * turn + 1], "response": "I see.",
         "chain_of_empathy": dict(chain)} for turn in range(n_spoken)]
    if fine is None:
        for turn in turns:
            del turn["chain_of_empathy"]
    profile = {"age": "young", "gender": "female", "timbre": "mid", "ID": identity}
    return {"conversation_id": number, "speaker_profile": profile, "listener_profile": {**profile, "ID": 3},
            "topic": "Home", "turns": turns}


def folder(path: Path, records: list[Any], files: tuple[str, ...] = ()) -> Path:
    """``train.json`` and files (of one byte) by their paths in the folder."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "train.json").write_text(json.dumps(records))
    for name in files:
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(b"x")
    return path
