"""`python -m training.segmentation.tuning --data DIR [--data DIR ...]`: teach the network that ships further pages.

A short lesson with a low learning rate. The network keeps what it knows: pages that it has learned from are among the
pages (the first DIR; `--share` says how much it counts beside all others together), and the weights that ship are
halfway between those before and those after the lesson. Generated pages are used as they are, because the generator
varies them; a small folder is varied as in `network.py`.
"""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from services.segment.matching.heading_parts import PARTS
from services.segment.models.network import Network
from training.segmentation.corpus import issue_folders, kept_aside, load_issue
from training.segmentation.lessons.rows import Example, example, lessons
from training.segmentation.network import FEW, FIXED, MODEL, fit, shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from training.segmentation.corpus import AnnotatedPage

STEPS, RATE, SHARE, SEED = 1000, 6e-4, 0.5, 1
KEPT_EVERY = 200  # steps between two states of the weights that are written


def taught(pages: Sequence[AnnotatedPage], share: float) -> list[Example]:
    """Return what the network learns from a folder's pages; their weights sum to `share`."""
    if len(pages) >= FEW:
        learned = [example(page, 1.0) for page in pages]
    else:
        learned = [e for page in pages for lesson in [lessons(page, 1.0)] for e in (*lesson.own, *lesson.restyled)]
    return weighted(learned, share)


def weighted(examples: Sequence[Example], share: float) -> list[Example]:
    """Return the examples with weights that sum to `share`, in the same proportions."""
    total = sum(e.weight for e in examples)
    return [replace(e, weight=e.weight * share / total) for e in examples]


def with_parts(network: Network, seed: int = SEED) -> Network:
    """Return the network with small random outputs for headline parts, which `shipped` leaves out again."""
    more = np.random.default_rng(seed).normal(0, 0.1, (network.outlet.shape[0], len(PARTS)))
    return replace(
        network,
        outlet=np.concatenate((network.outlet, more), axis=1),
        outlet_bias=np.concatenate((network.outlet_bias, np.zeros(len(PARTS)))),
    )


def halfway(before: Network, after: Network) -> Network:
    """Return the network whose weights are the means of those before and after a lesson."""
    learned = {f.name for f in fields(Network)} - set(FIXED)
    means = {name: (getattr(before, name) + getattr(after, name)) / 2 for name in sorted(learned)}
    return replace(before, **means)


def tune(  # noqa: PLR0913 - what is trained on, from where, and for how long
    examples: Sequence[Example],
    start: Network,
    *,
    steps: int = STEPS,
    rate: float = RATE,
    seed: int = SEED,
    say: Callable[[str], None],
    keep: Callable[[int, Network], None],
) -> Network:
    """Return the network halfway between `start` and `start` trained on `examples`, with the weights that ship.

    `keep` is given each `KEPT_EVERY`th state of the training.
    """

    def kept(count: int, network: Network) -> None:
        if count % KEPT_EVERY == 0:
            keep(count, shipped(network))

    trained = fit(examples, steps=steps, seed=seed, rate=rate, start=with_parts(start, seed), say=say, keep=kept)
    return halfway(start, Network.from_bytes(shipped(trained).to_bytes()))


def main() -> None:
    """Tune the network on every issue given and write the weights the service ships."""
    parser = argparse.ArgumentParser(prog="python -m training.segmentation.tuning", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True, help="folder of annotated issues")
    parser.add_argument(
        "--aside",
        action="append",
        default=[],
        help="an extractor, or how the names of layouts begin: such issues judge the result and are not trained on",
    )
    parser.add_argument("--share", type=float, default=SHARE, help="weight of the first folder; the others have 1")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--rate", type=float, default=RATE, help="the highest learning rate")
    parser.add_argument("--start", type=Path, default=MODEL, help="the network to continue from")
    parser.add_argument("--out", type=Path, default=MODEL)
    arguments = parser.parse_args()
    examples: list[Example] = []
    others = max(1, len(arguments.data) - 1)
    for number, root in enumerate(arguments.data):
        folders = (f for f in issue_folders([root]) if not kept_aside(f, arguments.aside if number else ()))
        pages = [page for folder in folders for page in load_issue(folder)]
        examples += taught(pages, 1.0 / others if number else arguments.share)
        print(f"{root.name}: {len(pages)} pages", flush=True)
    start = Network.from_bytes(arguments.start.read_bytes())

    def keep(count: int, network: Network) -> None:
        arguments.out.with_suffix(f".{count}.npz").write_bytes(network.to_bytes())

    data = tune(examples, start, steps=arguments.steps, rate=arguments.rate, say=print, keep=keep).to_bytes()
    arguments.out.write_bytes(data)
    print(f"{arguments.out.name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
