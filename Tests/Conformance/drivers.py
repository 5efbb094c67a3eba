"""What the microbenchmark takes NVIDIA's interfaces to be, held against NVIDIA's own headers and libraries.

usage: drivers.py

Needs a C++ compiler and the packages `nvidia-nvml-dev-cu12`, `nvidia-cuda-runtime-cu12` and `nvidia-cuda-nvcc-cu12`, no GPU. Headers and
libraries of cuBLASLt and cuDNN are looked at where their packages are installed, as they are beside PyTorch; each has half a gigabyte.
"""

import ctypes
import glob
import importlib.util
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DRIVER = os.path.join(HERE, "..", "..", "calibration", "Microbenchmark", "Driver")
SCRIPT = os.path.join(HERE, "..", "..", "calibration", "validation", "board.py")
HEADERS = {"NVML": "nvml.h", "CUDA": "cuda.h", "CUBLASLT": "cublasLt.h", "CUDNN": "cudnn.h"}
PREFIXES = {"NVML": "nvml", "CUDA": "cu", "CUBLASLT": "cublasLt", "CUDNN": "cudnn"}
LIBRARIES = {"CUBLASLT": "libcublasLt.so.*", "CUDNN": "libcudnn.so.*"}
# Older drivers are asked by names that headers of today do not have.
OLDER = {"nvmlDeviceGetComputeRunningProcesses_v2"}


def main():
    folders = [folder for folder in packages() if os.path.isdir(folder)]
    includes = [path for folder in folders for path in glob.glob(os.path.join(folder, "**", "include"), recursive=True)]
    checked = functions(os.path.join(HERE, "drivers.cpp"), r'FUNCTION\((\w+), "')
    problems = differences(asked(), checked)
    for interface, header in HEADERS.items():
        places = [path for path in includes if os.path.exists(os.path.join(path, header))]
        if not places and interface in LIBRARIES:
            print(f"{header}: not here, and not looked at")
        elif not places:
            problems.append(f"{header}: pip install nvidia-nvml-dev-cu12 nvidia-cuda-runtime-cu12")
        for place in places:
            # The header's own folder comes first, since several versions may be installed.
            problems += compiled(interface, [place, *includes])
        for path in [path for folder in folders
                     for path in glob.glob(os.path.join(folder, "**", LIBRARIES.get(interface, "-")), recursive=True)]:
            problems += missing(path, [name for name in checked if belongs(name, interface)])
    for problem in problems:
        print(problem)
    print(f"{len(checked)} functions, {len(problems)} problems")
    sys.exit(1 if problems else 0)


def packages():
    found = importlib.util.find_spec("nvidia")
    return list(found.submodule_search_locations) if found else []


def belongs(name, interface):
    return name.startswith(PREFIXES[interface]) and (
        interface != "CUDA" or not name.startswith((PREFIXES["CUBLASLT"], PREFIXES["CUDNN"])))


def functions(path, pattern):
    with open(path) as file:
        return sorted(set(re.findall(pattern, file.read())))


def asked():
    """Every function that the program looks up, by name."""
    names = set(functions(SCRIPT, r"\b(nvml[A-Z]\w+)\b"))
    for path in glob.glob(os.path.join(DRIVER, "*.swift")):
        names |= set(functions(path, r'"((?:nvml|cu|cublasLt|cudnn)[A-Z][\w\\()]+)"'))
    passes = ["Forward", "BackwardData", "BackwardFilter"]
    return sorted({name.replace(r"\(name)", word) for name in names for word in passes} - OLDER - {"cuBLASLt", "cuDNN"})


def differences(asked, checked):
    return ([f"{name} is looked up, and nobody checks its signature" for name in asked if name not in checked]
            + [f"{name} is checked, and nobody looks it up" for name in checked if name not in asked])


def compiled(interface, includes):
    with tempfile.TemporaryDirectory(prefix="nncost-drivers-") as folder:
        program = os.path.join(folder, "drivers")
        # Nothing is called, so nothing needs to be there when the program starts.
        compiler = subprocess.run(
            ["c++", "-std=c++17", "-w", f"-D{interface}", *(f"-I{path}" for path in includes), os.path.join(HERE, "drivers.cpp"),
             "-o", program, "-Wl,--unresolved-symbols=ignore-all"], capture_output=True, text=True)
        if compiler.returncode != 0:
            return [f"{includes[0]}: {compiler.stderr.strip().splitlines()[0]}"]
        run = subprocess.run([program], capture_output=True, text=True)
        lines = run.stdout.splitlines()
        print(f"{interface}: {lines[-1] if lines else 'nothing was printed'}, by {os.path.relpath(includes[0], sys.prefix)}")
        return [f"{interface}: {line}" for line in lines[:-1]] or ([] if run.returncode == 0 else [f"{interface}: {run.stderr}"])


def missing(path, names):
    """The functions that a library does not have. No handle is made, which takes a GPU."""
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        return [str(error)]
    found = [name for name in names if not hasattr(library, name)]
    print(f"{os.path.relpath(path, sys.prefix)}: {len(names) - len(found)} of {len(names)} functions are there")
    return [f"{path} has no {name}" for name in found]


if __name__ == "__main__":
    main()
