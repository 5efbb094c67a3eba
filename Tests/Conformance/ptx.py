"""Every kernel of the microbenchmark through NVIDIA's assembler, for every generation of boards that it is meant for.

usage: ptx.py NNCOST_CALIBRATE

Needs `ptxas` of the package `nvidia-cuda-nvcc-cu12`, no GPU. Version 12 is the last that knows Volta.
"""

import concurrent.futures
import importlib.util
import os
import re
import subprocess
import sys
import tempfile

GENERATIONS = [70, 75, 80, 86, 89, 90]
# A few registers set aside before a loop cost nothing; a loop that keeps its sums in memory would not measure arithmetic.
MOST_SPILLED_BYTES = 64


def main():
    ptxas = assembler()
    output = subprocess.run([sys.argv[1], "kernels"], capture_output=True, text=True, check=True).stdout
    texts = [".version" + part for part in output.split(".version")[1:]]
    if len(texts) < 40:
        sys.exit(f"only {len(texts)} programs were printed")
    with tempfile.TemporaryDirectory(prefix="nncost-ptx-") as folder:
        refuses_nonsense(ptxas, folder, texts[0])
        jobs = []
        for number, text in enumerate(texts):
            entry = re.search(r"\.entry (\w+)", text).group(1)
            target = int(re.search(r"\.target sm_(\d+)", text).group(1))
            path = os.path.join(folder, f"{number}.ptx")
            with open(path, "w") as file:
                file.write(text)
            jobs += [(entry, target, path, generation) for generation in GENERATIONS if generation >= target]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda job: assemble(ptxas, *job), jobs))
    problems = [problem for _, problem in results if problem]
    for problem in problems:
        print(problem)
    registers = max(count for count, _ in results)
    print(f"{len(texts)} programs, {len(jobs)} assemblies for sm_{', sm_'.join(map(str, GENERATIONS))}, "
          f"at most {registers} registers, {len(problems)} problems")
    sys.exit(1 if problems else 0)


def assembler():
    found = importlib.util.find_spec("nvidia.cuda_nvcc")
    for folder in found.submodule_search_locations if found else []:
        path = os.path.join(folder, "bin", "ptxas")
        if os.path.exists(path):
            # The package installer leaves the program without the right to run.
            os.chmod(path, 0o755)
            return path
    sys.exit("there is no ptxas: pip install nvidia-cuda-nvcc-cu12")


def refuses_nonsense(ptxas, folder, text):
    """Else a broken assembler would pass for good kernels."""
    path = os.path.join(folder, "nonsense.ptx")
    with open(path, "w") as file:
        file.write(text.replace("  ret;", "  mov.u32 %nowhere, 1;\n  ret;"))
    _, problem = assemble(ptxas, "nonsense", 70, path, 75)
    if not problem:
        sys.exit("ptxas takes an undeclared register")


def assemble(ptxas, entry, target, path, generation):
    """The registers that a thread needs, and what is wrong; None if nothing is."""
    command = [ptxas, f"-arch=sm_{generation}", "--verbose", "--output-file", os.devnull, path]
    run = subprocess.run(command, capture_output=True, text=True)
    text = run.stdout + run.stderr
    name = f"{entry} (sm_{target}) for sm_{generation}"
    if run.returncode != 0 or "warning" in text:
        return 0, f"{name}: {text.strip().splitlines()[0] if text.strip() else run.returncode}"
    spilled = sum(int(n) for n in re.findall(r"(\d+) bytes spill", text))
    if spilled > MOST_SPILLED_BYTES:
        return 0, f"{name}: {spilled} bytes of registers are spilled"
    found = re.search(r"Used (\d+) registers", text)
    if not found:
        return 0, f"{name}: nothing was assembled"
    return int(found.group(1)), None


if __name__ == "__main__":
    main()
