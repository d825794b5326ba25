"""`python -m services.local.relock`: write `artifacts.lock` after you change a version in this file."""

import hashlib
import sys
import tempfile
from pathlib import Path

from jgo.maven import MavenContext, PythonResolver

from services.local.artifacts import Artifact, render

KAFKA = (
    "org.apache.kafka:kafka_2.13:4.4.0",
    # Without the mark, log4j's own bill of materials selects an older Kafka client library, which lacks methods.
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5!",
)
ELASTICSEARCH = ("org.elasticsearch.distribution.integ-test-zip", "elasticsearch", "9.1.10")


def resolve() -> list[Artifact]:
    """Resolve Kafka with its run-time libraries, and the Elasticsearch archive; download them and compute checksums."""
    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(resolver=PythonResolver(), repo_cache=Path(folder), timeout=60, offline=False)
        inputs, transitive = context.resolver.resolve([context.create_dependency(each) for each in KAFKA])
        needed = [each.artifact for each in inputs]
        needed += [each.artifact for each in transitive if each.scope in ("compile", "runtime")]
        group, name, version = ELASTICSEARCH
        needed.append(context.project(group, name).at_version(version).artifact(packaging="zip"))
        artifacts = []
        for each in needed:
            content = each.resolve().read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            artifacts.append(
                Artifact(each.groupId, each.artifactId, each.version, each.packaging, len(content), sha256)
            )
    return sorted(artifacts, key=lambda each: (each.packaging, each.group, each.name))


def main() -> None:
    """Write the list into this module's directory."""
    target = Path(__file__).with_name("artifacts.lock")
    header = "# sha256, size in bytes, group:name:version:packaging. Written by `python -m services.local.relock`.\n"
    artifacts = resolve()
    target.write_text(header + render(artifacts), "utf-8")
    sys.stdout.write(f"{target}: {len(artifacts)} files, {sum(each.size for each in artifacts):,} bytes\n")


if __name__ == "__main__":
    main()
