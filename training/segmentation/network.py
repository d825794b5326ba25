"""`python -m training.segmentation.network --data DIR [--data DIR ...]`: train the network over rows.

DIR holds annotated issues in the bench's format; each DIR counts as much as any other. Every page is also read with
its blocks in another order and with other blank lines, then as another paper would have set it
(`variants/restyle.py`). While training, characters and features are dropped and blurred, so that the network learns
what holds for papers and extractors it has not seen, not the words of those it has.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from services.segment.matching.heading_parts import PARTS
from services.segment.models import network as net
from services.segment.roles import CLASSES
from training.segmentation.corpus import issue_folders, load_issue
from training.segmentation.lessons.rows import Example, Lessons, lessons

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from services.segment.arrays import Floats

    Weights = dict[str, Any]

MODEL = Path(__file__).resolve().parents[2] / "services" / "segment" / "models" / "network.npz"
HIDDEN, EMBEDDED, FILTERS = 80, 16, 32
LETTERS = 3000  # the most frequent characters at row ends
LEAST = 20  # times a character must be seen to be known
SHAPES = ((8, 256), (4, 512))  # pages x rows of a batch; a longer page is cut to a random stretch
STEPS, MORE_STEPS = 1200, 800
RATE, DECAY = 2e-3, 1e-3
SMOOTHING = 0.04
FEW, MOST_ROUNDS = 360, 3  # folders with fewer pages are varied more than once
BALANCE = 0.25  # a class has the weight of its frequency to the power of minus this
PARTS_WEIGH = 0.5  # weight in the loss, where every other question has weight 1
DROPPED_CHARACTERS, DROPPED_TEXTS, DROPPED_FEATURES, BLUR, DROPPED_UNITS = 0.08, 0.03, 0.06, 0.1, 0.15


def fresh(examples: Sequence[Example], seed: int) -> net.Network:
    """Return a network before training: characters and input scales of `examples`, small random weights."""
    seen, count = np.unique(np.concatenate([e.codes.ravel() for e in examples]), return_counts=True)
    seen, count = seen[seen >= 0], count[seen >= 0]
    often = np.argsort(-count, kind="stable")[:LETTERS]
    letters = np.sort(seen[often][count[often] >= LEAST]).astype(np.int32)
    rows = np.concatenate([e.inputs for e in examples])
    random = np.random.default_rng(seed)

    def matrix(*shape: int) -> Floats:
        return random.normal(0, (1.4 / shape[-2]) ** 0.5, shape)

    outputs = len(CLASSES) + len(net.YES_OR_NO) + len(PARTS)
    edges = 2 * net.EDGE * EMBEDDED
    return net.Network(
        names=examples[0].names,
        letters=letters,
        mean=rows.mean(axis=0, dtype=np.float64).astype(np.float16).astype(np.float64),
        scale=np.maximum(rows.std(axis=0, dtype=np.float64), 0.05).astype(np.float16).astype(np.float64),
        embedding=random.normal(0, 0.3, (len(letters) + net.FIRST_LETTER, EMBEDDED)),
        filters=matrix(3 * EMBEDDED, FILTERS),
        filter_bias=np.zeros(FILTERS),
        inlet=matrix(rows.shape[1] + 2 * FILTERS + edges, HIDDEN),
        inlet_bias=np.zeros(HIDDEN),
        kernels=matrix(len(net.DILATIONS), 3 * HIDDEN, HIDDEN) * 0.5,
        kernel_bias=np.zeros((len(net.DILATIONS), HIDDEN)),
        outlet=matrix(HIDDEN, outputs) * 0.3,
        outlet_bias=np.zeros(outputs),
    )


FIXED = ("names", "letters", "mean", "scale")


def logits(weights: Weights, numbers: jax.Array, standard: jax.Array, held: jax.Array, key: jax.Array) -> jax.Array:
    """Compute the forward pass of `Network.logits` for a batch (pages x rows), with dropped units."""
    pages, rows = numbers.shape[:2]
    keys = jax.random.split(key, 1 + len(net.DILATIONS))

    def thinned(hidden: jax.Array, key: jax.Array) -> jax.Array:
        kept = jax.random.bernoulli(key, 1 - DROPPED_UNITS, hidden.shape)
        return hidden * kept / (1 - DROPPED_UNITS)

    letters = weights["embedding"][numbers].reshape(pages, rows, 2, net.REACH, -1)
    edges = letters[:, :, :, : net.EDGE].reshape(pages, rows, -1)
    framed = jnp.pad(letters, ((0, 0), (0, 0), (0, 0), (1, 1), (0, 0)))
    threes = jnp.concatenate((framed[:, :, :, :-2], framed[:, :, :, 1:-1], framed[:, :, :, 2:]), axis=4)
    pooled = jax.nn.relu((threes @ weights["filters"]).max(axis=3) + weights["filter_bias"]).reshape(pages, rows, -1)
    read = jnp.concatenate((standard, pooled, edges), axis=2)
    hidden = thinned(jax.nn.relu(read @ weights["inlet"] + weights["inlet_bias"]), keys[0]) * held[:, :, None]
    for k, dilation in enumerate(net.DILATIONS):
        framed = jnp.pad(hidden, ((0, 0), (dilation, dilation), (0, 0)))
        around = jnp.concatenate((framed[:, :rows], hidden, framed[:, 2 * dilation :]), axis=2)
        hidden += thinned(jax.nn.relu(around @ weights["kernels"][k] + weights["kernel_bias"][k]), keys[k + 1])
        hidden *= held[:, :, None]
    return hidden @ weights["outlet"] + weights["outlet_bias"]


def loss(weights: Weights, batch: dict[str, jax.Array], balance: jax.Array, key: jax.Array) -> jax.Array:
    """Return the mean cross-entropy of roles, answers and parts on a batch with blurred input."""
    characters, texts, features, blur, units = jax.random.split(key, 5)
    numbers, standard = batch["numbers"], batch["standard"]
    lost = jax.random.bernoulli(characters, DROPPED_CHARACTERS, numbers.shape)
    lost |= jax.random.bernoulli(texts, DROPPED_TEXTS, (*numbers.shape[:2], 1))
    numbers = jnp.where(lost & (numbers != net.PADDING), net.UNKNOWN, numbers)
    kept = jax.random.bernoulli(features, 1 - DROPPED_FEATURES, (standard.shape[0], 1, standard.shape[2]))
    standard = (standard + BLUR * jax.random.normal(blur, standard.shape)) * kept
    raw = logits(weights, numbers, standard, batch["held"], units)
    count = len(CLASSES)
    wanted = jax.nn.one_hot(batch["classes"], count) * (1 - SMOOTHING) + SMOOTHING / count
    weight = balance[batch["classes"]] * batch["held"]
    roles = -(wanted * jax.nn.log_softmax(raw[..., :count])).sum(axis=-1)
    total = (roles * weight).sum() / weight.sum()
    asked = (batch["answers"] >= 0) * batch["held"][:, :, None]
    odds = raw[..., count : count + len(net.YES_OR_NO)]
    crossed = (jnp.logaddexp(0.0, odds) - batch["answers"] * odds) * asked
    total += (crossed.sum(axis=(0, 1)) / jnp.maximum(asked.sum(axis=(0, 1)), 1)).sum()
    titled = (batch["parts"] >= 0) * batch["held"]
    part = jax.nn.one_hot(batch["parts"], len(PARTS))
    named = -(part * jax.nn.log_softmax(raw[..., count + len(net.YES_OR_NO) :])).sum(axis=-1)
    return total + PARTS_WEIGH * (named * titled).sum() / jnp.maximum(titled.sum(), 1)


@partial(jax.jit, donate_argnums=(0, 1, 2))
def step(  # noqa: PLR0913, PLR0917 - the state of Adam and one batch
    weights: Weights,
    first: Weights,
    second: Weights,
    batch: dict[str, jax.Array],
    balance: jax.Array,
    key: jax.Array,
    count: jax.Array,
    rate: jax.Array,
) -> tuple[Weights, Weights, Weights, jax.Array]:
    """Do one step of Adam with decoupled weight decay."""
    value, slope = jax.value_and_grad(loss)(weights, batch, balance, key)
    norm = jnp.sqrt(sum((g * g).sum() for g in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda g: g * jnp.minimum(1.0, 2.0 / (norm + 1e-9)), slope)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, slope)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, slope)

    def moved(w: jax.Array, m: jax.Array, v: jax.Array) -> jax.Array:
        speed = m / (1 - 0.9**count) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8)
        return w - rate * (speed + DECAY * w)

    return jax.tree.map(moved, weights, first, second), first, second, value


def batch_of(
    examples: Sequence[tuple[npt.NDArray[Any], ...]], rows: int, random: np.random.Generator
) -> dict[str, npt.NDArray[Any]]:
    """Return pages padded or cut to the same number of rows."""
    names = ("numbers", "standard", "classes", "answers", "parts")
    columns: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in (*names, "held")}
    for arrays in examples:
        n = len(arrays[0])
        start = int(random.integers(0, n - rows + 1)) if n > rows else 0
        missing = max(0, rows - n)
        for name, array in zip(names, arrays, strict=True):
            part = array[start : start + rows]
            columns[name].append(np.pad(part, ((0, missing), *([(0, 0)] * (part.ndim - 1)))))
        columns["held"].append(np.pad(np.ones(rows - missing, np.float32), (0, missing)))
    return {name: np.stack(arrays) for name, arrays in columns.items()}


def fit(  # noqa: PLR0913 - what is trained on, from where, and for how long
    examples: Sequence[Example],
    *,
    steps: int = STEPS,
    seed: int = 1,
    rate: float = RATE,
    start: net.Network | None = None,
    say: Callable[[str], None],
    keep: Callable[[int, net.Network], None] | None = None,
) -> net.Network:
    """Train on `examples`; the same examples, steps and seed on the same machine give the same network.

    Args:
        examples: the pages.
        steps: number of batches to learn from.
        seed: the seed for the first weights, batches and blurs.
        rate: the highest learning rate.
        start: a network to continue from; None means a fresh network.
        say: is told how the loss falls.
        keep: is given the number of steps and the network now and then, whenever `say` is told.
    """
    start = start or fresh(examples, seed)
    ready = [
        (
            start.numbers(e.codes).astype(np.int32),
            start.standardised(e.inputs).astype(np.float32),
            e.classes.astype(np.int32),
            e.answers.astype(np.float32),
            e.parts.astype(np.int32),
        )
        for e in examples
    ]
    share = np.bincount(np.concatenate([e.classes for e in examples]), minlength=len(CLASSES)) + 1.0
    balance = (share / share.sum()) ** -BALANCE
    random = np.random.default_rng(seed)
    limit = SHAPES[0][1]
    groups = [[i for i, e in enumerate(examples) if (len(e.classes) <= limit) == short] for short in (True, False)]
    chances = [np.array([examples[i].weight for i in group]) for group in groups]
    drawn = np.array([(c * [len(examples[i].classes) for i in g]).sum() for c, g in zip(chances, groups, strict=True)])
    weights = {k: jnp.asarray(getattr(start, k), jnp.float32) for k in start.__slots__ if k not in FIXED}
    first, second = jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights)
    key = jax.random.key(seed, impl="rbg")
    recent: list[float] = []
    for count in range(1, steps + 1):
        which = int(random.random() > drawn[0] / drawn.sum())
        pages, rows = SHAPES[which]
        chosen = random.choice(groups[which], pages, p=chances[which] / chances[which].sum())
        batch = batch_of([ready[i] for i in chosen], rows, random)
        pace = rate * min(1.0, count / 100) * (0.5 + 0.5 * np.cos(np.pi * count / steps)) + 1e-5
        weights, first, second, value = step(
            weights,
            first,
            second,
            batch,
            balance,
            jax.random.fold_in(key, count),
            jnp.float32(count),
            jnp.float32(pace),
        )
        recent.append(float(value))
        if count % 200 == 0 or count == steps:
            say(f"step {count} of {steps}: loss {np.mean(recent):.4f}")
            recent.clear()
            if keep:
                keep(count, _learned(start, weights))
    return _learned(start, weights)


def _learned(start: net.Network, weights: Weights) -> net.Network:
    """Return the network with the trained weights and what stays fixed while training."""
    learned = {k: np.asarray(v, np.float64) for k, v in weights.items()}
    return net.Network(names=start.names, letters=start.letters, mean=start.mean, scale=start.scale, **learned)


def train(taught: Sequence[Lessons], *, say: Callable[[str], None]) -> net.Network:
    """Train the service's network: first on the pages' original words, then more slowly on restyled pages too."""
    own = [e for lesson in taught for e in lesson.own]
    first = fit(own, steps=STEPS, rate=RATE, say=say)
    learned = fit(
        [*own, *(e for lesson in taught for e in lesson.restyled)],
        steps=MORE_STEPS,
        rate=RATE / 2,
        start=first,
        say=say,
    )
    return shipped(learned)


def shipped(learned: net.Network) -> net.Network:
    """Return the network without the outputs for headline parts, which only taught it how titles are built."""
    count = len(CLASSES) + len(net.YES_OR_NO)
    return replace(learned, outlet=learned.outlet[:, :count], outlet_bias=learned.outlet_bias[:count])


def main() -> None:
    """Train on every issue given and write the weights the service ships."""
    parser = argparse.ArgumentParser(prog="python -m training.segmentation.network", description=__doc__)
    parser.add_argument("--data", type=Path, action="append", required=True, help="folder of annotated issues")
    parser.add_argument("--out", type=Path, default=MODEL)
    arguments = parser.parse_args()
    taught = []
    for root in arguments.data:
        pages = [page for folder in issue_folders([root]) for page in load_issue(folder)]
        rounds = min(max(1, FEW // len(pages)), MOST_ROUNDS) if pages else 1
        taught += [lessons(page, 1.0 / len(pages), rounds) for page in pages]
        print(f"{root.name}: {len(pages)} pages")
    data = train(taught, say=print).to_bytes()
    arguments.out.write_bytes(data)
    print(f"{arguments.out.name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
