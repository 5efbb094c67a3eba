"""What the scoring checks share."""

import subprocess
import sys


def score(data, arguments):
    """Runs a scoring script of the test data and returns what it printed."""
    command = [sys.executable, f"{data}/tools/{arguments[0]}", *arguments[1:]]
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(result.stdout, end="", flush=True)
    fail_unless(result.returncode == 0, f"{arguments[0]} ended with {result.returncode}")
    return result.stdout


def fail_unless(condition, sentence):
    if not condition:
        sys.exit(f"not so: {sentence}")
