"""The table of predictions and measurements, and what of it may not get worse."""

import statistics

# Of a set of networks: the median error in percent, and Spearman's correlation.
MEDIAN, RANK = 20, 0.95
# The share of measurements within nine-in-ten intervals below which the intervals are not believed.
LEAST_COVERAGE = 0.8


class Report:
    def __init__(self):
        # For each measurement, whether it took part in the fit, and whether it lies within its prediction's bounds.
        self.covered = []
        # What got worse than it may, in words.
        self.missed = []
        print("| what | n | median error % | mean error % | median predicted / measured | rank correlation | within |\n"
              "|---|---|---|---|---|---|---|")

    def line(self, name, pairs):
        """One row of the table, from pairs of predictions and measured milliseconds."""
        ratios = [p.value / m for p, m in pairs]
        errors = [abs(r - 1) * 100 for r in ratios]
        within = [p.low <= m <= p.high for p, m in pairs]
        self.covered.extend((name.endswith("(fitted)"), w) for w in within)
        rank = _correlation([p.value for p, _ in pairs], [m for _, m in pairs])
        print(f"| {name} | {len(pairs)} | {statistics.median(errors):.1f} | {statistics.mean(errors):.1f} "
              f"| {statistics.median(ratios):.2f} | {rank} | {sum(within)} |", flush=True)
        if len(pairs) > 2:
            self.expect(statistics.median(errors) <= MEDIAN, f"{name}: median error above {MEDIAN} %")
            self.expect(float(rank) >= RANK, f"{name}: rank correlation below {RANK}")

    def coverage(self):
        """How often the intervals hold what they claim."""
        print("\n| measurements | n | within their nine-in-ten intervals % |\n|---|---|---|")
        for label, chosen in (("all", (False, True)), ("those that took no part in the fit", (False,))):
            within = [w for is_fitted, w in self.covered if is_fitted in chosen]
            share = sum(within) / len(within)
            print(f"| {label} | {len(within)} | {100 * share:.0f} |")
            self.expect(share >= LEAST_COVERAGE, f"intervals of {label}: too narrow")

    def expect(self, holds, words):
        """Keeps `words` for the end unless what they deny `holds`."""
        if not holds:
            self.missed.append(words)


def _ranks(values):
    """The places of values in order; equal ones share the mean of theirs."""
    return [sum(other < value for other in values) + (values.count(value) - 1) / 2 for value in values]


def _correlation(predicted, measured):
    """Spearman's; empty where there is too little to rank."""
    return f"{statistics.correlation(_ranks(predicted), _ranks(measured)):.3f}" if len(measured) > 2 else ""
