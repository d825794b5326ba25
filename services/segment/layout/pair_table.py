"""What can be measured of a pair: a piece (headline block, caption or byline) compared with a body.

Pairs are looked at twice. The search tries hundreds of ways to cut a page; it compares a headline block with a stretch
of text from counts only (`fast_pairs`). Once the pieces are decided, each piece is compared with each body in full
(`matching/pairs`). Both looks take their features from the table in this module. Where the looks differ, the trained
models need a separate bound for each look; the line of the feature gives both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

FREE = math.inf  # used without a bound


@dataclass(frozen=True, slots=True)
class PairFeature:
    """A line of the table.

    Attributes:
        name: the name of the column.
        meaning: what the feature measures, and in what unit.
        full: its bound in the full look; None where the full look does not use it.
        fast: the same for the fast look.
    """

    name: str
    meaning: str
    full: float | None = FREE
    fast: float | None = None


# The shares weigh a word by one over the number of texts that have it. These texts are bodies in the full look, and
# stretches of twelve flow rows in the fast look. A body's beginning or end is 160 characters in the full look, and
# seven rows in the fast look.
TABLE = (
    PairFeature("share", "share of the piece's two-character words that the body prints, 0..1", FREE, FREE),
    PairFeature("share_margin", "its lead over the piece's best other body, -1..1"),
    PairFeature("share_margin_body", "its lead over the body's best other piece, -1..1"),
    PairFeature("weight", "the weight of those words, 1 for a word of one text alone", FREE, FREE),
    PairFeature("weight_margin", "its lead over the piece's best other body"),
    PairFeature("weight_margin_body", "its lead over the body's best other piece"),
    PairFeature("phrase", "share of the piece's four-character phrases that the body prints, 0..1", FREE, FREE),
    PairFeature("phrase_margin", "its lead over the piece's best other body, -1..1"),
    PairFeature("phrase_margin_body", "its lead over the body's best other piece, -1..1"),
    PairFeature("phrase_weight", "the weight of those phrases", None, FREE),
    PairFeature("lead", "share of the piece's words that the body's beginning prints, 0..1", FREE, FREE),
    PairFeature("lead_margin", "its lead over the piece's best other body, -1..1"),
    PairFeature("lead_margin_body", "its lead over the body's best other piece, -1..1"),
    PairFeature("lead_weight", "the weight of those words", None, FREE),
    PairFeature("phrase_lead", "share of the piece's phrases that the body's beginning prints, 0..1", None, FREE),
    PairFeature("tail", "share of the piece's words that the body's end prints, 0..1", FREE, FREE),
    PairFeature("tail_margin", "its lead over the piece's best other body, -1..1"),
    PairFeature("tail_margin_body", "its lead over the body's best other piece, -1..1"),
    PairFeature("phrase_tail", "share of the piece's phrases that the body's end prints, 0..1", None, FREE),
    PairFeature("share_rank", "how many bodies share more of the piece's words"),
    PairFeature("share_rank_body", "of how many pieces the body shares more words"),
    PairFeature("lead_rank", "how many bodies' beginnings share more of the piece's words"),
    PairFeature("above", "1 where the piece stands before the body", FREE, FREE),
    PairFeature("below", "1 where it stands after it", FREE, FREE),
    PairFeature("flow_between", "rows of running text between the two", 200, 150),
    PairFeature("heading_between", "heading rows between the two", 200, 150),
    PairFeature("byline_between", "byline rows between the two", 200, 150),
    PairFeature("caption_between", "caption rows between the two", 200, 150),
    PairFeature("label_between", "label rows between the two", 200, 150),
    PairFeature("furniture_between", "rows of furniture and weather between the two", 200),
    PairFeature("jump_between", "jump rows between the two", 200, 150),
    PairFeature("gaps_between", "blank lines between the two", FREE, 60),
    PairFeature("rows_between", "rows of any kind between the two", 400, 300),
    PairFeature("shift", "rows from the piece's first to the body's first, in parts of the page, -1..1", None, FREE),
    PairFeature("bodies_ahead", "bodies from the first that begins after the piece to this one", 12),
    PairFeature("bodies_behind", "bodies from this one to the last that ends before the piece", 12),
    PairFeature("body_headed", "0 no heading row next to the body, 1 one above, 2 one below, 3 both"),
    PairFeature("place_gap", "distance of the two when pieces and bodies are each spread over 0..1"),
    PairFeature("rank_gap", "number of the piece less number of the body", 12),
    PairFeature("rank_gap_end", "the same, both counted from the end", 12),
    PairFeature("piece_rows", "rows of the piece", FREE, FREE),
    PairFeature("piece_length", "characters of the piece", 200, 150),
    PairFeature("piece_width", "width of the piece's first row, in full-width characters", FREE, FREE),
    PairFeature("piece_dash", "1 where the piece begins with a dash", FREE, FREE),
    PairFeature("piece_gap", "blank lines before the piece", FREE, FREE),
    PairFeature("piece_place", "the piece's first row, in parts of the page, 0..1", FREE, FREE),
    PairFeature("piece_run", "heading rows that stand together with the piece's first row", None, 30),
    PairFeature("piece_run_place", "of these, how many stand before it", None, 30),
    PairFeature("piece_after", "how many bodies begin before the piece's end"),
    PairFeature("piece_credit", "1 where the piece's last row ends in a photo credit"),
    PairFeature("piece_jump_above", "1 where a jump line stands above the piece", FREE, FREE),
    PairFeature("piece_in_flow", "1 where a body above ends after one below begins: never, but in the models"),
    PairFeature("body_rows", "rows of the body", 120, 120),
    PairFeature("body_lead", "1 where the body opens as a story does (本报讯)", FREE, FREE),
    PairFeature("body_indented", "1 where the body's first row is indented", FREE, FREE),
    PairFeature("body_torn", "1 where the body's first row begins inside a word", FREE, FREE),
    PairFeature("body_gap", "blank lines before the body", FREE, FREE),
    PairFeature(
        "body_reporter", "1 where 记者 stands in the body's first 60 characters, or first two rows", FREE, FREE
    ),
    PairFeature("body_signed", "1 where the body's last row ends in a signature", FREE, FREE),
    PairFeature("body_ended", "1 where the body's last row ends a sentence", FREE, FREE),
    PairFeature("body_jump_above", "1 where a jump line stands above the body", FREE, FREE),
    PairFeature("body_place", "the body's first row, in parts of the page, 0..1", None, FREE),
    PairFeature("body_rank", "how many bodies stand before the body"),
    PairFeature("body_head_above", "1 where a heading row stands next above the body", None, FREE),
    PairFeature("body_head_below", "1 where a heading row stands next below the body", None, FREE),
    PairFeature("bodies", "bodies of the page"),
    PairFeature("pieces", "pieces of this kind on the page"),
    PairFeature("heading_rows", "heading rows of the page", None, FREE),
    PairFeature("flow_rows", "rows of running text of the page", None, 600),
    PairFeature("heads_late", "share of the heading rows in the last three tenths of the page, 0..1", None, FREE),
    PairFeature("style_next", "share of the page's sure headlines whose body comes next, 0..1"),
    PairFeature("style_previous", "share of the page's sure headlines whose body stands before, 0..1"),
    PairFeature("after_neighbour", "number of the body less that of the likeliest body of the piece before", 12),
    PairFeature("before_neighbour", "number of the likeliest body of the piece after less that of the body", 12),
)
# What the full look adds for headline blocks, because a headline block may also belong to a long caption; and for
# captions and bylines, because they are matched after the headline blocks.
OF_HEADLINES = (PairFeature("is_caption", "1 where the body is a long caption"),)
OF_OTHERS = (
    PairFeature("head_above_owns", "1 where the headline block above the piece has this body"),
    PairFeature("head_below_owns", "1 where the headline block below the piece has this body"),
    PairFeature("head_above_gap", "rows from that block's end to the piece, 99 where there is none", 60),
    PairFeature("head_below_gap", "rows from the piece to that block, 99 where there is none", 60),
    PairFeature("body_has_head", "1 where some headline block has this body"),
)
FULL_NAMES = tuple(line.name for line in TABLE if line.full is not None)
FAST_NAMES = tuple(line.name for line in TABLE if line.fast is not None)
FULL_MOST = {line.name: line.full for line in (*TABLE, *OF_OTHERS) if line.full is not None}
FAST_MOST = {line.name: line.fast for line in TABLE if line.fast is not None}
