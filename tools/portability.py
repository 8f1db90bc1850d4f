"""Every output of every chapter again, as other processors compute it. ``make test-portability`` prints the table."""

import os
import re
import subprocess
import sys
import time

from tools.book import ROOT

# What limits PyTorch, MKL, oneDNN, OpenBLAS and JAX to a kind of processor, and the number of threads.
KINDS = {
    "as it is": {},
    "AVX2": {"ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2"}
    | {"OPENBLAS_CORETYPE": "Haswell", "XLA_FLAGS": "--xla_cpu_max_isa=AVX2"},
    "no AVX": {"ATEN_CPU_CAPABILITY": "default", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2", "ONEDNN_MAX_CPU_ISA": "SSE41"}
    | {"OPENBLAS_CORETYPE": "Nehalem", "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2"},
}
SETTINGS = [("as it is", 2), ("AVX2", 1), ("no AVX", 1), ("no AVX", 2)]  # `make test` runs as it is, on one thread


def main() -> None:
    """Run them all; fail if an output differs anywhere."""
    differ = False
    print(f"{'instructions':14}{'threads':>8}{'same':>8}{'differ':>8}{'seconds':>9}", flush=True)
    for kind, threads in SETTINGS:
        command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "chapters", "-n", str(3 - threads)]
        environment = os.environ | KINDS[kind] | {"OMP_NUM_THREADS": str(threads)}
        start = time.monotonic()
        run = subprocess.run(
            [*command, "--dist", "loadfile"], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        same, others = (sum(map(int, re.findall(rf"(\d+) (?:{w})", run.stdout))) for w in ("passed", "failed|error"))
        print(f"{kind:14}{threads:8}{same:8}{others:8}{time.monotonic() - start:9.0f}", flush=True)
        if run.returncode:
            differ = True
            print(run.stdout[-4000:])
    sys.exit(differ)


if __name__ == "__main__":
    main()
