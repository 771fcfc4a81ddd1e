import json
from pathlib import Path

import numpy as np
import pytest

from empathy.errors import InputError
from empathy.text.encoder import bundled_encoder
from empathy.text.risk import CLASSES, RiskJudge, leaning, load_scorer
from empathy.text.risk_concepts import load_concepts
from empathy.text.risk_features import Seen, see
from empathy.text.risk_rules import Finding, load_rules
from empathy.text.vocabulary import tokens
from empathy.training.risk import Material, choose_limits, cross_validated, export, train_risk
from empathy.training.risk_data import Example, read_messages, read_own
from empathy.training.risk_fit import fit, predict, vectors

RULES = load_rules()
WHO = ("I", "we", "today I", "again I", "now I", "still I")


def example(text: str, kind: str, source: str = "messages") -> Example:
    return Example(text=text, target=np.eye(len(CLASSES))[CLASSES.index(kind)], crisis=kind != "none", source=source,
                   kind=kind)


TOLD = [*(example(f"{who} cannot breathe and the panic is here {k}", "acute distress") for k, who in enumerate(WHO)),
        *(example(f"{who} went to the market for apples {k}", "none") for k, who in enumerate(WHO))]
NOTHING = Finding(cues=(), form=" ", marks=frozenset())


def shares_of(likely: np.ndarray) -> np.ndarray:
    """Class shares of texts that ask for help, in danger or in none."""
    shares = np.zeros((len(likely), len(CLASSES)))
    shares[:, 0], shares[:, 1] = 1.0 - likely, likely
    return shares


def seen_of(examples: list[Example]) -> list[Seen]:
    concepts = load_concepts()
    return [see(tokens(one.text), RULES.read(one.text), concepts) for one in examples]


def meanings_of(examples: list[Example]) -> np.ndarray:
    return np.array([bundled_encoder().read(one.text) for one in examples])


def material(examples: list[Example], findings: list[Finding], fold: list[int]) -> Material:
    inputs = vectors(examples, seen_of(examples), meanings_of(examples))
    return Material(examples=examples, findings=findings, inputs=inputs,
                    fold=np.array(fold), held=())


def test_classes_are_told_apart_and_shares_sum_to_one() -> None:
    inputs = vectors(TOLD, seen_of(TOLD), meanings_of(TOLD))
    shares = predict(fit(inputs, TOLD, np.ones(len(TOLD), bool), 1), inputs)
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert [CLASSES[k] for k in shares.argmax(axis=1)] == [one.kind for one in TOLD]


def test_the_exported_classifier_answers_as_the_fitted_one(tmp_path: Path) -> None:
    inputs = vectors(TOLD, seen_of(TOLD), meanings_of(TOLD))
    fitted = fit(inputs, TOLD, np.ones(len(TOLD), bool), 1)
    some = material([*TOLD, example("x", "none", "own, seen"), example("y", "self-harm", "own, seen")], [NOTHING] * 14,
                    [0] * 14)
    limits = choose_limits(some, shares_of(np.array([0.9] * 6 + [0.1] * 6 + [0.1, 0.9])), some.fold >= 0)
    export(tmp_path / "risk.safetensors", fitted, limits)
    scorer = load_scorer(tmp_path / "risk.safetensors")
    for one, share in zip(TOLD, predict(fitted, inputs), strict=True):
        assert scorer.probabilities(one.text, tokens(one.text), RULES.read(one.text)) == pytest.approx(share, abs=0.02)
    assert RiskJudge(RULES, scorer).name.startswith("rules+classifier")


def test_limits_keep_false_alarms_rare() -> None:
    rng = np.random.default_rng(0)
    examples = [example("t", "none" if k % 2 else "self-harm", source) for source in ("messages", "own, seen")
                for k in range(200)]
    crisis = np.array([one.crisis for one in examples])
    likely = np.clip(np.where(crisis, 0.4, 0.08) + rng.normal(0, 0.06, len(examples)), 0, 1)
    some = material(examples, [NOTHING] * len(examples), [0] * len(examples))
    limits = choose_limits(some, shares_of(likely), some.fold >= 0)
    assert (likely[~crisis] >= limits.crisis).mean() <= 0.08
    assert (likely[crisis] >= limits.crisis).mean() > 0.8
    assert limits.concern < limits.crisis


