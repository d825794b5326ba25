"""A small convolutional network over the rows of a page: a second opinion on roles, cuts and paragraphs.

The network reads the first and last characters of each row, and the features of the row. Dilated convolutions over the
rows then let every row see 63 rows on either side, so the role of a row can depend on the order of things on the page.
Boosted trees look at a single row at a time. The network and the trees make mistakes in different places, and their
average makes fewer mistakes than either.
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
EDGE = 4  # of these characters, how many are also read by their place
DILATIONS = (1, 2, 4, 8, 16, 32)
YES_OR_NO = ("cut", "paragraph", "block")
PADDING, UNKNOWN, FIRST_LETTER = range(3)  # the first character numbers; the known letters follow
CLIP = 4.0  # largest distance of an input from its mean, in standard deviations
DIGITS = 4  # decimal digits of a probability; far coarser than the noise of another order of summation
LEAST = 1e-4  # smaller probabilities of a class are raised to this
TREES_SAY, NETWORK_SAYS = 0.4, 0.8  # weights of the log-probabilities of the two opinions on roles
# Weights of the log-odds of the trees and of the network.
# CUTS is for a new article in the flow, BLOCKS for a new headline block, STARTS for a new paragraph.
CUTS, BLOCKS, STARTS = (0.85, 0.22), (0.7, 0.4), (0.7, 0.7)
UNSURE = 5e-4  # the network's probability of yes is kept this far from 0 and from 1
_SPANS = (4, 10, 25, 60)  # most rows between two places of a repeated word that counts
_EXACT = frozenset({"names", "letters"})
_KINDS = 9  # character classes of services.segment.page.page
CODED = ("first_class", "last_class", "last_two_class")


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The opinion of the network on the rows of a page.

    Attributes:
        roles: (rows, classes) probability of each class of `services.segment.roles`.
        cut: (rows,) probability that a row belongs to another article than the running text before it, if the row is
            running text.
        paragraph: (rows,) probability that a row starts a paragraph, if the row is running text.
        block: (rows,) probability that a row heads another article than the heading row before it, if the row is a
            heading.
    """

    roles: Floats
    cut: Floats
    paragraph: Floats
    block: Floats


def combined_roles(trees: Floats, network: Floats) -> Floats:
    """Combine two opinions on roles, each (rows x classes).

    The result weights the log-probabilities of both, and its probabilities sum to 1 in each row. The weights gave the
    least log-loss and the most complete articles on house styles that neither model had seen.
    """
    product = np.maximum(trees, LEAST) ** TREES_SAY * np.maximum(network, LEAST) ** NETWORK_SAYS
    agreed: Floats = np.round(product / product.sum(axis=1, keepdims=True), DIGITS)
    return agreed


def combined_odds(trees: Floats, network: Floats, weights: tuple[float, float]) -> Floats:
    """Combine the log-odds of the trees and the probabilities of the network into log-odds of yes: (boundaries,) each.

    `weights` are `CUTS`, `BLOCKS` or `STARTS`. Each opinion has evidence that the other lacks. The weights gave the
    most complete articles on house styles that neither model had seen.
    """
    likely = np.clip(network, UNSURE, 1 - UNSURE)
    odds: Floats = weights[0] * trees + weights[1] * np.log(likely / (1 - likely))
    return odds


def characters(page: Page) -> Ints:
    """Return the code points of the first and last characters of each row: (rows x 2 REACH).

    The last characters come in backward order, from the end of the row. Places outside the row hold -1.
    """
    start, end = page.start[:-1, None], page.start[1:, None]
    ahead = start + np.arange(REACH)
    back = end - 1 - np.arange(REACH)
    place = np.concatenate((np.where(ahead < end, ahead, -1), np.where(back >= start, back, -1)), axis=1)
    codes: Ints = np.append(page.codes, -1)[place]
    return codes


