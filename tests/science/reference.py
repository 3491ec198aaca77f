"""All that `results/reference` holds, one step after another: `uv run python -m tests.science.reference POLICE --areas KWB`.

Each step is a command of its own, which `results/README.md` names; together they take hours.  Without a file of recorded crime
what needs one stays as it is.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

REFERENCE = Path(__file__).parents[2] / "results" / "reference"
MEASURED = {  # what it writes -> arguments of Python
    "felt": ("-m", "tests.science.felt"),
    "mechanisms": ("-m", "tests.science.mechanisms"),
    "parts": ("-m", "tests.science.parts"),
    "systemic": ("-m", "tests.science.systemic"),
    "patterns": ("-m", "tests.science", "--seeds", "8"),
    "patterns-plausible": ("-m", "tests.science", "--seeds", "8", "--plausible"),
    "pictures of the app": ("-m", "tests.app.pictures"),
}
COPIED = {  # command -> its files here, by their names in its folder
    "loops": {"loops.csv": "loops.csv", "loops.png": "loops.png"},
    "compare": {"figure.png": "compare.png"},
}


def of_record(police: Path, areas: Path) -> dict[str, tuple[str, ...]]:
    """Return the steps that hold the model beside recorded crime: what they write -> arguments of Python."""
    files = ("--areas", str(areas))
    fit = ("--fit", str(REFERENCE / "wijken.csv"), "--kinds", "threat,assault,vandalism", "--points", "90", "--waves", "2")
    calibrate = ("-m", "kantelpunt", "calibrate", "--mirror", str(police), *files, *fit, "--publish", str(REFERENCE))
    return {"record": ("-m", "tests.science.record", str(police), *files), "plausible": calibrate}


def main(
    police: Annotated[Path | None, typer.Argument(help="recorded threat, assault and vandalism by month and buurt")] = None,
    areas: Annotated[Path | None, typer.Option("--areas", help="figures of wijken (KWB)")] = None,
) -> None:
    """Make all that is published anew."""
    console = Console()
    for name, arguments in {**(of_record(police, areas) if police and areas else {}), **MEASURED}.items():
        console.rule(name)
        subprocess.run([sys.executable, *arguments], check=True)
    for command, files in COPIED.items():
        console.rule(command)
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "kantelpunt", command, "--lang", "en", "--out", folder], check=True)
            for made, published in files.items():
                shutil.copy(Path(folder) / made, REFERENCE / published)


if __name__ == "__main__":
    typer.run(main)
