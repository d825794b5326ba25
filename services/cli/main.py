"""The `broadsheet` command: what each subcommand takes. What it does is in the module of its name.

Those modules are imported when their command runs: a preview needs no Kafka client, and a quick answer no servers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.correct import quarantine_commands
from services.cli.shared.console import plain_errors, quiet_libraries

if TYPE_CHECKING:
    from services.runtime.settings import Settings

app = typer.Typer(
    help="Turn the raw text of newspaper issues into articles that can be found.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Paths = Annotated[
    list[Path] | None, typer.Argument(help="Text files, JSON files or folders; none or -: standard input.")
]
Paper = Annotated[str | None, typer.Option(help="The paper's name; else from file name or side-car (issue.json).")]
Date = Annotated[str | None, typer.Option(help="The issue's date, YYYY-MM-DD; else as above.")]
Page = Annotated[str | None, typer.Option(help="The page number; else from the file name.")]
Revision = Annotated[str | None, typer.Option(help="Grows with each correction; default: the time of publishing.")]
Encoding = Annotated[str | None, typer.Option(help="utf-8, gb18030 or big5; default: told from the bytes.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.command()
def run() -> None:
    """Start everything on this machine, publish the sample issue, show what became of it, and stay up until Ctrl-C."""
    with plain_errors():
        from services.cli.operate.run import run_all

        raise typer.Exit(run_all(_settings()))


@app.command()
def stage(
    action: Annotated[str, typer.Argument(help="stop, start or list.")] = "list",
    services: Annotated[
        list[str] | None, typer.Argument(help="ingest, segment, tag, index, desk; none: all of them.")
    ] = None,
) -> None:
    """Stop, start or list the services of the `broadsheet run` on this machine: before a rewind, for example."""
    with plain_errors():
        from services.cli.operate.control import control_stages

        control_stages(_settings(), action, services or [])


@app.command()
def setup() -> None:
    """Create the topics, the index templates, indices and aliases that are not there yet."""
    with plain_errors():
        from services.cli.operate.setup import set_up

        set_up(_settings())


@app.command()
def kibana(
    address: Annotated[str, typer.Argument(help="Kibana's URL.")] = "http://127.0.0.1:5601",
    ca: Annotated[Path | None, typer.Option(help="PEM file of the authority that signed its certificate.")] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a Kibana that is starting.")] = 0,
) -> None:
    """Import data views, saved searches and the dashboard into Kibana, replacing those of an earlier import."""
    with plain_errors():
        from services.cli.operate.kibana import import_objects

        import_objects(_settings(), address, ca=ca, wait=wait)


@app.command()
def publish(
    paths: Paths = None,
    paper: Paper = None,
    date: Date = None,
    page: Page = None,
    revision: Revision = None,
    encoding: Encoding = None,
    wait: Annotated[bool, typer.Option(help="Also wait until all is searchable.")] = False,
) -> None:
    """Publish pages or whole issues to the raw topic, and report what was accepted."""
    with plain_errors():
        from services.cli.publish.inputs import Given
        from services.cli.publish.publish import publish_paths

        given = Given(paper, date, page, revision, encoding)
        if not wait:
            raise typer.Exit(publish_paths(_settings(), paths or [], given))
        from services.cli.operate.status import is_idle

        raise typer.Exit(publish_paths(_settings(), paths or [], given, is_idle))


@app.command()
def preview(
    paths: Paths = None,
    paper: Paper = None,
    date: Date = None,
    page: Page = None,
    encoding: Encoding = None,
    as_json: AsJson = False,
    spans: Annotated[
        Path | None, typer.Option(help="PATH is a folder of issue folders; write {issue: line spans} to this file.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write the pages, lines coloured by article, to this file.")] = None,
) -> None:
    """Show what the pipeline would make of pages, without any server."""
    with plain_errors():
        from services.cli.publish.inputs import Given
        from services.cli.publish.preview import Show, preview_paths

        given = Given(paper, date, page, None, encoding)
        raise typer.Exit(preview_paths(paths or [], given, Show(as_json, spans, html)))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, 标题: 记者: 日期: …')] = "",
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic: industry, customs, …; may repeat.")] = None,
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; may repeat.")] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only story, brief, photo, weather or notice; may repeat.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="From this day on, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day, YYYY-MM-DD.")] = None,
    size: Annotated[int, typer.Option(min=1, max=100, help="How many to show.")] = 10,
    facets: Annotated[bool, typer.Option("--facets", help="Count topics, places, people, papers … too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search the articles."""
    with plain_errors():
        from services.cli.read.search import Wanted, search_articles

        chosen = {"topic": tuple(topic or ()), "paper": tuple(paper or ()), "kind": tuple(kind or ())}
        wanted = Wanted(query, chosen, since, until, size, facets=facets, as_json=as_json)
        search_articles(_settings(), wanted)


@app.command()
def correct(  # an option for each kind of correction
    article: Annotated[str, typer.Argument(help="The article's id, such as 茂名日报/2023-08-15/0123456789ab.")],
    by: Annotated[str, typer.Option(help="Who corrects it.")],
    headline: Annotated[str | None, typer.Option(help="The headline; with --split, the new one's.")] = None,
    topics: Annotated[str | None, typer.Option(help="Ids of its topics with commas; '' for none.")] = None,
    kind: Annotated[str | None, typer.Option(help="story, brief, photo, weather or notice.")] = None,
    merge: Annotated[str | None, typer.Option(help="The id of the article that is its continuation.")] = None,
    split: Annotated[str | None, typer.Option(help="How the paragraph begins from which on it is another.")] = None,
    take_back: Annotated[str | None, typer.Option(help="A correction of it, or the beginning of its id.")] = None,
) -> None:
    """Correct an article, for its later revisions too; or take a correction back."""
    with plain_errors():
        from services.cli.correct.correct import Asked, correct_article

        correct_article(_settings(), article, by, Asked(headline, topics, kind, merge, split, take_back))


