"""A small convolutional network over the rows of a page: a second opinion on roles, cuts and paragraphs.

Each row is read by its first and last characters and by its features; dilated convolutions over the rows then let
every row see 63 rows to either side, so that what a row is can depend on the order of things on the page. Boosted
trees look at rows one by one: the two err in different places, and their average errs less than either.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from services.segment.roles import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.segment.arrays import Counts, Floats, Ints
    from services.segment.features import Features
    from services.segment.page.page import Page


REACH = 12  # characters read at each end of a row
EDGE = 4  # of these, read one by one by their place
DILATIONS = (1, 2, 4, 8, 16, 32)
YES_OR_NO = ("cut", "paragraph", "block")
PADDING, UNKNOWN, FIRST_LETTER = range(3)  # character numbers; known letters follow
CLIP = 4.0  # standard deviations a feature may lie from its mean
DIGITS = 4  # of each probability: far coarser than the noise of summing in another order
LEAST = 1e-4  # probability below which a class is no less likely
TREES_SAY, NETWORK_SAYS = 0.4, 0.8  # weights of the two opinions on roles, as log-probabilities
# Weights of the trees' and the network's log-odds of a new article in the flow, a new headline block, a new paragraph.
CUTS, BLOCKS, STARTS = (0.85, 0.22), (0.7, 0.4), (0.7, 0.7)
UNSURE = 5e-4  # the network is never held to be surer than this of a yes or no
_SPANS = (4, 10, 25, 60)  # rows apart at which the two halves of a repeated word still count
_EXACT = frozenset({"names", "letters"})
_KINDS = 9  # character classes of services.segment.page.page
CODED = ("first_class", "last_class", "last_two_class")


@dataclass(frozen=True, slots=True)
class NetworkView:
    """What the network says of a page's rows.

    Attributes:
        roles: (rows, classes) probability of each class of `services.segment.roles`.
        cut: (rows,) probability that a row, taken for running text, belongs to another article than the running
            text before it.
        paragraph: (rows,) probability that a row, taken for running text, starts a paragraph.
        block: (rows,) probability that a row, taken for a heading, heads another article than the heading row before.
    """

    roles: Floats
    cut: Floats
    paragraph: Floats
    block: Floats


def combined_roles(trees: Floats, network: Floats) -> Floats:
    """Two opinions on roles (rows x classes each) as one: their log-probabilities weighted and made to sum to one.

    The weights gave the least log-loss and the most whole articles on house styles that neither had seen.
    """
    product = np.maximum(trees, LEAST) ** TREES_SAY * np.maximum(network, LEAST) ** NETWORK_SAYS
    agreed: Floats = np.round(product / product.sum(axis=1, keepdims=True), DIGITS)
    return agreed


def combined_odds(trees: Floats, network: Floats, weights: tuple[float, float]) -> Floats:
    """Log-odds of a yes (boundaries,) from the trees' log-odds and the network's probabilities, (boundaries,) each.

    `weights` are `CUTS`, `BLOCKS` or `STARTS`. Each opinion holds evidence that the other lacks; the weights gave the
    most whole articles on house styles that neither had seen.
    """
    likely = np.clip(network, UNSURE, 1 - UNSURE)
    odds: Floats = weights[0] * trees + weights[1] * np.log(likely / (1 - likely))
    return odds


def characters(page: Page) -> Ints:
    """Code points (rows x 2 REACH) of each row's first characters, then from the end backwards its last; -1 past it."""
    start, end = page.start[:-1, None], page.start[1:, None]
    ahead = start + np.arange(REACH)
    back = end - 1 - np.arange(REACH)
    place = np.concatenate((np.where(ahead < end, ahead, -1), np.where(back >= start, back, -1)), axis=1)
    codes: Ints = np.append(page.codes, -1)[place]
    return codes