def test_everyday_talk_weighs_more_where_it_raises_false_alarms() -> None:
    examples = [example("t", kind, source) for source, kind in [("messages", "self-harm"), ("messages", "none"),
                                                                ("everyday", "none")] for _ in range(100)]
    shares = np.zeros((300, len(CLASSES)))
    shares[:100, [0, 1]], shares[100:200, [0, 1]] = (0.6, 0.4), (0.7, 0.3)
    shares[200:, [-1, 1]] = 0.4, 0.6  # as likely a danger, but for its tone
    some = material(examples, [NOTHING] * 300, [0] * 300)
    limits = choose_limits(some, shares, some.fold >= 0)
    said = leaning(shares, limits.everyday) >= limits.crisis
    assert limits.everyday > 1.0
    assert (said[:100].all(), said[100:].any()) == (True, False)


def test_an_interrupted_run_reads_its_folds_back(tmp_path: Path) -> None:
    some = material(TOLD, [NOTHING] * 12, [k % 5 for k in range(12)])
    first, history = cross_validated(some, tmp_path, 1, lambda line: None)
    again, _ = cross_validated(some, tmp_path, 1, lambda line: None)
    assert np.allclose(first, again, atol=1e-6)
    assert len(history) == 5
    cross_validated(some, tmp_path, 2, lambda line: None)
    assert np.load(tmp_path / "fold-1.npz")["seed"] == 2


def test_the_command_makes_the_same_file_twice_with_card_and_pictures(tmp_path: Path) -> None:
    data, own = tmp_path / "data", tmp_path / "own"
    (data / "text/crisis/between_help_and_harm").mkdir(parents=True)
    (data / "text/goemotions/original").mkdir(parents=True)
    (data / "text/empatheticdialogues").mkdir(parents=True)
    own.mkdir()
    from empathy.training.risk_data import MESSAGES

    kinds = {"acute distress": "anxiety_crisis", "none": "no_crisis"}
    (data / MESSAGES).write_text(json.dumps([
        {"inputs": [one.text], "label": kinds[one.kind], "all_labels": [kinds[one.kind]] * 3, "dataset_id": "a"}
        for one in TOLD]), encoding="utf-8")
    for name in ("train", "dev"):
        (data / f"text/goemotions/original/{name}.tsv").write_text("I like tea\t17\tx\n" * 3, encoding="utf-8")
    (data / "text/empatheticdialogues/jointmatch_situation_dev.csv").write_text("label,content\n1,we ate\n",
                                                                                encoding="utf-8")
    for name, crisis, kind in (("risk_hard_negatives", False, "idiom"), ("risk_positives", True, "self-harm")):
        (own / f"{name}.jsonl").write_text("".join(
            json.dumps({"text": f"{kind} {part}", "is_crisis": crisis, "kind": kind, "part": part}) + "\n"
            for part in ("seen", "held out", "fresh")), encoding="utf-8")
    one, two = (train_risk(data, own, tmp_path / run, seed=1) for run in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    card = json.loads(one.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["figures"]["by_source"]["own, fresh"]["n"] == 2
    assert {"loss.png", "curve.png", "confusion.png", "risk.md"} <= {path.name for path in one.parent.iterdir()}


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
    assert {one.source for one in own} == {"own, seen", "own, held out", "own, at length", "own, fresh", "own, blind"}
    assert {one.target[0] for one in own if one.crisis} == {0.0}
    assert {one.target[0] for one in own if not one.crisis} == {0.5, 1.0}, "open, or known to ask for help"
    assert all(one.target.sum() == 1.0 for one in own)
    assert {one.source for one in own if one.weight > 0} == {"own, seen"}


def test_messages_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="labelled messages"):
        read_messages(tmp_path / "none.json")
