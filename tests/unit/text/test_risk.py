"""Rules and classifier together: what must be a crisis, what must not, and what shows for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from empathy.errors import ModelFileError
from empathy.registry import WEIGHTS
from empathy.text.risk import FILE, Limits, RiskJudge, assess, bundled_judge, danger, decide, leaning, load_scorer
from empathy.text.risk_rules import load_rules
from empathy.text.vocabulary import tokens

DATA = Path(__file__).parents[2] / "data"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def share_of_crises(texts: list[str]) -> float:
    return float(np.mean([assess(text).level == "crisis" for text in texts]))


@pytest.mark.parametrize(("text", "category"), [
    ("I want to kill myself", "suicidal thoughts"), ("everyone would be better off without me", "suicidal thoughts"),
    ("I've given away my dog and my things", "suicidal thoughts"), ("i just want to go to sleep and never wake up",
                                                                    "suicidal thoughts"),
    ("I started cutting myself again", "self-harm"), ("he said he'll kill me if I leave", "harm by others"),
    ("I'm going to kill my stepfather", "harm to others"), ("I can't stop drinking and I'm shaking", "substance"),
    ("I'm having a panic attack and I can't breathe", "acute distress")])
def test_plain_danger_is_a_crisis_of_its_category(text: str, category: str) -> None:
    risk = assess(text)
    assert (risk.level, risk.category) == ("crisis", category)


@pytest.mark.parametrize("text", [
    "k i l l  m y s e l f", "i wanna unalive myself", "im gonna kms", "i feel suicdal", "su1c1de is all i think about",
    "I WANT TO DIE", "i want to dieeee"])
def test_hidden_or_hasty_spelling_does_not_hide_it(text: str) -> None:
    assert assess(text).level == "crisis"


@pytest.mark.parametrize("text", [
    "quiero morir", "no quiero vivir más", "je veux mourir", "je ne veux plus vivre", "ich will sterben",
    "ich möchte nicht mehr leben", "quero me matar", "não quero mais viver", "voglio morire", "voglio farla finita",
    "хочу умереть", "死にたい", "我想自杀"])
def test_the_plainest_words_are_known_in_other_languages(text: str) -> None:
    assert assess(text).level == "crisis"


@pytest.mark.parametrize("text", [
    "This exam is killing me", "I'm dying of laughter", "I'd kill for a coffee", "My phone died", "I love this song",
    "Can you help me cook pasta?", "Ich will leben", "Me muero de risa"])
def test_idioms_and_everyday_words_are_no_crisis(text: str) -> None:
    assert assess(text).level == "none"


@pytest.mark.parametrize("text", [
    "I could kill him, my landlord kept the deposit.", "I'm so tired of being strong.", "I take 20 mg of Zoloft.",
    "Tomorrow is my last day at work."])
def test_strong_words_for_plain_troubles_are_no_crisis(text: str) -> None:
    assert assess(text).level != "crisis"


@pytest.mark.parametrize("text", ["I'm not suicidal, just tired", "I used to cut myself ten years ago"])
def test_negation_and_past_stay_a_concern(text: str) -> None:
    assert assess(text).level == "concern"


@pytest.mark.parametrize("text", ["My friend wants to kill himself", "She told me she wants to end her life"])
def test_danger_of_another_is_at_least_a_concern(text: str) -> None:
    assert assess(text).level != "none"


def test_cues_are_the_very_words_of_the_text() -> None:
    text = "Today was fine, but I WANNA  die, honestly"
    assert assess(text).cues
    assert all(cue in text for cue in assess(text).cues)
    assert "WANNA  die" in assess(text).cues[0]


def test_no_words_are_no_risk() -> None:
    assert assess("  \n").level == "none"


def test_the_probability_is_the_classifier_s_own() -> None:
    judge = bundled_judge()
    assert judge.scorer is not None
    for text in ("I want to die", "I'm not suicidal", "nice weather", "my uncle is an alcoholic"):
        shares = judge.scorer.probabilities(text, tokens(text), judge.rules.read(text))
        assert judge.assess(text).probability == pytest.approx(danger(shares))


def test_everyday_talk_needs_to_sound_more_dangerous() -> None:
    asking, chatting = np.zeros(8), np.zeros(8)
    asking[[0, 1]], chatting[[-1, 1]] = (0.7, 0.3), (0.7, 0.3)
    assert leaning(asking, 3.0) == pytest.approx(danger(asking)) == pytest.approx(0.3)
    assert leaning(chatting, 3.0) == pytest.approx(0.3 / (0.3 + 3 * 0.7))
    limits = Limits(everyday=3.0, crisis=0.25, concern=0.15)
    assert [decide((), shares, limits) for shares in (asking, chatting)] == ["crisis", "none"]


def test_rules_go_on_when_the_classifier_is_gone() -> None:
    judge = RiskJudge(load_rules(), None)
    assert judge.name == "rules@2"
    assert judge.assess("I want to kill myself").level == "crisis"
    assert judge.assess("nice weather").level == "none"
    assert judge.assess("I want to kill myself").probability is None


def test_the_classifier_alone_can_raise_a_concern() -> None:
    judge = bundled_judge()
    assert judge.scorer is not None
    found = [row["text"] for row in rows("risk_positives.jsonl") if not judge.rules.find(row["text"])]
    raised = [judge.assess(text) for text in found]
    assert any(risk.level != "none" and risk.cues for risk in raised)


def test_a_broken_classifier_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "risk.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelFileError, match="train risk"):
        load_scorer(tmp_path / "risk.safetensors")


def test_a_classifier_of_other_classes_is_refused(tmp_path: Path) -> None:
    stored = load_file(WEIGHTS / FILE)
    for name in ("weights", "meaning", "bias"):
        stored[name] = np.ascontiguousarray(stored[name][..., :5])
    save_file(stored, tmp_path / FILE)
    with pytest.raises(ModelFileError, match="other classes"):
        load_scorer(tmp_path / FILE)


def test_a_classifier_without_its_network_is_refused(tmp_path: Path) -> None:
    stored = {name: array for name, array in load_file(WEIGHTS / FILE).items() if not name.startswith("network_")}
    save_file(stored, tmp_path / FILE)
    with pytest.raises(ModelFileError, match="train risk"):
        load_scorer(tmp_path / FILE)


def test_there_are_enough_hard_sentences_and_a_third_is_never_learned_from() -> None:
    negatives, positives = rows("risk_hard_negatives.jsonl"), rows("risk_positives.jsonl")
    assert len(negatives) >= 500
    assert len(positives) >= 300
    for told in (negatives, positives):
        assert 0.33 < np.mean([row["part"] in {"held out", "at length", "fresh", "blind"} for row in told]) < 0.45
    assert len({row["text"].lower() for row in [*negatives, *positives]}) == len(negatives) + len(positives)


@pytest.mark.parametrize(("part", "most"), [("seen", 0.05), ("held out", 0.15), ("at length", 0.15),
                                            ("fresh", 0.1), ("blind", 0.1)])
def test_hard_negatives_seldom_raise_a_crisis(part: str, most: float) -> None:
    assert share_of_crises([row["text"] for row in rows("risk_hard_negatives.jsonl") if row["part"] == part]) <= most


@pytest.mark.parametrize(("part", "least"), [("seen", 0.9), ("held out", 0.85), ("at length", 0.75),
                                             ("fresh", 0.6), ("blind", 0.6)])
def test_danger_told_sideways_is_mostly_found(part: str, least: float) -> None:
    assert share_of_crises([row["text"] for row in rows("risk_positives.jsonl") if row["part"] == part]) >= least


@pytest.mark.parametrize("lang", ["de", "fr", "es", "pt", "it"])
def test_five_languages_get_the_plain_words_by_rules(lang: str) -> None:
    told = [row for row in rows("risk_languages.jsonl") if row["lang"] == lang]
    assert len(told) >= 20
    assert share_of_crises([row["text"] for row in told if row["is_crisis"]]) >= 0.9
    assert share_of_crises([row["text"] for row in told if not row["is_crisis"]]) <= 0.1


def test_a_word_said_a_thousand_times_is_judged_as_one_said_ten_times() -> None:
    assert assess("die " * 1000).level == assess("die " * 10).level


@pytest.mark.parametrize("text", [
    "I took 30 paracetamol an hour ago", "I just swallowed a lot of tablets", "I have the pills in my hand",
    "I bought a gun and I'm going to my boss's office to shoot him", "I burned myself on purpose",
    "a man online wants nudes from me, I'm 14", "he says he'll send my pictures to my parents",
    "I don't feel safe at home", "my chest hurts and my left arm is numb", "I'm standing on the bridge",
    "what is the tallest bridge near me", "he raped me", "suicidal", "I've written the letters",
])
def test_emergencies_are_a_crisis(text: str) -> None:
    assert assess(text).level == "crisis"


@pytest.mark.parametrize("text", [
    "I took 2 paracetamol for my headache", "I took 3 tablets of vitamin c", "I burned myself on the stove",
    "I'm standing on the bridge taking pictures of the sunset", "my pills are in my hand luggage",
    "I haven't eaten in 4 hours", "I don't feel safe driving at night", "My teacher asked me for photos of the trip",
    "We are writing letters to our grandparents", "I don't know how to carry on with this homework",
])
def test_everyday_words_that_sound_alike_are_none(text: str) -> None:
    assert assess(text).level == "none"


def test_somebody_who_does_not_know_how_to_go_on_is_never_passed_over() -> None:
    for text in ("I don't know how to go on without her.", "I don't see how I can carry on"):
        assert assess(text).level != "none"
