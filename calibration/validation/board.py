"""A GPU as its management library reports it, through ctypes: energy, power, clocks, temperature, throttling."""

import ctypes
import threading
import time

# Bits of nvmlDeviceGetCurrentClocksThrottleReasons that mean clocks were held down, as the NVML reference names them.
THROTTLES = {0x4: "power cap", 0x8: "hardware slowdown", 0x20: "thermal (software)", 0x40: "thermal (hardware)",
             0x80: "power brake"}
NOT_SUPPORTED = 3


class Unavailable(Exception):
    """Why nothing can be measured, in one sentence."""


class Board:
    """One GPU. Every reading is in SI units; what the board does not report is None."""

    def __init__(self, identifier=None, index=0, library="libnvidia-ml.so.1"):
        try:
            self.nvml = ctypes.CDLL(library)
        except OSError as error:
            raise Unavailable(f"no NVIDIA driver: {error}") from None
        self.check("to start", self.nvml.nvmlInit_v2())
        self.handle = ctypes.c_void_p()
        if identifier:
            code = self.nvml.nvmlDeviceGetHandleByUUID(identifier.encode(), ctypes.byref(self.handle))
        else:
            code = self.nvml.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(self.handle))
        self.check(f"access to GPU {identifier or index}", code)
        self.driver = self.text("nvmlSystemGetDriverVersion", system=True)
        self.name = self.text("nvmlDeviceGetName")

    @staticmethod
    def check(request, code):
        if code != 0:
            raise Unavailable(f"the NVIDIA driver refused {request} (NVML status {code})")

    def text(self, function, system=False):
        buffer = ctypes.create_string_buffer(96)
        arguments = [buffer, 96] if system else [self.handle, buffer, 96]
        return buffer.value.decode() if getattr(self.nvml, function)(*arguments) == 0 else "unknown"

    def number(self, function, *selectors, type=ctypes.c_uint):
        value = type()
        call = getattr(self.nvml, function, None)
        if call is None or call(self.handle, *selectors, ctypes.byref(value)) != 0:
            return None
        return value.value

    def energy(self):
        """Joules since the driver was loaded."""
        value = self.number("nvmlDeviceGetTotalEnergyConsumption", type=ctypes.c_ulonglong)
        return None if value is None else value / 1000

    def power(self):
        """Watts as the sensor says now."""
        value = self.number("nvmlDeviceGetPowerUsage")
        return None if value is None else value / 1000

    def temperature(self):
        """Degrees Celsius."""
        return self.number("nvmlDeviceGetTemperature", 0)

    def clocks(self):
        """Megahertz of the multiprocessors and of the memory."""
        return self.number("nvmlDeviceGetClockInfo", 1), self.number("nvmlDeviceGetClockInfo", 2)

    def throttles(self):
        """What holds the clocks down now, in words."""
        bits = self.number("nvmlDeviceGetCurrentClocksThrottleReasons", type=ctypes.c_ulonglong) or 0
        return {name for bit, name in THROTTLES.items() if bits & bit}

    def now(self):
        return time.monotonic()

    def sleep(self, seconds):
        time.sleep(seconds)

    def recorder(self):
        return ThreadRecorder(self)


class Recorder:
    """Readings of a board while something runs on it.

    `ticks` are the moments at which the energy counter changed, with what it then said: between them it stands still, so only there
    time and energy belong together. `samples` are taken ten times a second.
    """

    POLL_SECONDS = 0.002
    SAMPLE_SECONDS = 0.1

    def __init__(self, board):
        self.board = board
        self.ticks, self.samples = [], []
        self.last_energy = board.energy()
        self.next_sample = board.now()

    def poll(self):
        energy = self.board.energy()
        now = self.board.now()
        if energy is not None and energy != self.last_energy:
            self.ticks.append((now, energy))
            self.last_energy = energy
        if now >= self.next_sample:
            sm, memory = self.board.clocks()
            self.samples.append({"time": now, "watts": self.board.power(), "celsius": self.board.temperature(),
                                 "sm_mhz": sm, "memory_mhz": memory, "throttles": self.board.throttles()})
            self.next_sample = now + self.SAMPLE_SECONDS


class ThreadRecorder(Recorder):
    """Polls in a thread of its own between `with` and its end."""

    def __enter__(self):
        self.running = True
        self.thread = threading.Thread(target=self.loop, daemon=True)
        self.thread.start()
        return self

    def loop(self):
        while self.running:
            self.poll()
            self.board.sleep(self.POLL_SECONDS)

    def __exit__(self, *_):
        self.running = False
        self.thread.join()
