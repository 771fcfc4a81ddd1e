"""Where torch runs, and with how many threads."""

from __future__ import annotations

from typing import Literal

from ..errors import ModelMissingError

Device = Literal["auto", "cpu", "cuda", "mps"]


def pick_device(wanted: Device, n_threads: int) -> str:
    """The torch device to use; ``auto`` takes cuda, then mps, then the processor.

    Also sets torch's threads for the whole process, which some packages lower behind our back.

    Raises:
        ModelMissingError: the wanted device is not on this machine.
    """
    import torch

    torch.set_num_threads(n_threads)
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return next(name for name, found in there.items() if found)
    if not there[wanted]:
        raise ModelMissingError(f"EMPATHY_DEVICE is {wanted!r}, which torch does not find on this machine; "
                                "set it to auto or cpu")
    return wanted
