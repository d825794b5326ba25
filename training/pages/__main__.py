"""Make annotated newspaper pages: `python -m training.pages --source DIR --out DIR --issues N --seed S`."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from training.pages.bench import write
from training.pages.issue import Kit, generate
from training.pages.reading.align import AlignmentError
from training.pages.reading.extract import EXTRACTORS
from training.pages.reading.truth import as_prediction
from training.pages.typesetting.fonts import FACES, MissingFontError, load_face
from training.pages.writing import pools
from training.pages.writing.content import load_sources
from training.pages.writing.house import FULL_WIDTH_DIGITS, traditional_table
from training.pages.writing.texts import load_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pages.writing.content import Source

EPILOG = """\
needs: the Python packages of the `train` dependency group (PyMuPDF, pdfminer.six, pypdf, pypdfium2, fonttools) and the
Debian packages poppler-utils, fonts-wqy-zenhei, fonts-wqy-microhei and fonts-arphic-uming. The result depends on the
seed, the sources and the versions of these alone. Generated pages hold the sources' texts: keep them out of the
repository.

check:  python -m training.pages --out DIR --check score.py    scores the truth against itself; every figure must be 1
"""


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.pages",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--source", type=Path, help="folder of annotated issues in the bench's format")
    parser.add_argument(
        "--articles", type=Path, action="append", default=[], help="JSON Lines of further articles (id, headline, text)"
    )
    parser.add_argument("--texts", type=Path, help="a corpus of articles with their structure (.jsonl.xz)")
    parser.add_argument(
        "--part", default="0/1", metavar="K/N", help="of the corpus, the articles whose number leaves K divided by N"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the generated issues")
    parser.add_argument("--issues", type=int, default=60)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", default="", help="issues of --source to draw from, comma-separated")
    parser.add_argument("--exclude", default="", help="issues of --source not to draw from, comma-separated")
    parser.add_argument("--extractor", action="append", choices=sorted(EXTRACTORS), help="use only these extractors")
    parser.add_argument("--pdf", action="store_true", help="keep each issue's PDF beside its pages")
    parser.add_argument(
        "--check", type=Path, metavar="SCORER", help="only score the truth in --out against itself with this program"
    )
    return parser.parse_args(argv)


def alphabet(sources: Sequence[Source]) -> set[str]:
    """Return every character that may be drawn."""
    text: set[str] = set(map(chr, range(32, 127)))
    for source in sources:
        for part in (source.headline, source.kicker, source.deck, *(t for _, t in source.flow), *source.captions):
            text.update(part)
    text.update(pools.TEXT, *(p.read_text(encoding="utf-8") for p in Path(__file__).parent.rglob("*.py")))
    table = traditional_table()
    text.update([table(ch) for ch in text], [ch.translate(FULL_WIDTH_DIGITS) for ch in text])
    return text


def check(folder: Path, scorer: Path) -> int:
    """Score every issue's truth, as a prediction, against itself; return the scorer's exit status."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "predictions.json"
        truths = {p.parent.name: json.loads(p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*/truth.json"))}
        target.write_text(
            json.dumps({name: as_prediction(t) for name, t in truths.items()}, ensure_ascii=False), encoding="utf-8"
        )
        return subprocess.run([sys.executable, str(scorer), str(folder), str(target)], check=False).returncode


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return 2 if something it needs is missing."""
    options = arguments(argv)
    if options.check:
        return check(options.out, options.check)
    if options.source is None and options.texts is None:
        print("--source is needed, a folder of annotated issues in the bench's format, or --texts", file=sys.stderr)
        return 2
    extractors = sorted(options.extractor or EXTRACTORS)
    if any(e.startswith("pdftotext") for e in extractors) and shutil.which("pdftotext") is None:
        print(
            "pdftotext is missing: install the Debian package poppler-utils, or choose others with --extractor",
            file=sys.stderr,
        )
        return 2
    names = [set(filter(None, value.split(","))) for value in (options.only, options.exclude)]
    sources = (
        load_sources(options.source, only=names[0], exclude=names[1], articles=options.articles)
        if options.source
        else []
    )
    if options.texts:
        offset, every = map(int, options.part.split("/"))
        sources += load_texts(options.texts, every=every, offset=offset)
    if not sources:
        print(f"no usable article in {options.source}", file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        faces = {name: load_face(name, alphabet(sources)) for name in FACES}
    except MissingFontError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(sources)} source articles, {len(faces)} fonts in {time.monotonic() - started:.1f} s", flush=True)
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        kit = Kit(sources, faces, extractors, Path(scratch))
        for number in range(1, options.issues + 1):
            name = f"pdf-{options.seed}-{number:03d}"
            try:
                issue, data = generate(name, f"{options.seed}-{number}", kit)
            except AlignmentError as error:
                failed += 1
                print(f"{name}: left out, {error}", file=sys.stderr)
                continue
            write(issue, options.out)
            if options.pdf:
                (options.out / name / "issue.pdf").write_bytes(data)
            took = time.monotonic() - started
            pages, articles = issue.meta["pages"], len(issue.truth["articles"])
            print(
                f"{name}  {pages} pages {articles:3d} articles  {issue.meta['extractor']:<22}{took:7.1f} s", flush=True
            )
    print(f"{options.issues - failed} issues in {options.out}, {failed} left out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
