"""The tables that the command line prints: articles, facets, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.cli.shared.console import out, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schemas.article import Weather
    from schemas.tagged import TaggedArticle, Topic
    from services.search.answer import Answer

SHOWN_EVIDENCE = 5
SHOWN_SENTENCE = 120
SHOWN_VALUES = 8
KIND_NAMES = {
    "story": "报道 story",
    "brief": "简讯 brief",
    "photo": "图片 photo",
    "weather": "天气 weather",
    "notice": "启事 notice",
}


def article_panels(console: Console, articles: Iterable[TaggedArticle], *, with_ids: bool = False) -> None:
    """Print each article in a frame of its own; `with_ids` names those that other commands can take."""
    for article in articles:
        console.print(article_panel(article, with_id=with_ids))


def article_panel(article: TaggedArticle, *, with_id: bool = False) -> Panel:
    """Return an article in a form that an editor can skim."""
    rows = Table.grid(padding=(0, 1))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    for name, value in _rows(article):
        rows.add_row(name, value)
    if with_id:
        rows.add_row("编号 id", Text(article.article_id))
    title = Text(article.headline or _title(article), style="bold")
    place = (
        f"{KIND_NAMES[article.kind]} · {article.paper} {article.date} · 版 page {', '.join(map(str, article.pages))}"
    )
    return Panel(Group(title, rows), title=place, title_align="left", border_style="cyan", padding=(0, 1))


def _title(article: TaggedArticle) -> str:
    if article.weather is not None:
        return article.weather.text
    return "（无标题 no headline）"


def _rows(article: TaggedArticle) -> Iterable[tuple[str, Text | str]]:
    bylines = "，".join(f"{byline.role} {byline.name}" for byline in article.bylines)
    weather = weather_line(article.weather) if article.weather is not None else ""
    subheads = "｜".join(block.text for block in article.body if block.kind == "subhead")
    yield from _filled(
        ("引题 kicker", article.kicker),
        ("副题 deck", article.deck),
        ("栏目 label", article.label),
        ("署名 byline", bylines),
        ("天气 weather", weather),
    )
    for topic in article.topics:
        yield "主题 topic", topic_line(topic)
    yield from _filled(
        ("首句 lead", _shortened(first_sentence(article), SHOWN_SENTENCE)), ("小标题 subheads", subheads)
    )
    for caption in article.captions:
        credit = f"（摄影 photo: {caption.credit}）" if caption.credit else ""
        yield "图说 caption", Text(caption.text + credit)
    for jump in article.jumps:
        target = f"第{jump.page}版 page {jump.page}" if jump.page else jump.text
        yield "转版 jump", Text(f"{'下转 to' if jump.direction == 'to' else '上接 from'} {target}")
    in_force = [one for one in article.corrections if one.state == "applied"]
    if in_force:
        told = (f"{one.change.change} {one.by} {one.at.astimezone():%Y-%m-%d %H:%M}" for one in in_force)
        yield "更正 corrected", Text("; ".join(told))
    if article.flags:
        yield "存疑 flags", Text(", ".join(article.flags), style="yellow")


def _filled(*rows: tuple[str, str]) -> Iterable[tuple[str, Text]]:
    return ((name, Text(text)) for name, text in rows if text)


def weather_line(weather: Weather) -> str:
    """Return the values of a weather forecast, such as 多云; 偏南风2-3级; 26–33 °C."""
    low, high = weather.low_celsius, weather.high_celsius
    degrees = f"{low}–{high} °C" if low is not None and high is not None else ""
    return "; ".join(part for part in (weather.sky, weather.wind, degrees) if part)


def topic_line(topic: Topic) -> Text:
    """Return a topic with its score and the words that support it, the strongest first."""
    weights: dict[str, float] = {}
    for evidence in topic.evidence:
        weights[evidence.text] = weights.get(evidence.text, 0.0) + evidence.weight
    words = sorted(weights, key=lambda word: (-weights[word], word))[:SHOWN_EVIDENCE]
    line = Text()
    line.append(f"{topic.label} {topic.id}", style="bold green")
    line.append(f" {topic.score:.2f}  ", style="dim")
    line.append("、".join(words))
    return line


def first_sentence(article: TaggedArticle) -> str:
    """Return the beginning of the article's text, up to its first full stop."""
    for block in article.body:
        if block.kind == "paragraph":
            end = min((at + 1 for mark in "。！？" if (at := block.text.find(mark)) >= 0), default=len(block.text))
            return block.text[:end]
    return ""


def facet_table(facets: Mapping[str, Sequence[tuple[str, int]]]) -> Table:
    """Return a table with a row for each facet: its most common values with counts."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("分面 facet", no_wrap=True)
    table.add_column("值 values (件 articles)", overflow="fold")
    for name, values in facets.items():
        if values:
            table.add_row(name, "   ".join(f"{value} {count}" for value, count in values[:SHOWN_VALUES]))
    return table


def settings_table(*, as_json: bool = False) -> None:
    """Print every setting, as a table or as JSON."""
    from services.runtime.settings import variables

    if as_json:
        print_json([dict(zip(("variable", "default", "meaning"), row, strict=True)) for row in variables()])
        return
    table = Table(box=None, header_style="bold")
    rows = variables()
    table.add_column("variable", no_wrap=True, min_width=max(len(name) for name, _, _ in rows))
    table.add_column("default", overflow="fold")
    table.add_column("meaning", overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def facets_of(answer: Answer) -> dict[str, list[tuple[str, int]]]:
    """Return facet -> (value, count) pairs from a search's answer; dates become months."""
    found = {name: [(one.value, one.count) for one in counts] for name, counts in answer.facets.items()}
    months = [(f"{one.first:%Y-%m}", one.count) for one in answer.dates]
    return found | {"date": months} if found else found
