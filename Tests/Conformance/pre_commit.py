"""The pre-commit hooks under the real `pre-commit`: they build, run, pass, and fail.

usage: pre_commit.py REPOSITORY FOLDER

REPOSITORY is a checkout of nncost; its last commit is what pre-commit builds, once.
FOLDER holds a built `nncost`, for the hook that uses an installed one.
"""

import os
import subprocess
import sys
import tempfile

import onnx
from onnx import TensorProto, helper


def main():
    repository, folder = (os.path.abspath(path) for path in sys.argv[1:3])
    revision = run(["git", "rev-parse", "HEAD"], repository).stdout.strip()
    if run(["git", "status", "--porcelain"], repository).stdout:
        print("note: uncommitted changes are not part of what is checked here")

    with tempfile.TemporaryDirectory(prefix="nncost-pre-commit-") as home:
        project = os.path.join(home, "project")
        os.mkdir(project)
        run(["git", "init", "--quiet"], project)
        write_model(os.path.join(project, "model.onnx"))
        with open(os.path.join(project, "notes.txt"), "w") as file:
            file.write("A file that the hook leaves alone.\n")

        os.environ["PRE_COMMIT_HOME"] = os.path.join(home, "cache")
        os.environ["PATH"] = folder + os.pathsep + os.environ["PATH"]

        def hook(identifier, *arguments):
            with open(os.path.join(project, ".pre-commit-config.yaml"), "w") as file:
                file.write(configuration(repository, revision, identifier, arguments))
            run(["git", "add", "."], project)
            command = ["pre-commit", "run", "--all-files", "--verbose", "--color", "never"]
            return run(command, project, check=False)

        built = hook("nncost")
        expect(built, "a model within bounds passes", 0, "Passed", "model.onnx")
        over = hook("nncost", "--budget", "1 nJ/inf")
        expect(over, "a model over its budget fails", 1, "Failed", "- exit code: 1")
        unclear = hook("nncost", "--budget", "11")
        expect(unclear, "a budget without a unit fails", 1, "Failed", "- exit code: 2")
        settings = os.path.join(project, "nncost.json")
        with open(settings, "w") as file:
            file.write('{"budgets": [{"name": "all of them", "paths": ["*.onnx"], "max": "1 nJ/inf"}]}')
        configured = hook("nncost")
        expect(configured, "a budget of the project's file fails", 1, "Failed", "all of them")
        budgets = hook("nncost-budget")
        expect(budgets, "the hook for budgets alone fails as well", 1, "Failed", "all of them")
        record = os.path.join(project, "baseline.json")
        os.remove(settings)
        written = hook("nncost", "--runtime", "eager", "--write-baseline", record)
        expect(written, "a baseline is written", 0, "Passed")
        known = hook("nncost", "--runtime", "eager", "--baseline", record, "--fail-on", "info")
        expect(known, "what the baseline knows passes", 0, "Passed")
        os.remove(record)
        installed = hook("nncost-system")
        expect(installed, "the installed program serves as well", 0, "Passed", "model.onnx")

        os.remove(os.path.join(project, "model.onnx"))
        empty = hook("nncost")
        expect(empty, "without a changed model nothing runs", 0, "no files to check")
    print("9 runs of the hooks ended as they should")


def write_model(path):
    """One convolution and one activation: nothing to find fault with."""
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 32, 32])
    result = helper.make_tensor_value_info("result", TensorProto.FLOAT, [1, 8, 32, 32])
    weights = helper.make_tensor("weights", TensorProto.FLOAT, [8, 3, 3, 3], [0.1] * (8 * 27))
    nodes = [
        helper.make_node("Conv", ["image", "weights"], ["sum"], name="convolution", pads=[1] * 4),
        helper.make_node("Relu", ["sum"], ["result"], name="activation"),
    ]
    graph = helper.make_graph(nodes, "small", [image], [result], [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)


def configuration(repository, revision, identifier, arguments):
    words = ", ".join(f'"{word}"' for word in arguments)
    return f"""\
repos:
- repo: {repository}
  rev: {revision}
  hooks:
  - id: {identifier}
    args: [{words}]
"""


def run(command, folder, check=True):
    result = subprocess.run(
        command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if check and result.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout}")
    return result


def expect(result, fact, status, *words):
    missing = [word for word in words if word not in result.stdout]
    if result.returncode != status or missing:
        sys.exit(
            f"not so: {fact}\nexit status {result.returncode}, expected {status}; "
            f"not in the output: {missing}\n{result.stdout}"
        )
    print(f"ok: {fact}")


if __name__ == "__main__":
    main()
