"""How one configuration is measured: soak, warm-up, a window between two ticks of the counter, and when a row does not count."""

import bisect
import statistics

MINIMUM_TICKS = 50
DISCARDED_SECONDS = 1.0
# Counter and integral of power that differ by more than this do not describe the same second.
DISAGREEMENT = 0.05


def interpolated(points, time):
    """The number at `time` on the line through `points`, pairs of time and number in order."""
    place = bisect.bisect_left(points, (time,))
    if place == 0:
        return points[0][1]
    if place == len(points):
        return points[-1][1]
    (t0, n0), (t1, n1) = points[place - 1], points[place]
    return n0 + (n1 - n0) * (time - t0) / (t1 - t0) if t1 > t0 else n1


def integral(samples, start, end):
    """Joules between two times by the power readings; None where there are too few."""
    points = [(s["time"], s["watts"]) for s in samples if s["watts"] is not None]
    if len(points) < 2:
        return None
    times = [start] + [t for t, _ in points if start < t < end] + [end]
    watts = [interpolated(points, t) for t in times]
    return sum((watts[i] + watts[i + 1]) / 2 * (times[i + 1] - times[i]) for i in range(len(times) - 1))


def window(progress, ticks, samples):
    """One row from a run: joules and seconds of an iteration, conditions, and why the row does not count, if so.

    `progress` says when how many iterations were done. The window begins and ends with a tick of the counter, one second after the
    run began at the earliest; without a counter it is the whole run after that second, and the energy is that of the power readings.
    """
    first, last = progress[0][0] + DISCARDED_SECONDS, progress[-1][0]
    inside = [(t, e) for t, e in ticks if first <= t <= last]
    reasons = []
    if len(inside) >= 2:
        (start, before), (end, after) = inside[0], inside[-1]
        counted = after - before
        if len(inside) < MINIMUM_TICKS:
            reasons.append(f"only {len(inside)} updates of the energy counter")
    else:
        start, end, counted = first, last, None
    if end <= start:
        return {"rejected": "the run was shorter than what is discarded"}
    iterations = interpolated(progress, end) - interpolated(progress, start)
    by_power = integral(samples, start, end)
    joules = by_power if counted is None else counted
    if joules is None or iterations <= 0:
        return {"rejected": "the board reports neither energy nor power"}
    if counted is not None and by_power and abs(counted / by_power - 1) > DISAGREEMENT:
        reasons.append(f"energy counter and integral of power differ by {abs(counted / by_power - 1):.1%}")
    used = [s for s in samples if start <= s["time"] <= end]
    middle = lambda key: statistics.median(v) if (v := [s[key] for s in used if s[key] is not None]) else ""
    return {
        "iterations": round(iterations, 3), "window_seconds": end - start,
        "seconds": (end - start) / iterations, "joules": joules / iterations,
        "joules_by_power": "" if by_power is None else by_power / iterations,
        "energy_source": "power" if counted is None else "counter", "updates": len(inside),
        "celsius": middle("celsius"), "sm_mhz": middle("sm_mhz"), "memory_mhz": middle("memory_mhz"),
        "throttles": " and ".join(sorted(set().union(*(s["throttles"] for s in used)))) if used else "",
        "rejected": "; ".join(reasons)}


def measure(board, load, seconds):
    """Runs `load` and makes a row of it; longer where the counter is so slow that `seconds` have too few updates."""
    longest = 6 * seconds
    while True:
        with board.recorder() as recorder:
            progress = load.run(seconds + DISCARDED_SECONDS)
        row = window(progress, recorder.ticks, recorder.samples)
        few = row.get("energy_source") == "counter" and row["updates"] < MINIMUM_TICKS
        if not few or seconds >= longest:
            return row
        seconds = min(longest, 1.2 * seconds * MINIMUM_TICKS / max(1, row["updates"]))


def idle_watts(board, seconds=3.0):
    """The draw while nothing runs: the median reading after half a second of rest."""
    board.sleep(0.5)
    with board.recorder() as recorder:
        board.sleep(seconds)
    watts = [s["watts"] for s in recorder.samples if s["watts"] is not None]
    return statistics.median(watts) if watts else None


def soak(board, load, limit=600.0):
    """Runs `load` until the temperature moves by less than 1 °C in a minute, at most `limit` seconds; says how long it took."""
    start, history = board.now(), []
    while board.now() < start + limit:
        history.append((board.now(), board.temperature()))
        if history[-1][1] is None:
            load.run(30)
            return 30.0
        minute = [c for t, c in history if t >= history[-1][0] - 60]
        if history[-1][0] - history[0][0] >= 60 and max(minute) - min(minute) < 1:
            break
        load.run(5)
    return board.now() - start