def _crossing(page: Page) -> list[Floats]:
    """Weight of the words printed on both sides of each row's upper edge, and its share of what is usual around it."""
    n = len(page)
    use = page.gram >= 0
    gram, row = page.gram[use], page.gram_row[use]
    order = np.argsort(gram, kind="stable")
    gram, row = gram[order], row[order]
    step = row[1:] - row[:-1]
    same = (gram[1:] == gram[:-1]) & (step > 0)
    found: list[Floats] = []
    for span in _SPANS:
        linked = same & (step <= span)
        weight = page.weight[gram[1:]][linked].astype(np.float64)
        opened = np.bincount(row[:-1][linked] + 1, weights=weight, minlength=n + 1)
        closed = np.bincount(row[1:][linked] + 1, weights=weight, minlength=n + 2)[: n + 1]
        crossing = np.cumsum(opened - closed)[:n] / 1000
        width = max(3, span // 2)
        padded = np.concatenate((np.full(width, crossing[0]), crossing, np.full(width, crossing[-1])))
        total = np.concatenate(([0.0], np.cumsum(padded)))
        around = (total[2 * width + 1 :] - total[: -2 * width - 1]) / (2 * width + 1)
        found += [crossing, crossing / np.maximum(around, 0.05)]
    return found


def inputs(page: Page, features: Features, wanted: Sequence[str]) -> Floats:
    """What the network reads of each row beside its characters.

    Args:
        page: the page, with one row at least.
        features: of its rows.
        wanted: the features to read; the classes of the characters at a row's ends are read in any case.

    Returns:
        rows x inputs: the wanted features, the character classes one column a class, the words across its upper edge.

    Raises:
        KeyError: a feature is missing.
    """
    plain = features.ordered(wanted)
    coded = [features.column(name)[:, None] == np.arange(_KINDS) for name in CODED]
    return np.concatenate((plain, *coded, np.stack(_crossing(page), axis=1)), axis=1)


@dataclass(frozen=True, slots=True)
class Network:
    """The trained weights; I inputs, H hidden units, E numbers a character, C filters over characters.

    Attributes:
        names: the row features it reads.
        letters: code points it knows, ascending.
        mean, scale: (I,) what to subtract from each input and divide it by.
        embedding: (letters + FIRST_LETTER, E).
        filters, filter_bias: (3 E, C) and (C,): every three neighbouring characters.
        inlet, inlet_bias: (I + 2 C + 2 EDGE E, H) and (H,).
        kernels, kernel_bias: (dilations, 3 H, H) and (dilations, H): the row above, the row, the row below.
        outlet, outlet_bias: (H, outputs) and (outputs,): the classes, then the questions of `YES_OR_NO`.
    """

    names: tuple[str, ...]
    letters: Counts
    mean: Floats
    scale: Floats
    embedding: Floats
    filters: Floats
    filter_bias: Floats
    inlet: Floats
    inlet_bias: Floats
    kernels: Floats
    kernel_bias: Floats
    outlet: Floats
    outlet_bias: Floats

    def numbers(self, codes: Ints) -> Ints:
        """Character numbers of code points (of any shape), `PADDING` for -1."""
        place = np.minimum(np.searchsorted(self.letters, codes), len(self.letters) - 1)
        known = np.where(self.letters[place] == codes, place + FIRST_LETTER, UNKNOWN)
        return np.where(codes < 0, PADDING, known)

    def standardised(self, values: Floats) -> Floats:
        """Inputs (rows x inputs) about zero and of unit spread, outliers clipped."""
        return np.clip((values - self.mean) / self.scale, -CLIP, CLIP)

    def logits(self, numbers: Ints, standard: Floats) -> Floats:
        """Raw outputs (rows x outputs) from character numbers and standardised inputs."""
        n = len(numbers)
        letters = self.embedding[numbers].reshape(n, 2, REACH, -1)
        edges = letters[:, :, :EDGE].reshape(n, -1)
        framed = np.pad(letters, ((0, 0), (0, 0), (1, 1), (0, 0)))
        threes = np.concatenate((framed[:, :, :-2], framed[:, :, 1:-1], framed[:, :, 2:]), axis=3)
        filtered = (threes.reshape(n * 2 * REACH, -1) @ self.filters).reshape(n, 2, REACH, -1)
        pooled = np.maximum(filtered.max(axis=2) + self.filter_bias, 0).reshape(n, -1)
        read = np.concatenate((standard, pooled, edges), axis=1)
        hidden = np.maximum(read @ self.inlet + self.inlet_bias, 0)
        for dilation, kernel, bias in zip(DILATIONS, self.kernels, self.kernel_bias, strict=True):
            framed = np.pad(hidden, ((dilation, dilation), (0, 0)))
            around = np.concatenate((framed[:n], hidden, framed[2 * dilation :]), axis=1)
            hidden = hidden + np.maximum(around @ kernel + bias, 0)
        result: Floats = hidden @ self.outlet + self.outlet_bias
        return result

    def view(self, page: Page, features: Features) -> NetworkView:
        """Probabilities for each row of a page, from its row features."""
        if not len(page):
            return NetworkView(np.zeros((0, len(CLASSES))), *(np.zeros(0) for _ in YES_OR_NO))
        raw = self.logits(self.numbers(characters(page)), self.standardised(inputs(page, features, self.names)))
        classes, rest = raw[:, : len(CLASSES)], raw[:, len(CLASSES) :]
        roles = np.exp(classes - classes.max(axis=1, keepdims=True))
        roles /= roles.sum(axis=1, keepdims=True)
        odds = 1.0 / (1.0 + np.exp(-np.clip(rest, -30, 30)))
        return NetworkView(np.round(roles, DIGITS), *np.round(odds, DIGITS).T)

    def to_bytes(self) -> bytes:
        """The weights as a compressed NumPy archive of 16-bit floats."""
        floats = {f.name: getattr(self, f.name).astype(np.float16) for f in fields(self) if f.name not in _EXACT}
        buffer = BytesIO()
        np.savez_compressed(buffer, names=np.array(self.names), letters=self.letters, **floats)
        return buffer.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Network:
        """Read what `to_bytes` wrote."""
        with np.load(BytesIO(data)) as stored:
            floats = {name: stored[name].astype(np.float64) for name in stored.files if name not in _EXACT}
            return Network(names=tuple(str(n) for n in stored["names"]), letters=stored["letters"], **floats)


@lru_cache(maxsize=1)
def shipped_network() -> Network:
    """The trained network that comes with the package."""
    return Network.from_bytes(resources.files("services.segment.models").joinpath("network.npz").read_bytes())
