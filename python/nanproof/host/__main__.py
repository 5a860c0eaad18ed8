"""Starts a host. What must be set before a framework is loaded is set here."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Runs a host, and gives its exit status."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python3 -m nanproof.host FILE\n")
        return 2
    if "PYTHONHASHSEED" not in os.environ:
        # The order of sets of strings is part of the bits.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "nanproof.host", *sys.argv[1:]])
    _set_threads(os.environ.get("NANPROOF_THREADS", "1"))
    from .serve import run_host

    return run_host(os.path.abspath(sys.argv[1]))


def _set_threads(threads: str) -> None:
    for name in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM"):
        os.environ[f"{name}_NUM_THREADS"] = threads
    os.environ["TF_NUM_INTRAOP_THREADS"] = threads
    os.environ["TF_NUM_INTEROP_THREADS"] = threads
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # Several hosts share one GPU: none may take all of its memory at its start, as TensorFlow and JAX do.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    if threads == "1":
        flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # A program's threads and exit handlers are nobody's to wait for.
    os._exit(status)
