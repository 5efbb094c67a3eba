"""Holds what the README shows against what the program prints.

usage: readme.py NNCOST [--record]

Every block of README.md that begins with `$ nncost` is a command and its output, run in the repository's folder with
NNCOST in the place of `nncost`. Blocks about files that are not in the repository are left alone. `--record` writes
the outputs anew.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
BLOCK = re.compile(r"```\n\$ (nncost (?:[^\n]*\\\n)*[^\n]*\n)(.*?)```\n", re.DOTALL)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    readme = ROOT / "README.md"
    text = readme.read_text()
    checked = 0

    def renewed(block):
        nonlocal checked
        command = block[1]
        files = re.findall(r"\S+\.onnx", command)
        if not all((ROOT / file).exists() for file in files):
            return block[0]
        checked += 1
        shell = re.sub(r"^nncost", f"'{program}'", command)
        run = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True)
        return f"```\n$ {command}{run.stdout}```\n"

    now = BLOCK.sub(renewed, text)
    if "--record" in sys.argv[2:]:
        readme.write_text(now)
    for line in set(text.splitlines()) ^ set(now.splitlines()):
        print(line)
    print(f"{checked} examples, {'as shown' if now == text else 'not as shown; --record writes them anew'}")
    sys.exit(now != text and "--record" not in sys.argv[2:] or checked == 0)


if __name__ == "__main__":
    main()
