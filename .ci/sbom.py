"""Write what is in the image as CycloneDX 1.6: every package of requirements.lock with its version and hashes.

It needs neither the image nor a network, and gives the same bytes for the same lock.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ;.*?)? \\$((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", re.MULTILINE)
HASH = re.compile(r"sha256:([0-9a-f]{64})")


def bill_of_materials(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    """Return the document for a lock file's text and the `project` table of pyproject.toml."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            # One of these is the file that was installed; pip refuses any other.
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": f"https://pypi.org/project/{name}/{version}/",
                    "hashes": [{"alg": "SHA-256", "content": one} for one in HASH.findall(hashes)],
                }
            ],
        }
        for name, version, hashes in PINNED.findall(lock)
    ]
    name, version = project["name"], project["version"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{name}@{version}/{lock}')}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": f"pkg:pypi/{name}@{version}",
                "name": name,
                "version": version,
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
    }


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = bill_of_materials((ROOT / "requirements.lock").read_text("utf-8"), project)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
