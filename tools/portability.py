"""Every output of every chapter again, as other processors compute it. ``make test-portability`` prints the table."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.book import ROOT

# What limits PyTorch, MKL, oneDNN, OpenBLAS and JAX to a kind of processor. MKL_CBWR is MKL's limit where the processor
# is not Intel's: without it the matrix products would stay what they are.
KINDS: dict[str, dict[str, str]] = {
    "as it is": {},
    "AVX2": {"ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2"}
    | {"MKL_CBWR": "AVX2", "OPENBLAS_CORETYPE": "Haswell", "XLA_FLAGS": "--xla_cpu_max_isa=AVX2"},
    "no AVX": {"ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2", "ONEDNN_MAX_CPU_ISA": "SSE41"}
    | {"MKL_CBWR": "COMPATIBLE", "OPENBLAS_CORETYPE": "Nehalem", "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2"},
}
SETTINGS = [("as it is", 2), ("AVX2", 1), ("no AVX", 1), ("no AVX", 2)]  # `make test` runs as it is, on one thread


@dataclass(frozen=True)
class Run:
    """All outputs compared once: on which kind of processor and on how many threads, how many were the same or not."""

    kind: str
    threads: int
    same: int
    differ: int
    seconds: float
    printed: str  # empty if all went well


def runs(settings: Sequence[tuple[str, int]]) -> Iterator[Run]:
    """Compare every output of every chapter in each setting, one after the other."""
    for kind, threads in settings:
        command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "chapters", "-n", str(3 - threads)]
        environment = os.environ | KINDS[kind] | {"OMP_NUM_THREADS": str(threads)}
        start = time.monotonic()
        run = subprocess.run(
            [*command, "--dist", "loadfile"], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        same, others = (sum(map(int, re.findall(rf"(\d+) (?:{w})", run.stdout))) for w in ("passed", "failed|error"))
        yield Run(kind, threads, same, others, time.monotonic() - start, run.stdout if run.returncode else "")


def main() -> None:
    """Run them all; fail if an output differs anywhere."""
    differ = False
    print(f"{'instructions':14}{'threads':>8}{'same':>8}{'differ':>8}{'seconds':>9}", flush=True)
    for run in runs(SETTINGS):
        print(f"{run.kind:14}{run.threads:8}{run.same:8}{run.differ:8}{run.seconds:9.0f}", flush=True)
        if run.printed:
            differ = True
            print(run.printed[-4000:])
    sys.exit(differ)


if __name__ == "__main__":
    main()
