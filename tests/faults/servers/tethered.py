"""Imported by the process that workers are forked from, and by nothing else: it ends with the harness.

Without it, that process lives on after a harness that was killed, and its workers with it.
"""

from tests.faults.servers.fleet import end_with_parent

end_with_parent()
