"""The few functions of probability that the standard library lacks; scipy's door."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def student_quantile(freedom: Any, share: float) -> Numbers:
    """The point under which `share` of Student's t lies.  freedom: degrees of freedom, > 0, a number or many."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(freedom, share), dtype=np.float64)


def two_sided(freedom: Any, t: Any) -> Numbers:
    """How often chance alone brings a Student's t as far from 0 as this, in [0, 1]."""
    from scipy.special import stdtr

    return np.asarray(2 * stdtr(freedom, -np.abs(t)), dtype=np.float64)


def log_gamma(values: Any) -> Numbers:
    """Logarithm of the gamma function.  values: > 0."""
    from scipy.special import gammaln

    return np.asarray(gammaln(values), dtype=np.float64)


def normal_share(values: Any) -> Numbers:
    """The share of a normal curve that lies under each value, in [0, 1]."""
    from scipy.special import ndtr

    return np.asarray(ndtr(values), dtype=np.float64)
