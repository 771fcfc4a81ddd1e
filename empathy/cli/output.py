"""How an analysis is written: JSON for programs, a few lines for people, a flat row for tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..types import Analysis, FaceReading, VoiceReading, plain
from ..vision.geometry import LANDMARKS_68

TABLES = (".csv", ".parquet")


def as_json(analysis: Analysis, *, features: bool = False) -> dict[str, Any]:
    """The JSON object of one input; keys are the field names of ``types.py``.

    Args:
        analysis: what was read.
        features: for each face also ``landmarks_68``, 68 points [x, y] in px, and the blendshapes where there are any.
    """
    row: dict[str, Any] = plain(analysis)
    row["missing"] = [{"stage": item.stage, "why": item.why} for item in analysis.missing]
    if not features and row["voice"]:
        del row["voice"]["features"]
    if row["clip"] is None:  # only where a bundle was named
        del row["clip"]
    if features:
        for face, written in zip(analysis.faces, row["faces"], strict=True):
            written["landmarks_68"] = plain(face.landmarks[list(LANDMARKS_68), :2])
            written["blendshapes"] = plain(face.blendshapes)
    return row


def as_text(analysis: Analysis) -> str:
    """A few lines a person can read."""
    lines = [f"{analysis.input} ({analysis.kind})"]
    lines += [_face(face) for face in analysis.faces]
    if analysis.kind in ("image", "video") and not analysis.faces:
        lines.append("  no face")
    if analysis.posture is not None:
        lines.append(f"  posture: {analysis.posture.label or 'nothing stands out'}")
    if analysis.voice is not None:
        lines.append(_voice(analysis.voice))
    if analysis.words is not None:
        lines.append(f"  words: {_doubt(analysis.words.abstains)}{analysis.words.emotions.top}, "
                     f"risk {analysis.words.risk.level}")
    if (estimate := analysis.estimate) is not None:
        lines.append(f"  together: {_doubt(estimate.abstains)}{estimate.emotions.top}, valence "
                     f"{estimate.affect.valence:+.2f}, arousal {estimate.affect.arousal:+.2f}, "
                     f"confidence {estimate.confidence:.2f}")
        lines += [f"    {line.claim} ({line.number:.2f}), weight {line.weight:+.2f}" for line in estimate.evidence]
    if analysis.clip is not None:
        top, share = analysis.clip.emotions.items()[0]
        lines.append(f"  avamerg ({', '.join(analysis.clip.given)}): {top} ({share:.2f}), beside the estimate")
    lines += [f"  {item.stage}: absent, {item.why}" for item in analysis.missing]
    if analysis.reply is not None:
        lines.append(f"  reply: {analysis.reply}")
    return "\n".join(lines)


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """One row an input; nested keys are joined by dots, lists are kept as JSON text."""
    import pandas as pd

    table = pd.DataFrame([_flat(row) for row in rows])
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path, index=False)


def _flat(row: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    import json

    flat: dict[str, Any] = {}
    for key, value in row.items():
        if key == "faces" and not prefix:
            flat["n_faces"] = len(value)
            flat |= _flat(value[0], "face.") if value else {}
        elif isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = json.dumps(value) if isinstance(value, list) else value
    return flat


def _face(face: FaceReading) -> str:
    return (f"  face at ({face.box.x:.0f}, {face.box.y:.0f}): {_doubt(face.abstains)}{face.emotions.top} "
            f"({face.emotions.items()[0][1]:.2f}), confidence {face.confidence:.2f}")


def _voice(voice: VoiceReading) -> str:
    if not voice.speech:
        return f"  voice: no speech in {voice.duration_s:.1f} s"
    spoken_s = sum(span.duration_s for span in voice.speech)
    tone = f"{_doubt(voice.abstains)}{voice.emotions.top}" if voice.emotions else "tone not read"
    said = f', "{voice.transcript.text}"' if voice.transcript else ""
    return f"  voice: {spoken_s:.1f} s of speech, {tone}{said}"


def _doubt(abstains: bool) -> str:
    return "can't tell, perhaps " if abstains else ""
