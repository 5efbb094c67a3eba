"""What nncost says of a network, as milliseconds and their bounds."""

import json
import math
import os
import subprocess
from typing import NamedTuple


class Prediction(NamedTuple):
    """Milliseconds, and the bounds between which nine in ten measurements should lie."""
    value: float
    low: float
    high: float


class Program:
    def __init__(self, path, data, folder):
        """`folder` takes the graphs that are built here."""
        self.path, self.data, self.folder = path, data, folder
        self.models = os.path.join(data, "corpus", "models")

    def measurements(self, *parts):
        """The path of a file of measurements on the T4."""
        return os.path.join(self.data, "data", "t4", *parts)

    def cost(self, model, *options):
        path = model if os.path.sep in model else os.path.join(self.models, model + ".onnx")
        command = [self.path, "cost", path, "--device", "t4", "--format", "json", *options]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return json.loads(text)["models"][0]

    def built(self, name, text):
        """The path of a graph whose text is given."""
        path = os.path.join(self.folder, name + ".json")
        with open(path, "w") as file:
            file.write(text)
        return path

    def milliseconds(self, *arguments):
        seconds = self.cost(*arguments)["cost"]["seconds"]
        return Prediction(*(seconds[key] * 1e3 for key in Prediction._fields))

    def difference(self, base, head, *options):
        """Milliseconds of an inference that `head` takes more, and the width of two independent estimates' difference."""
        command = [self.path, "diff", base, head, "--device", "t4", "--format", "json", "--fail-on", "never",
                   "--select", "NNC228", *options]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        model = json.loads(text)["models"][0]
        seconds = model["change"]["seconds_per_inference"]
        sides = [model[side]["seconds_per_inference"] for side in ("base", "head")]
        return (Prediction(*(seconds[key] * 1e3 for key in Prediction._fields)),
                math.hypot(*((side["high"] - side["low"]) * 1e3 for side in sides)))

    def image(self, model, batch, size, *options):
        return self.milliseconds(model, "--input-shape", f"input={batch}x3x{size}x{size}", *options)

    def text(self, batch, length, *options):
        return self.milliseconds("bert_base_dyn", "--dim", f"batch={batch}", "--dim", f"sequence={length}", *options)
