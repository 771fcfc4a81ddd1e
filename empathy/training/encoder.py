"""``train encoder``: the text encoder that ships, from a published model to two small files and their card.

Nothing is learnt here: the lower layers and the vectors of the word pieces are taken over and stored in fewer bits.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..registry import digest
from ..text.encoder import FILES, MOST_TOKENS, WIDTH, load_encoder
from ..text.network import packed
from .command import say
from .onnx_export import store_in_8_bits, write_graph
from .report import make_run_folder, write_card
from .risk_lessons import draw_lessons

BASE = "sentence-transformers/all-MiniLM-L6-v2"
COMMAND = "python -m empathy train encoder --base FOLDER --out RUN"
N_COMPARED = 500
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the published ``model.safetensors``."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--base", type=Path, required=True, metavar="FOLDER",
                        help=f"the published model {BASE}: config.json, model.safetensors, vocab.txt")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder of the run")


def run(arguments: argparse.Namespace) -> int:
    """Make the files; what was made is said on standard error."""
    made = make_encoder(arguments.base, arguments.out, progress=say)
    say(f"made {' and '.join(FILES)} and the card encoder.md in {made}; to ship them, copy these and encoder.json to "
        "empathy/weights")
    return 0


def make_encoder(base: Path, out: Path, *, progress: Callable[[str], None] = lambda line: None) -> Path:
    """Take over vectors and layers, store them small, compare them with the published model, and write the card.

    Args:
        base: folder of the published model.
        out: folder of the run.
        progress: gets a line a step.

    Returns:
        ``out``.

    Raises:
        InputError: ``base`` holds no such model, or ``out`` can't be written.
    """
    import torch
    from safetensors.numpy import save_file
    from transformers import BertModel

    try:
        words = (base / "vocab.txt").read_text(encoding="utf-8").rstrip("\n")
        model = BertModel.from_pretrained(base, attn_implementation="eager").eval()
    except (OSError, ValueError) as error:
        raise InputError(f"{base} holds no model such as {BASE} ({error}): give its folder with --base") from error
    make_run_folder(out)
    vectors, scale = packed(model.embeddings.word_embeddings.weight.detach().numpy())
    save_file({"vocabulary": np.frombuffer(words.encode(), np.uint8), "vectors": vectors, "scale": scale},
              out / FILES[0], metadata={"made_by": "python -m empathy train encoder"})
    for name, half in zip(FILES[1:], halves(model), strict=True):
        write_graph(half, torch.zeros(1, 5, WIDTH), out / name, reads="vectors", answers=["states"],
                    axes={"vectors": {1: "pieces"}, "states": {1: "pieces"}}, store=store_in_8_bits,
                    about={"base": BASE})
    progress("comparing with the published model")
    write_encoder_card(out, alike=likeness(model, base, out), genuine=digest(base / "model.safetensors") == SHA256)
    return out


def halves(model: Any) -> tuple[Any, Any]:
    """The lower and the upper half of a ``BertModel``'s layers as modules, the lower one behind the positions: each
    maps (1, n_pieces, 384) to the same shape."""
    import torch

    class Places(torch.nn.Module):
        """Says of each vector where it stands."""

        def __init__(self, below: Any) -> None:
            super().__init__()
            places = below.position_embeddings.weight[:MOST_TOKENS + 2] + below.token_type_embeddings.weight[0]
            self.places = torch.nn.Parameter(places.detach(), requires_grad=False)
            self.norm = below.LayerNorm

        def forward(self, vectors: torch.Tensor) -> torch.Tensor:
            return self.norm(vectors + self.places[:vectors.shape[1]])

    layers = list(model.encoder.layer)
    middle = len(layers) // 2
    lower = torch.nn.Sequential(Places(model.embeddings), *layers[:middle])
    return lower.eval(), torch.nn.Sequential(*layers[middle:]).eval()


def likeness(model: Any, base: Path, out: Path) -> NDArray[np.float64]:
    """Cosines between the vectors of the files in ``out`` and those of the published model, one a sentence."""
    import torch
    from transformers import AutoTokenizer

    tokenizer, small = AutoTokenizer.from_pretrained(base), load_encoder(out)
    cosines: list[float] = []
    for lesson in draw_lessons(1)[:N_COMPARED]:
        with torch.inference_mode():
            whole = model(**tokenizer(lesson.text, return_tensors="pt")).last_hidden_state[0].mean(dim=0).numpy()
        cosines.append(float(small.read(lesson.text) @ whole / np.linalg.norm(whole)))
    return np.array(cosines)


def write_encoder_card(out: Path, *, alike: NDArray[np.float64], genuine: bool) -> None:
    """Write ``encoder.json`` and ``encoder.md`` beside the files."""
    size_mb = sum((out / name).stat().st_size for name in FILES) / 1e6
    card = {"name": "encoder", "task": "encoder", "files": FILES, "size_mb": size_mb, "base": BASE,
            "base_is_published": genuine, "terms": "Apache 2.0", "command": COMMAND,
            "figures": {"n": len(alike), "cosine_mean": alike.mean(), "cosine_least": alike.min()}}
    write_card(out / "encoder", card, f"""# {", ".join(FILES)}

Turns a text into one vector of {WIDTH} numbers, for the classifiers of risk and of the guard. It is
{BASE} (Wang et al. 2020, MiniLM;
Reimers & Gurevych 2019, Sentence-BERT): all six layers, the vectors of its word pieces in 4 bits and the layers'
matrices in 8; arithmetic is in 32 bits. Nothing in it was trained here.

| | |
|---|---|
| Data | none of ours; its makers trained it on a billion pairs of sentences from the web, which their card lists |
| Terms | Apache 2.0, as published |
| Command | `{COMMAND}`, FOLDER the published model |
| Base | sha256 of `model.safetensors`{"" if genuine else " **not as published**"}: {SHA256} |
| Size | {size_mb:.1f} MB |
| Against the base | cosine {alike.mean():.4f} on average, {alike.min():.4f} at worst, over {len(alike)} sentences |

## Limits
- English. Other languages come apart into letters, and their vectors say little.
- It learnt from the web, with what people write there about each other.
- A vector tells what a text is about better than whether it is denied: n-grams and rules are read beside it.
""")
