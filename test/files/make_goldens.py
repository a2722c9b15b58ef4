"""Writes goldens.safetensors, goldens.json (torch's print of each tensor) and npy/ (arrays in several forms) into this folder.

    .venv/bin/python test/files/make_goldens.py
"""
import json
import pathlib

import numpy as np
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
g = torch.Generator().manual_seed(4)
r = lambda *s: torch.randn(*s, generator=g)
tensors = {
    "scalar": torch.tensor(3.25), "whole_scalar": torch.tensor(7.0), "int_scalar": torch.tensor(5), "true": torch.tensor(True),
    "vector": r(5), "whole": torch.tensor([1.0, 2.0, -30.0]), "mixed": torch.tensor([1.5, 1000.0, -0.25]),
    "wide_range": torch.tensor([1e-3, 12345.678]), "tiny": torch.tensor([1e-5, 2e-5]), "huge": torch.tensor([1e9, 2.0]),
    "nonfinite": torch.tensor([float("inf"), -float("inf"), float("nan"), 1.0]), "nonfinite_fraction": torch.tensor([float("nan"), 0.5, -float("inf")]),
    "zeros": torch.zeros(2, 3), "negative_zero": torch.tensor([-0.0, 0.0]), "all_nan": torch.full((2,), float("nan")),
    "matrix": r(3, 4), "cube": r(2, 3, 4), "rank4": r(2, 1, 2, 3), "rank5": r(1, 2, 1, 2, 2),
    "long_vector": torch.arange(30), "long_floats": r(23), "many": torch.arange(1001), "many_floats": r(1200), "wide": r(4, 300), "tall": r(400, 3),
    "big_cube": r(9, 10, 13), "ints": torch.tensor([[1, -20], [300, 4]]), "bools": torch.tensor([[True, False], [False, True]]),
    "half": r(3).half(), "bfloat": r(3).bfloat16(), "double": r(2, 2).double(), "int32": torch.tensor([1, 2], dtype=torch.int32),
    "uint8": torch.tensor([1, 255], dtype=torch.uint8), "int8": torch.tensor([-128, 5], dtype=torch.int8), "int16": torch.tensor([300], dtype=torch.int16),
    "empty": torch.empty(0), "empty_rows": torch.empty(0, 3), "empty_long": torch.empty(2, 0, dtype=torch.long),
    "near_line_end": torch.full((3, 11), 1.0, dtype=torch.double), "one_double": torch.tensor([123456.789], dtype=torch.double),
}
save_file(tensors, here / "goldens.safetensors", metadata={"format": "pt"})
(here / "goldens.json").write_text(json.dumps({k: repr(v) for k, v in tensors.items()}, indent=1) + "\n")

folder = here / "npy"
folder.mkdir(exist_ok=True)
base = np.arange(12).reshape(3, 4)
for name in ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"):
    np.save(folder / f"{name}.npy", base.astype(name))
np.save(folder / "fortran.npy", np.asfortranarray(base.astype("float32")))
np.save(folder / "scalar.npy", np.float32(2.5))
np.save(folder / "empty.npy", np.zeros((0, 3), dtype="float32"))
np.save(folder / "big_endian.npy", base.astype(">f4"))
np.save(folder / "structured.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i8")]))
for version in ((2, 0), (3, 0)):
    with open(folder / f"version{version[0]}.npy", "wb") as f:
        np.lib.format.write_array(f, base.astype("float32"), version=version)
