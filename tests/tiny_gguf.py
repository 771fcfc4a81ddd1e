"""Writes a tiny Llama GGUF that llama.cpp really runs and that says one chosen text.

All attention and feed-forward weights are zero, so the hidden state is the (one-hot) embedding of the last token, and
the output matrix is a table of what comes next: any token of the prompt leads to the first word, each word to the one
after it, the last to the end of the turn. Prompts are read byte by byte. Needs the package ``gguf`` (for tests alone).
"""

from __future__ import annotations

import re
from pathlib import Path

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


def write_gguf(path: Path, text: str, *, context: int = 4096, chat_template: str | None = TEMPLATE) -> Path:
    """A model of about 1 MB whose every greedy reply is ``text``.

    Args:
        path: where to write.
        text: what it says; no word twice in the same form; single letters go with the word after them.
        context: tokens it can see.
        chat_template: None leaves it out, as base models do.
    """
    import gguf

    alphabet = printable_bytes()
    parts = re.findall(r"\s*(?:\S\s)?\S{2,}|\s*\S", text)
    pieces = ["".join(alphabet[byte] for byte in part.encode()) for part in parts]
    if len({*alphabet, *pieces}) != 256 + len(pieces):
        raise ValueError("each word of the text may stand in it once, and single letters only before a word")
    vocabulary = [*alphabet, alphabet[32] + "t", *pieces, *SPECIAL]
    first, end = 257, vocabulary.index("<|eot_id|>")
    size = len(vocabulary)
    width = -(-size // 64) * 64
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_vocab_size(size)
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(32)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_rope_dimension_count(width // 4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(vocabulary)
    kinds = [gguf.TokenType.NORMAL] * (size - len(SPECIAL)) + [gguf.TokenType.CONTROL] * len(SPECIAL)
    writer.add_token_types(kinds)
    writer.add_token_merges([f"{alphabet[32]} t"])
    writer.add_bos_token_id(vocabulary.index("<|begin_of_text|>"))
    writer.add_eos_token_id(end)
    if chat_template is not None:
        writer.add_chat_template(chat_template)

    chain = list(range(first, first + len(pieces)))
    following = np.full(size, chain[0])
    following[chain] = [*chain[1:], end]
    table = np.zeros((size, width), np.float32)
    table[following, np.arange(size)] = 8.0
    writer.add_tensor("token_embd.weight", np.eye(size, width, dtype=np.float32))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    writer.add_tensor("output.weight", table)
    for name, shape in (("attn_q", (width, width)), ("attn_k", (width, width)), ("attn_v", (width, width)),
                        ("attn_output", (width, width)), ("ffn_gate", (32, width)), ("ffn_up", (32, width)),
                        ("ffn_down", (width, 32))):
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float32))
    for name in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{name}.weight", np.ones(width, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
