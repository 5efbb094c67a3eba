"""The script of the GitHub action, with a `gh` that only writes down what it is asked.

usage: action.py NNCOST
"""

import os
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SCRIPT = os.path.join(ROOT, ".github", "actions", "nncost", "run")
MODEL = """<ir_version: 8, opset_import: ["" : 17]>
net (float[64,512] x) => (float[64,512] y) <float[512,512] w> {{
{nodes}
}}
"""


def model(layers):
    names = ["x", *(f"h{i}" for i in range(layers - 1)), "y"]
    return MODEL.format(nodes="\n".join(f"  {b} = MatMul ({a}, w)" for a, b in zip(names, names[1:])))


def main():
    checks = [a_change_is_in_summary_and_comment, a_limit_fails_after_the_report, findings_are_for_code_scanning,
              a_fork_has_no_comment_and_no_failure, a_wrong_word_is_an_error, names_may_have_blanks]
    for check in checks:
        with tempfile.TemporaryDirectory(prefix="nncost-action-") as folder:
            check(Job(folder))
        print("ok:", check.__name__.replace("_", " "))
    print(f"{len(checks)} facts hold")


class Job:
    """A checkout with a model that has become three times as large since `main`, and what a runner gives an action."""

    def __init__(self, folder):
        self.project, self.temporary, programs = (os.path.join(folder, name) for name in ("project", "temporary", "bin"))
        for path in (self.project, self.temporary, programs):
            os.mkdir(path)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.write("net.onnxtxt", model(1))
        self.git("add", ".")
        self.git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "first")
        self.write("net.onnxtxt", model(3))
        os.symlink(os.path.abspath(sys.argv[1]), os.path.join(programs, "nncost"))
        with open(os.path.join(programs, "gh"), "w") as file:
            file.write('#!/bin/sh\nprintf "%s\\n" "$*" >> "$RUNNER_TEMP/gh"\nexit "${GH_STATUS:-0}"\n')
        os.chmod(os.path.join(programs, "gh"), 0o755)
        self.path = programs + os.pathsep + os.environ["PATH"]

    def git(self, *words):
        subprocess.run(["git", *words], cwd=self.project, check=True)

    def write(self, name, text):
        with open(os.path.join(self.project, name), "w") as file:
            file.write(text)

    def run(self, status, **inputs):
        """What the action writes to the log, and nothing else may go wrong."""
        given = {"NNCOST_COMMAND": "lint", "NNCOST_PATHS": ".", "NNCOST_BASE": "", "NNCOST_ARGUMENTS": "",
                 "NNCOST_COMMENT": "true", "RUNNER_TEMP": self.temporary, "PATH": self.path,
                 "GITHUB_STEP_SUMMARY": os.path.join(self.temporary, "summary"),
                 "GITHUB_OUTPUT": os.path.join(self.temporary, "output"), "HOME": self.temporary, **inputs}
        found = subprocess.run([SCRIPT], cwd=self.project, env=given, capture_output=True, text=True)
        assert found.returncode == status, f"status {found.returncode}, not {status}: {found.stdout}{found.stderr}"
        return found.stdout

    def read(self, name):
        path = os.path.join(self.temporary, name)
        if not os.path.exists(path):
            return ""
        with open(path) as file:
            return file.read()


def a_change_is_in_summary_and_comment(job):
    job.run(0, NNCOST_COMMAND="diff", NNCOST_BASE="main", PULL_REQUEST="7")
    assert "net.onnxtxt" in job.read("summary") and "%" in job.read("summary"), job.read("summary")
    asked = job.read("gh")
    assert asked.startswith("pr comment 7 ") and asked.endswith("nncost.md\n"), asked
    assert "report=" in job.read("output")


def a_limit_fails_after_the_report(job):
    log = job.run(1, NNCOST_COMMAND="diff", NNCOST_BASE="main", NNCOST_ARGUMENTS="--max-increase=3%\n")
    assert "FAIL" in log and "net.onnxtxt" in job.read("summary"), log
    assert job.read("gh") == "", "there is no pull request"


def findings_are_for_code_scanning(job):
    log = job.run(0, NNCOST_ARGUMENTS="--runtime=eager\n--fail-on=never")
    assert log.startswith("::"), log
    assert '"version": "2.1.0"' in job.read("nncost.sarif") or '"2.1.0"' in job.read("nncost.sarif")
    assert "sarif=" + os.path.join(job.temporary, "nncost.sarif") in job.read("output")


def a_fork_has_no_comment_and_no_failure(job):
    log = job.run(0, NNCOST_COMMAND="diff", NNCOST_BASE="main", PULL_REQUEST="7", GH_STATUS="1")
    assert "::notice::no right to comment" in log, log
    job.run(0, NNCOST_COMMAND="cost", NNCOST_COMMENT="false", PULL_REQUEST="7")
    assert job.read("gh").count("\n") == 1


def a_wrong_word_is_an_error(job):
    assert "::error::there is no command 'delete'" in job.run(2, NNCOST_COMMAND="delete")
    assert "::error::nncost diff needs 'base'" in job.run(2, NNCOST_COMMAND="diff")
    job.run(2, NNCOST_ARGUMENTS="--no-such-option")
    # A path is a path, whatever it begins with.
    job.run(3, NNCOST_PATHS="--output=json=stolen")
    assert not os.path.exists(os.path.join(job.project, "stolen"))


def names_may_have_blanks(job):
    job.write("a net.onnxtxt", model(2))
    job.run(0, NNCOST_COMMAND="cost", NNCOST_PATHS="a net.onnxtxt\n\nnet.onnxtxt\n")
    assert "a net.onnxtxt" in job.read("summary"), job.read("summary")


if __name__ == "__main__":
    main()
