"""Programs that measure: each prints what the documentation quotes."""

import services  # noqa: F401  # settles the number of threads before NumPy is imported
