"""The real voice engines, on checkpoints written here with the names, files and shapes of the published ones."""

import json

import numpy as np
import pytest

from empathy.audio import affect_wav2vec2, speech, tone_wav2vec2, transcribe
from empathy.errors import ModelFileError, ModelMissingError
from empathy.registry import Models, files_of
from empathy.settings import Settings
from empathy.types import SAMPLE_RATE_HZ, Span

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

SETTINGS = Settings(device="cpu", threads=1)
TINY = {
    "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24,
    "conv_dim": [8, 8], "conv_kernel": [10, 8], "conv_stride": [5, 4], "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 4, "num_conv_pos_embedding_groups": 2, "classifier_proj_size": 6,
}
RAVDESS = ("angry", "calm", "disgust", "fearful", "happy", "neutral", "sad", "surprised")
VOICE = (np.sin(np.arange(8000) * 0.07) * np.linspace(0.1, 0.4, 8000)).astype(np.float32)


def config_with(labels, **changes):
    return {**TINY, "id2label": {str(i): name for i, name in enumerate(labels)}, "gradient_checkpointing": False,
            "model_type": "wav2vec2", "transformers_version": "4.8.2", **changes}


def encoder_of(config):
    from transformers import Wav2Vec2Config
    from transformers.models.wav2vec2.modeling_wav2vec2 import Wav2Vec2Model

    torch.manual_seed(1)
    known = {key: value for key, value in config.items() if key != "gradient_checkpointing"}
    return Wav2Vec2Model(Wav2Vec2Config.from_dict(known)).eval()


def published(state, *, old_names=True):
    """The encoder's tensors as the repositories name them: with the two halves of the weight norm as torch once did."""
    names = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
    found = {}
    for key, value in state.items():
        new = key
        for now, before in names.items() if old_names else ():
            new = new.replace(now, before)
        found["wav2vec2." + new] = value
    return found


def write(spec, models_dir, config, tensors):
    paths = files_of(spec, models_dir)
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    paths[0].write_text(json.dumps(config))
    paths[1].write_text(json.dumps({"do_normalize": True, "sampling_rate": 16000, "feature_size": 1}))
    torch.save(tensors, paths[2])


def two_layer_head(n_labels, last):
    generator = torch.Generator().manual_seed(2)
    make = lambda *shape: torch.randn(*shape, generator=generator)  # noqa: E731 - a one-word maker of tensors
    return {"classifier.dense.weight": make(16, 16), "classifier.dense.bias": make(16),
            f"classifier.{last}.weight": make(n_labels, 16), f"classifier.{last}.bias": make(n_labels)}


def by_hand(encoder, head, last):
    """The head in numpy, on the encoder's own output."""
    heard = (VOICE - VOICE.mean()) / np.sqrt(VOICE.var() + 1e-7)
    with torch.inference_mode():
        pooled = encoder(torch.from_numpy(heard)[None]).last_hidden_state[0].numpy().mean(axis=0)
    head = {key: value.numpy() for key, value in head.items()}
    inner = np.tanh(head["classifier.dense.weight"] @ pooled + head["classifier.dense.bias"])
    return head[f"classifier.{last}.weight"] @ inner + head[f"classifier.{last}.bias"]


def softmax(logits):
    shares = np.exp(logits - logits.max())
    return shares / shares.sum()


@pytest.mark.parametrize("old_names", [True, False])
def test_affect_is_what_the_published_head_computes(tmp_path, old_names):
    spec = affect_wav2vec2.spec(SETTINGS)
    config = config_with(("arousal", "dominance", "valence"))
    encoder = encoder_of(config)
    head = {key: value * 0.1 for key, value in two_layer_head(3, "out_proj").items()}
    write(spec, tmp_path, config, published(encoder.state_dict(), old_names=old_names) | head)
    affect = Models(tmp_path).get(spec).listen(VOICE).affect
    arousal, dominance, valence = np.clip(2 * by_hand(encoder, head, "out_proj") - 1, -1, 1)
    assert (affect.arousal, affect.dominance, affect.valence) == pytest.approx((arousal, dominance, valence), abs=1e-5)


def test_ehcalabres_speaks_with_its_own_head_and_names_calm(tmp_path):
    spec = tone_wav2vec2.ehcalabres_spec(SETTINGS)
    config = config_with(RAVDESS)
    encoder, head = encoder_of(config), two_layer_head(8, "output")
    write(spec, tmp_path, config, published(encoder.state_dict()) | head)
    tone = Models(tmp_path).get(spec).listen(VOICE)
    shares = dict(zip(RAVDESS, softmax(by_hand(encoder, head, "output")), strict=True))
    assert tone.emotions.neutral == pytest.approx(shares["calm"] + shares["neutral"], abs=1e-5)
    assert tone.calm == pytest.approx(shares["calm"] / (shares["calm"] + shares["neutral"]), abs=1e-5)
    assert tone.emotions.fear == pytest.approx(shares["fearful"], abs=1e-5)
    assert tone.emotions.contempt == 0.0


