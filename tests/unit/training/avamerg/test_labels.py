from collections import Counter

import pytest

from empathy.avamerg.classes import CLASSES
from empathy.errors import InputError
from empathy.training.avamerg.labels import DOUBTFUL, FINE, class_of, fold

TRAIN_COUNTS = {  # the 32 words in train.json; source: published counts over its 24,696 labelled conversations
    "anxious": 7067, "sad": 2183, "annoyed": 988, "surprised": 813, "lonely": 636, "excited": 607, "proud": 566,
    "angry": 561, "nostalgic": 554, "afraid": 541, "terrified": 522, "jealous": 517, "disgusted": 511, "grateful": 508,
    "confident": 502, "disappointed": 501, "hopeful": 500, "anticipating": 498, "furious": 491, "joyful": 484,
    "impressed": 482, "prepared": 474, "guilty": 470, "content": 468, "devastated": 468, "embarrassed": 443,
    "sentimental": 433, "caring": 425, "ashamed": 409, "trusting": 407, "apprehensive": 373, "faithful": 294}
TEST_COUNTS = {"lonely": 112, "sentimental": 94, "jealous": 107, "sad": 423, "disgusted": 89, "afraid": 111,
               "surprised": 160, "apprehensive": 79, "anxious": 1418, "trusting": 84, "content": 94, "nostalgic": 113,
               "excited": 129, "guilty": 93, "proud": 110, "grateful": 90, "terrified": 107, "joyful": 82,
               "annoyed": 191, "hopeful": 112, "embarrassed": 98, "ashamed": 79, "faithful": 53, "disappointed": 106,
               "devastated": 99, "anticipating": 102, "caring": 98, "angry": 108, "furious": 100, "confident": 104,
               "impressed": 102, "prepared": 92}


def test_the_table_holds_the_32_words_of_the_data():
    assert set(FINE) == set(TRAIN_COUNTS)


def test_the_table_folds_the_published_test_counts_as_the_baseline_does():
    folded = Counter()
    for word, n in TEST_COUNTS.items():
        folded[fold()[word]] += n
    assert folded == {"happy": 1150, "surprised": 361, "angry": 399, "fear": 297, "sad": 2536, "disgusted": 89,
                      "contempt": 107}


def test_switching_anxious_moves_it_from_sad_to_fear():
    table = fold(("anxious",))
    assert table["anxious"] == "fear"
    assert sum(TEST_COUNTS[word] for word in TEST_COUNTS if table[word] == "fear") == 1715
    assert sum(TEST_COUNTS[word] for word in TEST_COUNTS if table[word] == "sad") == 1118


def test_every_doubtful_row_has_another_class():
    assert all(FINE[word] != doubt.other for word, doubt in DOUBTFUL.items())


def test_a_word_beside_the_32_is_looked_up_to_its_end_and_never_becomes_happy():
    assert class_of("Stressed ", fold()) == CLASSES.index("sad")
    assert class_of("stressed", fold(("anxious",))) == CLASSES.index("fear")
    assert class_of("flabbergasted", fold()) is None


def test_only_doubtful_rows_can_be_switched():
    with pytest.raises(InputError, match="joyful: only anxious"):
        fold(("joyful",))
