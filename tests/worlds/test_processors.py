"""The same world in every process: the start and the digest hold where text hashes otherwise, or the processor knows less."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
TOLD = """
import json
from kantelpunt import Scenario
from model.simulation import Simulation, digest
from tests.worlds.reference_run import fingerprint, scenario

told = []
seen = [{"kind": "visible_presence"}, {"kind": "small_visible_actions"}]
usual = Scenario(area="tilburg-noord", people=700, years=1)
for asked in (scenario(), usual, usual.changed(interventions=seen)):
    simulation = Simulation(asked, seed=5)
    told.append(fingerprint(simulation.world))
    simulation.advance(asked.weeks)
    told.append({"digest": digest(simulation.world)})
print(json.dumps(told))
"""
EXTENSIONS = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])  # type: ignore[index]
WITHOUT = "-AVX2,-FMA,-FMA4,-AVX512F,-AVX2_Usable,-FMA_Usable,-FMA4_Usable,-AVX512F_Usable"  # by names of new and old versions
SETTINGS = {
    "libraries on an old processor, and other hashes of text": {
        "NPY_DISABLE_CPU_FEATURES": " ".join(EXTENSIONS),
        "OPENBLAS_CORETYPE": "Nehalem",
        "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={WITHOUT}",
        "PYTHONHASHSEED": "1",  # which is a lot of its own in every process
    },
    "compiled for any processor, and BLAS for a Haswell": {"NUMBA_CPU_NAME": "generic", "OPENBLAS_CORETYPE": "Haswell"},
}


def told(**settings: str) -> list[dict[str, object]]:
    env = {**os.environ, **settings}
    done = subprocess.run([sys.executable, "-c", TOLD], cwd=ROOT, env=env, capture_output=True, text=True, timeout=1_800)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def here() -> list[dict[str, object]]:
    return told()


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_world_is_the_same_to_the_last_bit(here, setting):
    for one, other in zip(here, told(**SETTINGS[setting]), strict=True):
        assert [name for name in one if one[name] != other[name]] == []
