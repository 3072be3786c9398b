"""Write a model with smaller weights.

python quantize.py MODEL OUTPUT [TYPE]

TYPE is the end of a name in llama_ftype, such as MOSTLY_Q8_0 (default) or MOSTLY_Q4_K_M.
"""

import os
from pathlib import Path

from model import run

import llama_ctypes as llama


def main(path: str, output: str, type_name: str = "MOSTLY_Q8_0") -> None:
    """Write the file, and print both sizes."""
    params = llama.llama_model_quantize_default_params()
    params.ftype = llama.llama_ftype[f"LLAMA_FTYPE_{type_name}"]
    status = llama.llama_model_quantize(os.fsencode(path), os.fsencode(output), params)
    if status != 0:
        raise SystemExit(f"cannot quantize {path} to {type_name}: llama.cpp returned {status}")
    print(f"{Path(path).stat().st_size} bytes to {Path(output).stat().st_size}")


if __name__ == "__main__":
    run(main)