def test_superb_agrees_with_the_stock_class(tmp_path):
    from transformers import Wav2Vec2Config, Wav2Vec2ForSequenceClassification

    spec = tone_wav2vec2.superb_spec(SETTINGS)
    labels = ("neu", "hap", "ang", "sad")
    config = config_with(labels, use_weighted_layer_sum=True)
    torch.manual_seed(3)
    known = {key: value for key, value in config.items() if key != "gradient_checkpointing"}
    stock = Wav2Vec2ForSequenceClassification(Wav2Vec2Config.from_dict(known)).eval()
    stock.layer_weights.data = torch.tensor([0.3, -1.0, 2.0])
    state = stock.state_dict()
    encoder = {key.removeprefix("wav2vec2."): value for key, value in state.items() if key.startswith("wav2vec2.")}
    head = {key: value for key, value in state.items() if not key.startswith("wav2vec2.")}
    write(spec, tmp_path, config, published(encoder) | head)
    heard = torch.from_numpy((VOICE - VOICE.mean()) / np.sqrt(VOICE.var() + 1e-7))[None]
    with torch.inference_mode():
        expected = stock(heard).logits.softmax(-1)[0].numpy()
    emotions = Models(tmp_path).get(spec).listen(VOICE).emotions
    found = (emotions.neutral, emotions.happy, emotions.angry, emotions.sad)
    assert found == pytest.approx(tuple(expected), abs=1e-5)


def test_a_head_that_is_missing_is_refused_and_not_made_up(tmp_path):
    spec = tone_wav2vec2.ehcalabres_spec(SETTINGS)
    config = config_with(RAVDESS)
    head = two_layer_head(8, "output")
    head.pop("classifier.output.weight")
    write(spec, tmp_path, config, published(encoder_of(config).state_dict()) | head)
    with pytest.raises(ModelFileError, match=r"classifier\.output\.weight"):
        Models(tmp_path).get(spec)


def test_weights_of_another_model_are_refused(tmp_path):
    spec = tone_wav2vec2.superb_spec(SETTINGS)
    config = config_with(RAVDESS)
    write(spec, tmp_path, config, published(encoder_of(config).state_dict()) | two_layer_head(8, "output"))
    with pytest.raises(ModelFileError, match="left over"):
        Models(tmp_path).get(spec)


def test_labels_nobody_knows_are_refused(tmp_path):
    spec = tone_wav2vec2.ehcalabres_spec(SETTINGS)
    config = config_with(("LABEL_0",) * 8)
    write(spec, tmp_path, config, published(encoder_of(config).state_dict()) | two_layer_head(8, "output"))
    with pytest.raises(ModelFileError, match="label_0"):
        Models(tmp_path).get(spec)


def test_a_file_that_is_no_checkpoint_is_refused_with_what_to_do(tmp_path):
    spec = affect_wav2vec2.spec(SETTINGS)
    config = config_with(("arousal", "dominance", "valence"))
    write(spec, tmp_path, config, {})
    files_of(spec, tmp_path)[2].write_bytes(b"<html>not found</html>")
    with pytest.raises(ModelFileError, match="models pull msp-dim"):
        Models(tmp_path).get(spec)


def test_engines_without_weights_say_which_command_brings_them(tmp_path):
    for spec in (affect_wav2vec2.spec(SETTINGS), tone_wav2vec2.superb_spec(SETTINGS), transcribe.spec(SETTINGS)):
        with pytest.raises(ModelMissingError, match=f"models pull {spec.name}"):
            Models(tmp_path).get(spec)


SAID = " Hello world"


def whisper_that_says(text):
    """A checkpoint in Whisper's layout whose decoder ignores the sound and says ``text`` from 0.00 to 1.20 s.

    Its blocks add nothing; the place in the sentence alone points at the next token.
    """
    from whisper.model import ModelDimensions, Whisper
    from whisper.tokenizer import get_tokenizer

    dims = {"n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 12, "n_audio_head": 6, "n_audio_layer": 1,
            "n_vocab": 51865, "n_text_ctx": 448, "n_text_state": 48, "n_text_head": 6, "n_text_layer": 4}
    tokenizer = get_tokenizer(multilingual=True, language="en", task="transcribe")
    script = [*tokenizer.sot_sequence[1:], tokenizer.timestamp_begin, *tokenizer.encode(text),
              tokenizer.timestamp_begin + 60, tokenizer.eot]
    torch.manual_seed(4)
    model = Whisper(ModelDimensions(**{**dims, "n_audio_state": 48}))
    state = model.state_dict()
    for key, value in state.items():
        if key.startswith("decoder.blocks") and (".out." in key or ".mlp.2." in key):
            value.zero_()
    words = torch.nn.functional.normalize(torch.randn(dims["n_vocab"], 48), dim=-1)
    state["decoder.token_embedding.weight"].copy_(words * 0.1)
    places = state["decoder.positional_embedding"]
    places.zero_()
    for place, token in enumerate(script):
        places[place] = words[token] * 30.0
    state["decoder.ln.weight"].fill_(60.0)
    state["decoder.ln.bias"].zero_()
    return {"dims": {**dims, "n_audio_state": 48}, "model_state_dict": state}


