"""``train face``: the compact expression network, from FER2013 pictures with FER+ votes to the file and its card."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from .command import add_folders, data_folder, say_made

VERSION = "1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_folders(parser, "faces/",
                run="folder of the run: checkpoints, face.onnx, its card; an interrupted run goes on")
    parser.add_argument("--epochs", type=int, default=24, help="passes over the pictures for each member (24)")
    parser.add_argument("--members", type=int, default=1, help="networks trained and averaged (1)")
    parser.add_argument("--seed", type=int, default=1, help="draws weights, order and variants of the pictures (1)")
    parser.add_argument("--threads", type=int, default=0, help="processor threads; 0: all cores")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"), help="where to train (auto)")


def run(arguments: argparse.Namespace) -> int:
    """Train as told; what was made is said on standard error."""
    data = data_folder(arguments, epochs=1, members=1, seed=0, threads=0)
    made = train_face(data, arguments.out, epochs=arguments.epochs, members=arguments.members,
                      seed=arguments.seed, threads=arguments.threads, device=arguments.device)
    say_made(made)
    return 0


def train_face(
    data: Path, out: Path, *, epochs: int = 24, members: int = 1, seed: int = 1, threads: int = 0, device: str = "auto"
) -> Path:
    """Train the members, calibrate them on the validation pictures, export them, measure the export, write its card.

    Args:
        data: folder that holds ``faces/``.
        out: folder of the run. Where checkpoints of the same run lie there, it goes on from them.
        epochs: passes over the training pictures for each member.
        members: networks that are trained from different seeds and averaged.
        seed: member k is seeded with ``seed + k``, k from 0.
        threads: processor threads; 0: all cores.
        device: ``auto`` takes a CUDA device where there is one.

    Returns:
        The ONNX file.

    Raises:
        InputError: the data are not there, or ``out`` can't be written.
    """
    import cv2
    import numpy as np
    import torch

    from .face_card import write_face_card
    from .face_data import read_faces
    from .face_export import calibrate, export
    from .face_fit import Recipe, fit, log_prior, scores
    from .report import make_run_folder

    torch.set_num_threads(threads or os.cpu_count() or 1)
    cv2.setNumThreads(1)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    train, val = read_faces(data, "train"), read_faces(data, "val")
    make_run_folder(out)
    recipe = Recipe(epochs=epochs)
    trained = [fit(train, val, out / f"member-{k + 1}.pt", recipe=recipe, seed=seed + k, device=device,
                   clock=time.monotonic) for k in range(members)]
    agreed = np.flatnonzero(val.majority >= 0)
    balanced = np.mean([scores(one.network, val.pictures[agreed], device) for one in trained], axis=0)
    prior = log_prior(train.votes)
    calibration = calibrate(balanced, val.majority[agreed], prior)
    path = out / "face.onnx"
    export([one.network for one in trained], calibration, prior, path, VERSION)
    command = f"python -m empathy train face --out RUN --epochs {epochs} --members {members} --seed {seed}"
    write_face_card(path, trained, calibration, train, val, recipe=recipe, seed=seed, command=command)
    return path
