"""The natural logarithm in plain operations, the same on every processor; it loads neither NumPy nor a compiler.

After Ng (fdlibm, 1993).  `arithmetic.logarithm` is the same function, compiled.
"""

import math
from decimal import Context, Decimal

EXACT = Context(prec=50)
LOG_2 = EXACT.ln(Decimal(2))
LOG_2_HIGH = math.floor(float(LOG_2) * 2.0**32) / 2.0**32  # times a whole number up to 2**20 it is exact
LOG_2_LOW = float(EXACT.subtract(LOG_2, Decimal(LOG_2_HIGH)))
HALF_ROOT = math.sqrt(0.5)
LOG_SERIES = (  # about 2/15, 2/13, ... 2/3
    0.1479819860511658591, 0.1531383769920937332, 0.1818357216161805012, 0.2222219843214978396, 0.2857142874366239149,
    0.3999999999940941908, 0.6666666666666735130,
)  # fmt: skip


def natural_logarithm(x: float) -> float:
    """Return the natural logarithm of a positive number that is finite."""
    part, twos = math.frexp(x)
    if part < HALF_ROOT:
        part, twos = 2.0 * part, twos - 1
    f = part - 1.0
    s = f / (2.0 + f)
    z, half = s * s, 0.5 * f * f
    series = 0.0
    for term in LOG_SERIES:
        series = z * (term + series)
    return twos * LOG_2_HIGH - ((half - (s * (half + series) + twos * LOG_2_LOW)) - f)
