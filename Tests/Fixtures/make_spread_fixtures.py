"""Reference values for means over several trainings, by SciPy.

Written with Python 3.11, numpy 2.4.6 and scipy 1.17.1. The JSON file is
checked in and the tests read only that. Run again only to add a case:

    python Tests/Fixtures/make_spread_fixtures.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

OUTPUT = Path(__file__).resolve().parent.parent / "EvalTests/Fixtures/spread.json"

bounds = [
    dict(probability=p, degrees=n, bound=float(stats.t.ppf((1 + p) / 2, n)))
    for p in (0.5, 0.9, 0.95, 0.99)
    for n in (*range(1, 31), 99, 100, 999)
]
spreads = []
for values in ([2.5, 2.5, 4.0], [0.0138, 0.0171], [93.2, 91.1, 94.0, 92.7, 90.3], [-4e-4, 3e-4, 1e-4], [7.0] * 3,
               [float(i * i % 23) for i in range(40)]):
    x = np.array(values)
    mean, error = x.mean(), stats.sem(x)
    low, high = stats.t.interval(0.95, len(x) - 1, mean, error) if error > 0 else (mean, mean)
    spreads.append(dict(
        values=values, mean=float(mean), deviation=float(x.std(ddof=1)), error=float(error), low=float(low),
        high=float(high)))
OUTPUT.write_text(json.dumps(dict(bounds=bounds, spreads=spreads)) + "\n")