@pytest.fixture(scope="module")
def whisper_dir(tmp_path_factory):
    pytest.importorskip("whisper")
    models_dir = tmp_path_factory.mktemp("models")
    file = files_of(transcribe.spec(SETTINGS, "tiny"), models_dir)[0]
    file.parent.mkdir(parents=True)
    torch.save(whisper_that_says(SAID), file)
    return models_dir


def test_whisper_writes_down_what_it_hears_at_the_times_of_the_recording(whisper_dir):
    engine = Models(whisper_dir).get(transcribe.spec(SETTINGS, "tiny"))
    samples = np.zeros(SAMPLE_RATE_HZ * 10, np.float32)
    samples[5 * SAMPLE_RATE_HZ:7 * SAMPLE_RATE_HZ] = 0.1 * np.sin(np.arange(2 * SAMPLE_RATE_HZ) * 0.1)
    found = engine.transcribe(samples, (Span(start_s=5.0, end_s=7.0),))
    assert found.text == SAID.strip()
    assert found.language == "en"
    assert [word.text for word in found.words] == ["Hello", "world"]
    assert all(4.8 <= word.start_s <= word.end_s <= 7.2 for word in found.words)
    assert 0.0 <= found.confidence <= 1.0


def test_whisper_encodes_a_sound_once_and_forgets_it(whisper_dir):
    engine = Models(whisper_dir).get(transcribe.spec(Settings(), "tiny"))
    encoded = []
    engine._model.encoder.conv1.register_forward_hook(lambda *_: encoded.append(1))
    tone = (0.1 * np.sin(np.arange(2 * SAMPLE_RATE_HZ) * 0.1)).astype(np.float32)
    for n in (1, 2):  # the same sound again: nothing is kept of the first time
        assert engine.transcribe(tone, (Span(start_s=0.0, end_s=2.0),)) is not None
        assert len(encoded) == n


def test_a_decoder_that_is_stuck_on_a_short_sound_is_cut_off(tmp_path):
    pytest.importorskip("whisper")
    spec = transcribe.spec(SETTINGS, "tiny")
    file = files_of(spec, tmp_path)[0]
    file.parent.mkdir(parents=True)
    torch.save(whisper_that_says(" no" * 210), file)
    engine = Models(tmp_path).get(spec)
    encoded, steps = [], []
    engine._model.encoder.conv1.register_forward_hook(lambda *_: encoded.append(1))
    engine._model.decoder.ln.register_forward_hook(lambda *_: steps.append(1))
    assert engine.transcribe(np.full(SAMPLE_RATE_HZ, 0.1, np.float32), (Span(start_s=0.0, end_s=1.0),)) is None
    assert len(steps) <= 60 * len(encoded)


def test_whisper_compiles_while_it_is_loaded_and_not_while_somebody_waits(whisper_dir):
    from whisper.timing import dtw_cpu

    engine = Models(whisper_dir).get(transcribe.spec(SETTINGS, "tiny"))
    compiled = list(dtw_cpu.signatures)
    assert compiled
    assert engine.transcribe(np.full(SAMPLE_RATE_HZ, 0.1, np.float32), (Span(start_s=0.0, end_s=1.0),)) is not None
    assert list(dtw_cpu.signatures) == compiled


def test_whisper_hears_nothing_where_nobody_speaks(whisper_dir):
    engine = Models(whisper_dir).get(transcribe.spec(SETTINGS, "tiny"))
    assert engine.transcribe(np.zeros(16000, np.float32), ()) is None


def test_a_whisper_file_of_another_kind_is_refused(tmp_path):
    pytest.importorskip("whisper")
    spec = transcribe.spec(SETTINGS, "base")
    file = files_of(spec, tmp_path)[0]
    file.parent.mkdir(parents=True)
    torch.save({"weights": torch.zeros(3)}, file)
    with pytest.raises(ModelFileError, match="no Whisper checkpoint"):
        Models(tmp_path).get(spec)


def test_the_published_addresses_are_those_of_the_installed_package():
    whisper = pytest.importorskip("whisper")
    for size, (sha256, file, _) in transcribe.PUBLISHED.items():
        assert whisper._MODELS[size] == f"{transcribe.HOST}/{sha256}/{file}"


def test_silero_hears_no_speech_in_silence_noise_and_tones(tmp_path):
    engine = Models(tmp_path).get(speech.SPEC)
    rng = np.random.default_rng(0)
    time_s = np.arange(3 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    for sound in (np.zeros(0), np.zeros(1), np.zeros(48000), rng.standard_normal(48000) * 0.1,
                  rng.standard_normal(48000) * 1e-4, 0.3 * np.sin(2 * np.pi * 440 * time_s)):
        assert engine.spans(sound.astype(np.float32)) == ()


def test_loading_silero_leaves_the_threads_of_torch_alone(tmp_path):
    torch.set_num_threads(2)
    Models(tmp_path).get(speech.SPEC)
    assert torch.get_num_threads() == 2
