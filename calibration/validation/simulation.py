"""A board that does not exist, with known figures, for tests and for trying the program without a GPU.

Its clock is its own, so an hour on it takes seconds. The counter moves every 100 ms; the power reading lags.
"""

import random

from board import Recorder


class SimulatedBoard:
    name = "simulated board"
    driver = "none"

    def __init__(self, idle_watts=30.0, counter_gain=1.0, throttles=(), has_counter=True, seed=1):
        self.time, self.joules, self.counter, self.celsius = 1000.0, 0.0, 123456.0, 35.0
        self.idle_watts, self.watts, self.lagging = idle_watts, idle_watts, idle_watts
        self.counter_gain, self.reasons, self.has_counter = counter_gain, set(throttles), has_counter
        self.noise = random.Random(seed)
        self.recorders, self.next_tick = [], self.time + 0.1

    def energy(self):
        return self.counter if self.has_counter else None

    def power(self):
        return round(self.lagging * self.noise.gauss(1, 0.005), 3)

    def temperature(self):
        return round(self.celsius)

    def clocks(self):
        return 1500, 5000

    def throttles(self):
        return set(self.reasons)

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.advance(seconds, self.idle_watts)

    def advance(self, seconds, watts):
        """Lets time pass while the board draws so much."""
        end = self.time + seconds
        while self.time < end - 1e-9:
            step = min(0.002, end - self.time)
            self.time += step
            self.joules += watts * step
            self.lagging += (watts - self.lagging) * step / 0.05
            self.celsius += (35 + watts / 4 - self.celsius) * step / 20
            if self.time >= self.next_tick:
                self.counter = 123456 + round(self.joules * self.counter_gain, 3)
                self.next_tick += 0.1
            for recorder in self.recorders:
                recorder.poll()

    def recorder(self):
        return SimulatedRecorder(self)


class SimulatedRecorder(Recorder):
    def __enter__(self):
        self.board.recorders.append(self)
        return self

    def __exit__(self, *_):
        self.board.recorders.remove(self)


class SimulatedLoad:
    """Work of known time and power for each iteration."""

    def __init__(self, board, seconds, watts):
        self.board, self.seconds, self.watts = board, seconds, watts

    def run(self, seconds):
        progress = [(self.board.now(), 0)]
        chunk = max(1, round(0.05 / self.seconds))
        while self.board.now() < progress[0][0] + seconds:
            self.board.advance(chunk * self.seconds, self.watts)
            progress.append((self.board.now(), progress[-1][1] + chunk))
        return progress


class SimulatedWorkbench:
    """Offers the same as `networks.Workbench`; joules for an iteration follow from the name alone."""

    def __init__(self, board, names):
        self.board, self.names = board, names

    def has(self, precision):
        return True

    def expect_sound(self):
        pass

    def soaker(self):
        return SimulatedLoad(self.board, 0.01, 65)

    def load(self, configuration):
        seconds, watts = self.figures(configuration)
        return SimulatedLoad(self.board, seconds, watts)

    @staticmethod
    def figures(configuration):
        """Seconds and watts of an iteration."""
        slow = {"fp32": 1.0, "tf32": 0.5, "fp16": 0.3, "bf16": 0.3}[configuration.precision]
        passes = 3.2 if configuration.mode == "training" else 1.0
        fused = 0.8 if configuration.execution == "compiled" else 1.0
        laid_out = 0.9 if configuration.layout == "channels_last" else 1.0
        return (0.0005 + 0.001 * configuration.batch * slow) * passes * fused * laid_out, 45 + 20 * slow

    def export(self, name, folder):
        return None
