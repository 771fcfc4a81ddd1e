"""What the risk classifier sees of a text: n-grams, concepts, and what the rules found, as hashes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .linear import Hashes
from .risk_concepts import Concepts
from .risk_rules import Finding
from .vocabulary import Token, features, hashed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """Three groups of features, each sorted and without doubles; shapes (n,)."""

    grams: Hashes
    concepts: Hashes
    rules: Hashes


def see(parts: tuple[Token, ...], finding: Finding, concepts: Concepts) -> Seen:
    """All features of one text."""
    return Seen(grams=features(parts), concepts=_hashes(concepts.features(finding.form)),
                rules=_hashes(rule_features(finding)))


def rule_features(finding: Finding) -> frozenset[str]:
    """What the rules found, as features: categories, softeners, how many finds, and the marks of the text, alone and
    beside a find."""
    cues = finding.cues
    found = {f"rule {cue.category}" for cue in cues}
    found |= {f"rule {cue.category} crisis {cue.softened}" for cue in cues if cue.crisis}
    found |= {f"rule crisis {cue.softened}" for cue in cues if cue.crisis}
    n_firm = sum(cue.crisis and not cue.softened for cue in cues)
    n_concern = sum(not cue.crisis for cue in cues)
    found |= {f"rule crisis > {k}" for k in (0, 1, 2) if n_firm > k}
    found |= {f"rule concern > {k}" for k in (0, 1, 2, 4) if n_concern > k}
    found |= {f"mark {mark}" for mark in finding.marks}
    beside = "crisis" if n_firm else "cue" if cues else "nothing"
    return frozenset(found | {f"mark {mark} {beside}" for mark in finding.marks})


def _hashes(found: Iterable[str]) -> Hashes:
    return np.unique(np.fromiter((hashed(name) for name in found), dtype=np.uint32))
