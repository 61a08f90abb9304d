"""How sure a share or a mean is: 95 % intervals, for every slice that shows one."""

from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, within [0, 1]; the whole of it when `of` is 0.

    Raises ValueError unless 0 <= right <= of.  Source: Wilson (1927), JASA 22:209."""
    if not 0 <= right <= of:
        raise ValueError(f"{right} of {of}")
    if not of:
        return 0.0, 1.0
    share, z2 = right / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * ((share * (1 - share) / of + z2 / (4 * of * of)) ** 0.5)
    return (max(0.0, middle - half) if right else 0.0), (min(1.0, middle + half) if right < of else 1.0)


def student_t(freedom: int) -> float:
    """The 97.5 % point of Student's t, to a thousandth from 4 degrees of freedom on.

    Raises ValueError below 4.  Source: Abramowitz and Stegun (1964), 26.7.5."""
    if freedom < 4:
        raise ValueError("the expansion is for 4 degrees of freedom and more")
    z, n = _Z, freedom
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )


def mean_interval(n: int, total: float, squares: float) -> tuple[float, float, float]:
    """The mean of n values and its 95 % interval by Student's t.  total, squares: sums of the values and their squares.

    Raises ValueError for n < 5."""
    mean = total / n
    spread = max(0.0, squares - n * mean * mean) / (n - 1)
    half = student_t(n - 1) * (spread / n) ** 0.5
    return mean, mean - half, mean + half
