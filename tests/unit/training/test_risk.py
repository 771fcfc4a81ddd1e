import json
from pathlib import Path

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.text.risk import CLASSES, RiskJudge, load_scorer
from empathy.text.risk_rules import Cue, load_rules
from empathy.training.risk import choose_limits, export, read_messages, read_own
from empathy.training.risk_fit import Example, fit, predict, vectors


def example(text: str, kind: str, source: str = "messages") -> Example:
    return Example(text=text, target=np.eye(len(CLASSES))[CLASSES.index(kind)], crisis=kind != "none", source=source,
                   kind=kind, weight=1.0)


TOLD = [example(f"{who} cannot breathe and the panic is here {k}", "acute distress")
        for k, who in enumerate(("I", "we", "today I", "again I", "now I", "still I"))] + \
       [example(f"{who} went to the market for apples {k}", "none")
        for k, who in enumerate(("I", "we", "today I", "again I", "now I", "still I"))]
NO_CUES: list[tuple[Cue, ...]] = [()] * len(TOLD)


def test_classes_are_told_apart_and_shares_sum_to_one() -> None:
    inputs = vectors(TOLD, NO_CUES, np.ones(len(TOLD), bool))
    shares = predict(fit(inputs, TOLD, np.ones(len(TOLD), bool)), inputs)
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert [CLASSES[k] for k in shares.argmax(axis=1)] == [one.kind for one in TOLD]


def test_the_exported_classifier_answers_as_the_fitted_one(tmp_path: Path) -> None:
    inputs = vectors(TOLD, NO_CUES, np.ones(len(TOLD), bool))
    fitted = fit(inputs, TOLD, np.ones(len(TOLD), bool))
    limits = choose_limits([*TOLD, example("x", "none", "own, seen"), example("y", "self-harm", "own, seen")],
                           [*NO_CUES, (), ()], np.array([0.9] * 6 + [0.1] * 6 + [0.1, 0.9]))
    export(tmp_path / "risk.safetensors", fitted, limits)
    scorer = load_scorer(tmp_path / "risk.safetensors")
    judge = RiskJudge(load_rules(), scorer)
    from empathy.text.vocabulary import tokens

    wanted = predict(fitted, inputs)
    for one, share in zip(TOLD, wanted, strict=True):
        assert scorer.probabilities(tokens(one.text), ()) == pytest.approx(share, abs=0.02)
    assert judge.name == "rules+classifier@1"


def test_limits_keep_false_alarms_rare() -> None:
    rng = np.random.default_rng(0)
    examples = [example("t", "none" if k % 2 else "self-harm", source) for source in ("messages", "own, seen")
                for k in range(200)]
    crisis = np.array([one.crisis for one in examples])
    likely = np.clip(np.where(crisis, 0.6, 0.3) + rng.normal(0, 0.15, len(examples)), 0, 1)
    limits = choose_limits(examples, [()] * len(examples), likely)
    assert (likely[~crisis] >= limits.alone).mean() <= 0.1


def test_labels_of_the_messages_become_our_categories(tmp_path: Path) -> None:
    (tmp_path / "some.json").write_text(json.dumps([
        {"inputs": ["I can't", "breathe"], "label": "anxiety_crisis",
         "all_labels": ["anxiety_crisis", "anxiety_crisis", "no_crisis"]},
        {"inputs": ["hm"], "label": None, "all_labels": []}]), encoding="utf-8")
    (one,) = read_messages(tmp_path / "some.json")
    assert one.text == "I can't breathe"
    assert one.crisis
    assert one.target[CLASSES.index("acute distress")] == pytest.approx(2 / 3)
    assert one.target[0] == pytest.approx(1 / 3)


def test_our_own_sentences_know_their_part() -> None:
    own = read_own(Path(__file__).parents[2] / "data")
    assert {one.source for one in own} == {"own, seen", "own, held out"}
    assert all(one.target[0] == (0.0 if one.crisis else 1.0) for one in own)


def test_messages_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="labelled messages"):
        read_messages(tmp_path / "none.json")
