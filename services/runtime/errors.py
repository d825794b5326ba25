"""The tree of errors.

BroadsheetError          its text is one or two plain lines with the remedy, for a person
├── Rejected             this message cannot be processed: quarantine it and continue
├── Unavailable          a server is away or refuses: wait, or tell the user how to start it
├── NeedsOperator        going on would lose or spoil something: the worker ends, and a person runs what the text says
└── Abandoned            the batch must be dropped uncommitted (stop, rebalance, conflict); it comes again
"""


class BroadsheetError(Exception):
    """An error that a person can act on."""


class Rejected(BroadsheetError):
    """A message that cannot be processed, however often it is tried."""


class Unavailable(BroadsheetError):
    """A server that cannot be reached, or refuses work for now."""


class NeedsOperator(BroadsheetError):
    """The worker must not go on: what it needs is lost or older than what it has done; the text says what to run."""


class Abandoned(BroadsheetError):
    """This worker cannot finish its batch now; nothing of it was committed, and it comes again."""
