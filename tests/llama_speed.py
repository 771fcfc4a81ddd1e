"""How fast Llama 3.1 8B would answer here, without its weights: ``python -m tests.llama_speed FOLDER [--threads N]``.

Speed depends on shapes, not on values. Two files of the 8B model's true layer shapes in Q4_K_M, one of 2 layers and one
of 6, are made in FOLDER (6 GB of room, some minutes; kept for the next time), driven through the real engine with the
true prompts, and each figure is carried on in a straight line to 32 layers. (The true file keeps a few more tensors in
six bits and is about 8 % larger a layer.) Tokens are counted with GPT-2's vocabulary, which cuts English a little finer
than Llama's own. Prints one JSON object. Seconds are those of the process's own threads: with ``--threads 1`` what one
core needs, even on a machine that is busy with other work.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from empathy.memory.session import Session, Turn, remember
from empathy.protocols import never
from empathy.reply.llama import load
from empathy.reply.llama_engine import Llama
from empathy.reply.prompt import build_messages, build_opening
from empathy.settings import Settings
from empathy.types import NO_CARE
from tests.tiny_gguf import SPECIAL, TEMPLATE, gpt2_vocabulary
from tests.unit.reply.said import estimate

DEPTHS, DEPTH = (2, 6), 32
WIDTH, FORWARD, VOCABULARY, HEADS, KEY_HEADS = 4096, 14336, 128256, 32, 8
SENTENCE_TOKENS, SHORT_TOKENS = 16, 11
"""A first sentence of a reply (half of the composer's first sentences are shorter), and one of the eight words that the
instructions ask for. The first of these tokens is there when the prompt is read."""

N_TOKENS = 10

WORDS = "I lost my job yesterday and I don't know how to tell my sister about it"


Tensors = dict[str, tuple[Any, Any]]
"""Values and, where they are quantized, their type."""


def write(path: Path, layers: int, tensors: Tensors) -> None:
    """A file of so many layers, each with the tensors of block 0."""
    import gguf

    tokens, merges = gpt2_vocabulary()
    tokens = [*tokens, *SPECIAL]
    tokens += [f"spare{i}" for i in range(VOCABULARY - len(tokens))]
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name(f"shapes-{layers}")
    writer.add_vocab_size(VOCABULARY)
    writer.add_context_length(8192)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token in tokens])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index("<|begin_of_text|>"))
    writer.add_eos_token_id(tokens.index("<|eot_id|>"))
    writer.add_chat_template(TEMPLATE)
    for name, (values, kind) in tensors.items():
        for i in range(layers if name.startswith("blk.0.") else 1):
            writer.add_tensor(name.replace("blk.0.", f"blk.{i}."), values, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def noise() -> Tensors:
    """One layer of the shapes in half precision, filled with one block of noise over and over."""
    block = (np.random.default_rng(0).standard_normal(1 << 22) * 0.02).astype(np.float16)
    narrow = WIDTH * KEY_HEADS // HEADS
    shapes = {"token_embd": (VOCABULARY, WIDTH), "output": (VOCABULARY, WIDTH), "blk.0.attn_q": (WIDTH, WIDTH),
              "blk.0.attn_k": (narrow, WIDTH), "blk.0.attn_v": (narrow, WIDTH), "blk.0.attn_output": (WIDTH, WIDTH),
              "blk.0.ffn_gate": (FORWARD, WIDTH), "blk.0.ffn_up": (FORWARD, WIDTH), "blk.0.ffn_down": (WIDTH, FORWARD)}
    norms = ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm")
    return {f"{name}.weight": (np.resize(block, shape), None) for name, shape in shapes.items()} | {
        f"{name}.weight": (np.ones(WIDTH, np.float32), None) for name in norms}


def shaped(folder: Path, layers: int) -> Path:
    """The quantized file of so many layers, made if it is not there: one layer is quantized, and repeated."""
    import gguf
    import llama_cpp

    path, one, full = (folder / f"shapes-{name}.gguf" for name in (layers, 1, "full"))
    if not one.is_file():
        write(full, 1, noise())
        how = llama_cpp.llama_model_quantize_default_params()
        how.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M
        part = one.with_suffix(".part")
        if llama_cpp.llama_model_quantize(str(full).encode(), str(part).encode(), how) != 0:
            raise RuntimeError(f"{full} could not be quantized")
        part.rename(one)
        full.unlink()
    if not path.is_file():
        write(path, layers, {tensor.name: (tensor.data, tensor.tensor_type) for tensor in
                             gguf.GGUFReader(str(one)).tensors})
    return path


def measured(engine: Llama) -> dict[str, float]:
    """Seconds and tokens of reading the prompt of a fifth turn: cold, read ahead, and back after another visitor; and
    seconds to compute one token of the reply, without choosing it, and four in one go, as guessing ahead would."""
    session, value = Session.start(0.0), estimate("sad", channels=("face", "voice", "words"))
    for i in range(4):
        session = remember(session, Turn(at_s=float(i), words=f"This is what happened on day {i} of my trip.",
                                         reply=f"It sounds as if day {i} stayed with you.", estimate=value))
    tokens, head = engine._template.tokens(build_messages(session, WORDS, value, NO_CARE))

    def reading(visitor: str) -> tuple[float, int]:
        started = time.process_time()
        n = engine._read(tokens, head, visitor, never)
        return time.process_time() - started, n

    cold_s, cold_tokens = reading("ana")
    engine.forget("ana")
    engine.warm(build_opening(session, WORDS), visitor="ana", cancelled=never)
    warm_s, warm_tokens = reading("ana")
    state = engine._state()
    engine._read(tokens[: head + 64], head, "ben", never)
    back_s, back_tokens = reading("ana")
    started = time.process_time()
    for _ in range(N_TOKENS):
        engine._llm.eval([tokens[0]])
    token_s = (time.process_time() - started) / N_TOKENS
    started = time.process_time()
    for _ in range(N_TOKENS):
        engine._llm.eval(tokens[:4])
    four_s = (time.process_time() - started) / N_TOKENS
    return {"cold_s": cold_s, "warm_s": warm_s, "back_s": back_s, "token_s": token_s, "four_s": four_s,
            "cold_tokens": cold_tokens, "warm_tokens": warm_tokens, "back_tokens": back_tokens,
            "state_kb": len(state.data) / len(state.tokens) / 1e3}


def main() -> None:
    """Measure both files and print what 32 layers would take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, float]] = []
    for layers in DEPTHS:
        path = shaped(given.folder, layers)
        engine = load(path, Settings(llama=path, threads=given.threads, temperature=0.0))
        assert isinstance(engine, Llama)
        rows.append(measured(engine))
    few, more = rows
    per_layer = {key: (more[key] - few[key]) / (DEPTHS[1] - DEPTHS[0]) for key in few}
    at_depth: dict[str, Any] = {key: few[key] + (DEPTH - DEPTHS[0]) * per_layer[key] for key in few}
    tokens = {f"{key}_tokens": int(more[f"{key}_tokens"]) for key in ("cold", "warm", "back")}
    firsts = {f"first_token_{key}_s": round(at_depth[f"{key}_s"], 2) for key in ("cold", "warm", "back")}
    print(json.dumps({
        "task": "llama speed", "shapes": "Llama 3.1 8B, Q4_K_M", "layers_measured": DEPTHS, "layers": DEPTH,
        "threads": given.threads, **tokens, **firsts, "token_s": round(at_depth["token_s"], 3),
        "four_tokens_s": round(at_depth["four_s"], 3),
        "first_sentence_warm_s": round(at_depth["warm_s"] + (SENTENCE_TOKENS - 1) * at_depth["token_s"], 2),
        "first_short_sentence_warm_s": round(at_depth["warm_s"] + (SHORT_TOKENS - 1) * at_depth["token_s"], 2),
        "first_sentence_cold_s": round(at_depth["cold_s"] + (SENTENCE_TOKENS - 1) * at_depth["token_s"], 2),
        "state_kb_a_token": round(at_depth["state_kb"])}))


if __name__ == "__main__":
    main()
