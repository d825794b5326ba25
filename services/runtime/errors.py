"""What can go wrong, as one small tree.

BroadsheetError          its text is one or two plain lines with the remedy, fit for a person
├── Rejected             this message cannot be processed: quarantine it and go on
├── Unavailable          a server is away or refuses: wait, or tell the user how to start it
├── NeedsOperator        going on would lose or spoil something: the worker ends, and a person runs what the text says
└── Abandoned            the batch in hand must be let go uncommitted (stop, rebalance, conflict); it comes again
"""


class BroadsheetError(Exception):
    """Something a person can do something about."""


class Rejected(BroadsheetError):
    """A message that cannot be processed however often it is tried."""


class Unavailable(BroadsheetError):
    """A server that cannot be reached or refuses work for now."""


class NeedsOperator(BroadsheetError):
    """The worker must not go on: what it needs is lost or older than what it has done; the text says what to run."""


class Abandoned(BroadsheetError):
    """The batch in hand cannot be finished by this worker now; nothing of it was committed, and it comes again."""
