"""Writes a tiny Llama GGUF that llama.cpp really runs and that says one chosen text.

All attention and feed-forward weights are zero, so the hidden state is the (one-hot) embedding of the last token, and
the output matrix is a table of what comes next: any token of the prompt leads to the first word, each word to the one
after it, the last to the end of the turn. Prompts are read byte by byte, or with GPT-2's vocabulary, which cuts English
a little finer than Llama 3's own, so that tokens can be counted. Needs the package ``gguf`` (for tests alone).
"""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

TEMPLATE = (
    "{{- bos_token }}{%- for message in messages %}"
    "{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' }}"
    "{{- message['content'] | trim + '<|eot_id|>' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{%- endif %}"
)
"""The frame of Llama 3.1's chat template."""

SPECIAL = ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")


def printable_bytes() -> list[str]:
    """How byte-level vocabularies write each of the 256 bytes (Source: GPT-2's tokenizer)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]


@cache
def gpt2_vocabulary() -> tuple[list[str], list[str]]:
    """GPT-2's tokens and merges, as a byte-level vocabulary writes them; the merges are read off the ranks.

    Source: the file of ranks that the package ``openai-whisper`` carries (MIT)."""
    spec = find_spec("whisper")
    assert spec and spec.origin
    lines = (Path(spec.origin).parent / "assets" / "gpt2.tiktoken").read_text().splitlines()
    ranks = {base64.b64decode(token): int(rank) for token, rank in map(str.split, lines)}
    alphabet = printable_bytes()

    def written(token: bytes) -> str:
        return "".join(alphabet[byte] for byte in token)

    merges: list[str] = []
    for token, rank in ranks.items():
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            best = min(range(len(parts) - 1), key=lambda i: ranks.get(parts[i] + parts[i + 1], rank))
            parts[best : best + 2] = [parts[best] + parts[best + 1]]
        if len(parts) == 2:
            merges.append(" ".join(map(written, parts)))
    return [written(token) for token in ranks], merges


def write_gguf(path: Path, text: str, *, context: int = 4096, chat_template: str | None = TEMPLATE,
               vocabulary: str = "bytes", layers: int = 1, width: int = 0) -> Path:
    """A small model whose every greedy reply is ``text``.

    Args:
        path: where to write.
        text: what it says; no word twice in the same form; single letters go with the word after them.
        context: tokens it can see.
        chat_template: None leaves it out, as base models do.
        vocabulary: "bytes", or "gpt2", which needs the package ``openai-whisper``.
        layers: of zeros; more of them make it slower, and no wiser.
        width: of the hidden state; 0 is as narrow as the text allows.
    """
    import gguf

    alphabet = printable_bytes()
    parts = re.findall(r"\s*(?:\S\s)?\S{2,}|\s*\S", text)
    pieces = ["".join(alphabet[byte] for byte in part.encode()) for part in parts]
    base, merges = (gpt2_vocabulary() if vocabulary == "gpt2" else ([*alphabet, alphabet[32] + "t"],
                                                                    [f"{alphabet[32]} t"]))
    if len(set(pieces)) != len(pieces) or set(pieces) & set(alphabet):
        raise ValueError("each word of the text may stand in it once, and single letters only before a word")
    tokens = list(dict.fromkeys([*base, *pieces, *SPECIAL]))
    number = {token: i for i, token in enumerate(tokens)}
    width = max(width, -(-(len(pieces) + 1) // 64) * 64)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_vocab_size(len(tokens))
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(4 * width)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_rope_dimension_count(width // 4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token in tokens])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(number["<|begin_of_text|>"])
    writer.add_eos_token_id(number["<|eot_id|>"])
    if chat_template is not None:
        writer.add_chat_template(chat_template)
    _add_weights(writer, [number[piece] for piece in pieces], number["<|eot_id|>"], n_tokens=len(tokens),
                 width=width, layers=layers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_weights(writer: Any, chain: list[int], end: int, *, n_tokens: int, width: int, layers: int) -> None:
    """State 0 is any token of a prompt, state i the i-th word; the output leads from each to the word after it."""
    state = np.zeros(n_tokens, int)
    state[chain] = np.arange(1, len(chain) + 1)
    table = np.zeros((n_tokens, width), np.float32)
    for here, following in enumerate([*chain, end]):
        table[following, here] = 8.0
    writer.add_tensor("token_embd.weight", np.eye(width, dtype=np.float32)[state])
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    writer.add_tensor("output.weight", table)
    for layer in range(layers):
        for name, shape in (("attn_q", (width, width)), ("attn_k", (width, width)), ("attn_v", (width, width)),
                            ("attn_output", (width, width)), ("ffn_gate", (4 * width, width)),
                            ("ffn_up", (4 * width, width)), ("ffn_down", (width, 4 * width))):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.zeros(shape, np.float32))
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(width, np.float32))
