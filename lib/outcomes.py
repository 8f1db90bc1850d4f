"""What runs of networks came to, as tables: means with their standard errors, and differences run by run."""

import re
from collections.abc import Mapping, Sequence

from numpy.typing import ArrayLike
from torch import nn

from lib import _arguments as arguments
from lib.comparison import estimate, paired_difference
from lib.tables import Table
from lib.training import History

__all__ = ["differences", "means", "outcomes"]


def outcomes(
    runs: Sequence[tuple[nn.Module, History]],
    training: str = "training digits (%)",
    test: str = "test digits (%)",
) -> dict[str, list[float]]:
    """What the runs of one network came to, one number a run: the last loss, and digits read rightly, in percent.

    Args:
        runs: as :func:`lib.training.train_many` gives them.
        training, test: what to call the shares of the training and of the test examples.

    Raises:
        TypeError: the runs are no pairs of a model and its history, or a name is no string.

    >>> outcomes([(nn.Identity(), History([2.0, 1.0], 0.75, 0.5))])
    {'loss': [1.0], 'training digits (%)': [75.0], 'test digits (%)': [50.0]}
    """
    pairs = arguments.sequence("runs", runs, "pairs (model, history)")
    if not all(isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], History) for pair in pairs):
        raise TypeError(f"runs: expected pairs (model, history), got {runs!r:.80}")
    for name, value in (("training", training), ("test", test)):
        if not isinstance(value, str):
            raise TypeError(f"{name}: expected a string, got {value!r}")
    return {
        "loss": [history.loss[-1] for _, history in pairs],
        training: [100 * history.train_accuracy for _, history in pairs],
        test: [100 * history.test_accuracy for _, history in pairs],
    }


def means(results: Mapping[str, Mapping[str, ArrayLike]], formats: Mapping[str, str]) -> Table:
    """A table of what each network came to: the mean of its runs and the standard error.

    Args:
        results: for each network, by name, what was measured: one number a run, ``(n,)``, for each measure.
        formats: the measures to show, and how: ``".1f"`` for one decimal.

    Raises:
        TypeError, ValueError: the runs are no numbers; a measure is not there; a format is none of numbers.

    >>> print(means({"a": {"right (%)": [93.0, 94.0, 93.5]}}, {"right (%)": ".1f"}))
    network   right (%)
    -------------------
    a        93.5 ± 0.3
    """
    if not isinstance(formats, Mapping):
        raise TypeError(f"formats: expected formats by measure, got {formats!r:.80}")
    arguments.measures("formats", results, list(formats))
    for spec in formats.values():
        if not isinstance(spec, str) or not re.fullmatch(r"\+?\.\d+f", spec):
            raise ValueError(f"formats: expected a number of decimals, such as '.1f', got {spec!r}")
    return Table(
        ["network", *formats],
        [[name, *(f"{estimate(runs[m]):{spec}}" for m, spec in formats.items())] for name, runs in results.items()],
    )


def differences(
    title: str,
    pairs: Mapping[str, tuple[Mapping[str, ArrayLike], Mapping[str, ArrayLike]]],
    measures: Sequence[str],
) -> Table:
    """A table of paired differences, the first network of each pair less the second.

    Args:
        title: says what is compared, above the names.
        pairs: by name, what was measured of two networks: one number a run, ``(n,)``, for each measure.
        measures: those to compare.

    Raises:
        TypeError, ValueError: the runs are no numbers, or not equally many; a measure is not there.

    >>> one, other = {"right (%)": [93.0, 94.0, 93.5]}, {"right (%)": [91.0, 92.0, 90.0]}
    >>> differences("one against the other", {"8 maps": (one, other)}, ["right (%)"])
    one against the other   right (%)
    ---------------------------------
    8 maps                 +2.5 ± 0.5
    """
    measures = arguments.sequence("measures", measures, "names")
    if not isinstance(pairs, Mapping) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs.values()):
        raise TypeError(f"pairs: expected two networks' runs by name, got {pairs!r:.80}")
    for pair in pairs.values():
        arguments.measures("measures", dict(enumerate(pair)), measures, "pairs")
    rows = [
        [name, *(f"{paired_difference(one[measure], other[measure]):+.1f}" for measure in measures)]
        for name, (one, other) in pairs.items()
    ]
    return Table([title, *measures], rows)
