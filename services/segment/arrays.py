"""Types of the arrays that segmentation computes with, by their numbers; docstrings give the shapes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int32]
Span = tuple[int, int]  # first and last position, both included
