"""The tree of errors.

BroadsheetError          its text is one or two plain lines for a person, with the remedy
├── Rejected             this message cannot be processed: quarantine it and continue
├── Unavailable          a server is down or refuses: wait, or tell the user how to start it
│   └── NotAdmitted      a server refuses our password, certificate or rights: the settings must be corrected
│       └── NotAllowed   it knows who we are, and does not allow what we ask
├── NeedsOperator        going on would lose or damage data: the worker ends, and a person runs what the text says
└── Abandoned            the batch must be dropped without a commit (stop, rebalance, conflict); Kafka delivers it again
"""

EXIT_CONFIG = 78
"""sysexits.h EX_CONFIG: restarting will not help until the settings are corrected."""


class BroadsheetError(Exception):
    """An error that a person can act on."""


class Rejected(BroadsheetError):
    """A message that can never be processed, however often a stage tries it."""


class Unavailable(BroadsheetError):
    """A server that cannot be reached, or that refuses work for now."""


class NotAdmitted(Unavailable):
    """A server that does not let us in: waiting does not help until a person corrects a setting; one line says which.

    A process ends with the exit code `EXIT_CONFIG`.
    """


class NotAllowed(NotAdmitted):
    """A server that has let us in, and refuses what we ask: our user lacks a right."""


class NeedsOperator(BroadsheetError):
    """The worker must not go on: data it needs is lost or older than its own work; the text says what to run."""


class Abandoned(BroadsheetError):
    """This worker cannot finish its batch now; nothing was committed, and Kafka delivers the batch again."""
