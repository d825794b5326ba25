import io

from rich.console import Console

from services.local.progress import Downloading, Ready, Starting, Stopped, TerminalProgress


def test_the_terminal_shows_each_server_with_its_address() -> None:
    text = io.StringIO()
    with TerminalProgress(Console(file=text, width=100)) as progress:
        progress(Downloading("kafka.jar", 0, 10))
        progress(Downloading("kafka.jar", 10, 10))
        progress(Starting("Kafka"))
        progress(Ready("Kafka", "127.0.0.1:19092", 2.04))
        progress(Stopped("Kafka", 0.4))
    assert "Kafka is starting" in text.getvalue()
    assert "Kafka is ready at 127.0.0.1:19092 (2.0 s)" in text.getvalue()
    assert "Kafka stopped (0.4 s)" in text.getvalue()
