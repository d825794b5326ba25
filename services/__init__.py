"""The stream processors and what they share."""

import os

# Our matrices are small: a second thread of NumPy's costs more than it gives (a page 178 ms of CPU time against 94 ms),
# and a worker scales by partitions, not by threads. It must be said before NumPy is imported; a user's word stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
