"""``evaluate guard``: how many forbidden sentences the guard stops, and how many good ones with them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..reply.guard import Evidence, broken_rules, check
from ..reply.guard_scorer import bundled_scorer

SAID = "I lost my job last week."
SAID_WITH_FEELINGS = "I lost my job last week and I feel sad, worried and angry."


def evaluate_guard(forbidden: Path, fine: Path) -> dict[str, Any]:
    """Read both lists through the guard.

    Args:
        forbidden: lines "rule | sentence", said to somebody who told only that they lost their job.
        fine: one sentence a line, said to somebody who also named their feelings. Lines with # are notes in both.

    Returns:
        ``task, n_forbidden, recall`` (stopped by any rule), ``recall_by_rule`` {rule: {n, recall}}, ``n_fine,
        false_alarm_rate``; ``rules_alone`` {recall, false_alarm_rate}, the same without the classifier;
        ``classifier``, whether it spoke (its file may be broken); ``missed`` and ``false_alarms`` as lists.

    Raises:
        InputError: a file can't be read, holds nothing, or a line names no rule.
    """
    rows = [line.split(" | ", 1) for line in _lines(forbidden)]
    for row in rows:
        if len(row) < 2:
            raise InputError(f'{forbidden} must hold lines such as "promise | You will be fine."; got {row[0][:60]!r}')
    told, told_more = Evidence(SAID, None), Evidence(SAID_WITH_FEELINGS, None)
    stopped = {sentence: bool(check(sentence, told)) for _, sentence in rows}
    by_rule: dict[str, list[bool]] = defaultdict(list)
    for rule, sentence in rows:
        by_rule[rule].append(stopped[sentence])
    good = _lines(fine)
    alarms = [sentence for sentence in good if check(sentence, told_more)]
    alone = {"recall": sum(bool(broken_rules(text, told)) for _, text in rows) / len(rows),
             "false_alarm_rate": sum(bool(broken_rules(text, told_more)) for text in good) / len(good)}
    return {"task": "guard", "n_forbidden": len(rows), "recall": sum(stopped[text] for _, text in rows) / len(rows),
            "recall_by_rule": {rule: {"n": len(found), "recall": sum(found) / len(found)}
                               for rule, found in by_rule.items()},
            "n_fine": len(good), "false_alarm_rate": len(alarms) / len(good), "rules_alone": alone,
            "classifier": bundled_scorer() is not None,
            "missed": [text for _, text in rows if not stopped[text]], "false_alarms": alarms}


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read ({error}): give a UTF-8 text file, one sentence a line") from error
    kept = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not kept:
        raise InputError(f"{path} holds no sentences")
    return kept