@app.command()
def tail(
    topic: Annotated[
        str, typer.Argument(help="issues.raw, corrections, issues, articles, articles.tagged, taxonomy or quarantine.")
    ],
    from_start: Annotated[bool, typer.Option("--from-start", help="Begin with the oldest record.")] = False,
    limit: Annotated[int | None, typer.Option("-n", "--limit", min=1, help="Stop after so many records.")] = None,
) -> None:
    """Follow a topic: one line a record, as JSON lines when the output is not a terminal."""
    with plain_errors():
        from services.cli.read.tail import tail_topic

        tail_topic(_settings(), topic, from_start=from_start, limit=limit)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show how far each stage is behind, and how many documents each index holds."""
    with plain_errors():
        from services.cli.operate.status import show_status

        raise typer.Exit(show_status(_settings(), as_json=as_json))


@app.command()
def tag(
    file: Annotated[Path, typer.Argument(help="JSON lines with id, headline and text; - for standard input.")],
    taxonomy: Annotated[
        Path | None, typer.Option(help="A taxonomy in YAML; default: the one an installation starts with.")
    ] = None,
) -> None:
    """Tag plain documents and print {id: [topics]} as JSON, without any server."""
    with plain_errors():
        from services.cli.correct.tag import tag_file

        tag_file(file, taxonomy)


@app.command()
def retag(
    everything: Annotated[
        bool, typer.Option("--all", help="Also articles that the taxonomy in force tagged, as after an upgrade.")
    ] = False,
) -> None:
    """Tag again, with the taxonomy in force, what is tagged already; ids, revisions and versions stay."""
    with plain_errors():
        from services.cli.correct.retag import retag as tag_again

        tag_again(_settings(), everything=everything)


taxonomies = typer.Typer(help="Check, push, show and compare the desk's topics.", no_args_is_help=True)
app.add_typer(taxonomies, name="taxonomy")
TaxonomyFile = Annotated[Path, typer.Argument(help="A taxonomy in YAML, in the form of seeds/taxonomy.yaml.")]
Named = Annotated[str, typer.Argument(help="A YAML file, a pushed version or the beginning of one, or seed.")]


@taxonomies.command("check")
def taxonomy_check(file: TaxonomyFile) -> None:
    """Say whether a taxonomy is sound, and if not, which line and field to mend."""
    with plain_errors():
        from services.cli.correct.taxonomy import check

        check(file)


@taxonomies.command("push")
def taxonomy_push(file: TaxonomyFile) -> None:
    """Check a taxonomy and publish it; running taggers take it up without a restart."""
    with plain_errors():
        from services.cli.correct.taxonomy import push

        push(_settings(), file)


@taxonomies.command("show")
def taxonomy_show(
    version: Annotated[
        str | None, typer.Option(help="A pushed version or the beginning of one; default: in force.")
    ] = None,
) -> None:
    """Print the taxonomy in force as YAML, to be edited and pushed."""
    with plain_errors():
        from services.cli.correct.taxonomy import show

        show(_settings(), version)


@taxonomies.command("diff")
def taxonomy_diff(old: Named, new: Named) -> None:
    """Print what changes from one taxonomy to another."""
    with plain_errors():
        from services.cli.correct.taxonomy import diff

        diff(_settings(), old, new)


@app.command("search-eval")
def search_eval(
    documents: Annotated[Path, typer.Argument(help="JSON lines with id, headline, text, paper and date.")],
    queries: Annotated[Path, typer.Argument(help="A JSON list of objects with id and query.")],
) -> None:
    """Index documents into a scratch index, ask each query as the desk would, and print {query id: [ids found]}."""
    with plain_errors():
        from services.cli.read.search_eval import evaluate_search

        evaluate_search(_settings(), documents, queries)


@app.command()
def trace(
    subject: Annotated[str, typer.Argument(help="An issue, such as 茂名日报/2023-08-15, or an article's id.")],
    as_json: AsJson = False,
) -> None:
    """Where is my story? Tell at which stage each page and article of an issue is."""
    with plain_errors():
        from services.cli.read.trace import trace as show_trace

        show_trace(_settings(), subject, as_json=as_json)


@app.command()
def rebuild(
    fewer: Annotated[
        bool, typer.Option("--fewer", help="Switch even if the new index holds fewer documents than the live one.")
    ] = False,
) -> None:
    """Fill new indices from the compacted topic beside the live ones and switch, with no gap in search."""
    with plain_errors():
        from services.cli.operate.rebuild import rebuild_index

        rebuild_index(_settings(), accept_fewer=fewer)


@app.command()
def rewind() -> None:
    """Work everything out anew from issues.raw, as when the index of states is lost; ids and versions stay."""
    with plain_errors():
        from services.cli.operate.rewind import rewind as start_again

        start_again(_settings())


app.add_typer(quarantine_commands.app, name="quarantine")


@app.command()
def settings() -> None:
    """List the environment variables, their defaults and what they mean."""
    with plain_errors():
        from services.cli.shared.tables import settings_table

        settings_table()


def main() -> None:
    """Run the command line."""
    quiet_libraries()
    app()


def _settings() -> Settings:
    from services.runtime.settings import load_settings

    return load_settings()
