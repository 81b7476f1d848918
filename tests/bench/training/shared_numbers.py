"""The numbers that every contender of a row begins with.

Ours and the peers draw the same initial weights and the same batch, so that
their losses can be laid beside each other. Number k of stream s is splitmix64
(Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195) at s 2^32 + k;
matrices are filled row by row. `shared_numbers.h` holds the same in C++.
"""

from __future__ import annotations

import numpy as np


def uniform(stream: int, shape: tuple[int, ...]) -> np.ndarray:
    """Uniform in [0, 1), of 53 bits."""
    k = np.arange(int(np.prod(shape)), dtype=np.uint64)
    with np.errstate(over="ignore"):
        z = (np.uint64(stream << 32) + k) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)


def weights(stream: int, shape: tuple[int, ...], bound: float) -> np.ndarray:
    """Uniform in [-bound, bound)."""
    return ((2 * uniform(stream, shape) - 1) * bound).astype(np.float32)


def spikes(stream: int, shape: tuple[int, ...], share: float) -> np.ndarray:
    """1 with this probability, otherwise 0."""
    return (uniform(stream, shape) < share).astype(np.float32)