def _crossing(page: Page) -> list[Floats]:
    """Weigh the words printed on both sides of each row's upper edge; also divide by the usual weight around it."""
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
    """Compute what the network reads of each row, apart from its characters.

    Args:
        page: the page, with at least one row.
        features: features of its rows.
        wanted: names of the features to read. The classes of the characters at both ends of a row are always read.

    Returns:
        (rows x inputs): the wanted features, the character classes with a column for each class, and the words across
        the upper edge of the row.

    Raises:
        KeyError: a feature is missing.
    """
    plain = features.ordered(wanted)
    coded = [features.column(name)[:, None] == np.arange(_KINDS) for name in CODED]
    return np.concatenate((plain, *coded, np.stack(_crossing(page), axis=1)), axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The trained weights of the network.

    The shapes use I inputs, H hidden units, E numbers for each character, and C filters over characters.

    Attributes:
        names: the row features that the network reads.
        letters: the code points that the network knows, ascending.
        mean, scale: (I,) subtract the mean from each input, then divide by the scale.
        embedding: (letters + FIRST_LETTER, E) the numbers of each character.
        filters, filter_bias: (3 E, C) and (C,), which read every three neighbouring characters.
        inlet, inlet_bias: (I + 2 C + 2 EDGE E, H) and (H,), the first layer.
        kernels, kernel_bias: (dilations, 3 H, H) and (dilations, H), which read the row above, the row, and the row
            below.
        outlet, outlet_bias: (H, outputs) and (outputs,). The outputs are the classes, then the questions of
            `YES_OR_NO`.
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
        """Return the character numbers of code points (in any shape), with `PADDING` for -1."""
        place = np.minimum(np.searchsorted(self.letters, codes), len(self.letters) - 1)
        known = np.where(self.letters[place] == codes, place + FIRST_LETTER, UNKNOWN)
        return np.where(codes < 0, PADDING, known)

    def standardised(self, values: Floats) -> Floats:
        """Return the inputs (rows x inputs) centred on zero, with unit spread and clipped outliers."""
        return np.clip((values - self.mean) / self.scale, -CLIP, CLIP)

    def logits(self, numbers: Ints, standard: Floats) -> Floats:
        """Compute raw outputs (rows x outputs) from character numbers and standardised inputs."""
        n, width = len(numbers), len(self.inlet_bias)
        place = numbers.reshape(n, 2, REACH).transpose(2, 0, 1)
        edges = self.embedding[numbers.reshape(n, 2, REACH)[:, :, :EDGE]].reshape(n, -1)
        pooled = np.maximum(self._filtered(place) + self.filter_bias, 0).reshape(n, -1)
        hidden = np.concatenate((standard, pooled, edges), axis=1) @ self.inlet
        hidden += self.inlet_bias
        np.maximum(hidden, 0, out=hidden)
        around = np.zeros((n, 3, width))
        for dilation, kernel, bias in zip(DILATIONS, self.kernels, self.kernel_bias, strict=True):
            reach = min(dilation, n)
            around[:reach, 0], around[n - reach :, 2] = 0, 0
            around[reach:, 0], around[:, 1], around[: n - reach, 2] = hidden[: n - reach], hidden, hidden[reach:]
            change = around.reshape(n, -1) @ kernel
            change += bias
            hidden += np.maximum(change, 0, out=change)
        result: Floats = hidden @ self.outlet + self.outlet_bias
        return result

    def _filtered(self, place: Ints) -> Floats:
        """Return the most that each filter finds at a row's ends, (rows x 2 x filters), of (REACH x rows x 2) numbers.

        A filter reads three neighbouring characters. What it gives for each character at each of the three places is in
        a table, so only the sums remain.
        """
        before, here, after = _tables(self)
        most = np.full((*place.shape[1:], len(self.filter_bias)), -np.inf)
        for at, numbers in enumerate(place):
            found = here.take(numbers, axis=0)
            if at > 0:
                found += before.take(place[at - 1], axis=0)
            if at < REACH - 1:
                found += after.take(place[at + 1], axis=0)
            np.maximum(most, found, out=most)
        return most

    def view(self, page: Page, features: Features) -> NetworkView:
        """Compute the probabilities for each row of a page, from its row features."""
        if not len(page):
            return NetworkView(np.zeros((0, len(CLASSES))), *(np.zeros(0) for _ in YES_OR_NO))
        raw = self.logits(self.numbers(characters(page)), self.standardised(inputs(page, features, self.names)))
        classes, rest = raw[:, : len(CLASSES)], raw[:, len(CLASSES) :]
        roles = np.exp(classes - classes.max(axis=1, keepdims=True))
        roles /= roles.sum(axis=1, keepdims=True)
        odds = 1.0 / (1.0 + np.exp(-np.clip(rest, -30, 30)))
        return NetworkView(np.round(roles, DIGITS), *np.round(odds, DIGITS).T)

    def to_bytes(self) -> bytes:
        """Return the weights as a compressed NumPy archive of 16-bit floats."""
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


@lru_cache(maxsize=4)
def _tables(network: Network) -> tuple[Floats, Floats, Floats]:
    """Return what the filters give for a character as the first, second or third of three: (letters x filters) each."""
    first, second, third = np.split(network.filters, 3)
    return network.embedding @ first, network.embedding @ second, network.embedding @ third


@lru_cache(maxsize=1)
def shipped_network() -> Network:
    """Return the trained network that comes with the package."""
    return Network.from_bytes(resources.files("services.segment.models").joinpath("network.npz").read_bytes())
