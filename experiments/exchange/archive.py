"""A study to hand over, archive and cite: an RO-Crate (https://w3id.org/ro/crate), a zip with the study, the model's
description, what may be cited, and a list of all of it that machines can read.

It follows the profile for runs of a program (Process Run Crate, https://w3id.org/ro/wfrun): an action that says which
software made which results from which question, and when.  To check one, unzip it, then (the rules are fetched from w3id.org)

    uvx --from roc-validator rocrate-validator validate -p process-run-crate FOLDER
"""

import os
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from kantelpunt.model.errors import InputError, Phrase

from ..optional import extra
from ..provenance import ROOT, installed
from ..running.destination import destination, is_crate
from ..running.files import write
from ..running.store import CODEBOOK, FAILURES, MANIFEST, MARK, PLAN, POINTS, RUNS, SCENARIOS, SERIES
from ..study import Study

DESCRIBED = {
    MARK: ("the question, with everything filled in: kantelpunt compare study.toml", "application/toml"),
    PLAN: ("one row a run that was asked for", "application/vnd.apache.parquet"),
    POINTS: ("one row a point: the parameters that it sets", "application/vnd.apache.parquet"),
    MANIFEST: ("versions, commit and patch, machine, time", "application/json"),
    CODEBOOK: ("of every column its unit and its meaning", "text/csv"),
    SCENARIOS: ("one row a scenario: what it is compared with, area, cost, level of each factor", "text/csv"),
    "summary.md": ("the answer in words and tables", "text/markdown"),
    "answer.json": ("the answer for machines", "application/json"),
    "report.html": ("the answer on one page", "text/html"),
    "figure.png": ("the answer as a picture", "image/png"),
    "figure.svg": ("the answer as a picture", "image/svg+xml"),
}
PARTS = {
    RUNS: "one row a run: what it is known by, cost, digest of its course, and what it came to (Parquet)",
    SERIES: "one row a run and week: counts since the row before, levels of that week (Parquet)",
    FAILURES: "one line a failed run, with its inputs and what Python said (JSON lines)",
}
MODEL = {  # at the top of a clone, and in an installed package beside the folders
    ROOT / "model" / "ODD.md": ("the model described by the ODD protocol", "text/markdown"),
    ROOT / "CITATION.cff": ("how to cite the model", "application/yaml"),
    ROOT / "LICENSE": ("the licence of the model", "text/plain"),
}


LICENCE = "https://spdx.org/licenses/Apache-2.0"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
ASKED = (MARK, PLAN, POINTS)  # a run of the study begins with these; everything else comes of it


def export(study: Study, out: Path, force: bool = False) -> Path:
    """Write a study as an RO-Crate in a zip; raises InputError where that cannot be done, and then nothing is written.

    Parameters
    ----------
    study : a study with runs.
    out : the file, ending in .zip.
    force : replace a file that is no exported study.
    """
    if out.suffix != ".zip":
        raise InputError("file.not_zip", place="--out", value=out, allowed=Phrase("allowed.zip"))
    refuse_others(study.folder)
    if not study.store.parts(RUNS):
        raise InputError("study.no_run", place=study.folder)
    place = destination(out, is_crate, force=force)
    crate = crate_of(study)
    write(place, lambda file: file.writelines(crate.stream_zip()))
    return out


def refuse_others(folder: Path) -> None:
    """Raise InputError where a link, a device or a pipe stands for a file: a study of others could have files of this machine
    packed, or what has no end.
    """
    inside = (each for name in PARTS for each in (folder / name).rglob("*"))
    for path in chain((folder / name for name in (*DESCRIBED, *PARTS)), inside):
        if path.is_symlink():
            raise InputError("file.link", place=path, allowed=Phrase("allowed.own_file"))
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise InputError("file.no_file", place=path, allowed=Phrase("allowed.own_file"))


def crate_of(study: Study) -> Any:
    """Return the crate."""
    with extra("export", "rocrate", place="kantelpunt export"):
        from rocrate.model.contextentity import ContextEntity
        from rocrate.model.softwareapplication import SoftwareApplication
        from rocrate.rocrate import ROCrate
    crate, status = ROCrate(version="1.1"), study.status()  # of the profile
    crate.source = Path(os.devnull)  # whose files are packed too: without one, those in a folder called None
    crate.name = study.plan.heading
    crate.description = (
        f"{status.done} runs of {len(study.plan.scenarios)} scenarios in paired worlds with Kantelpunt, an agent-based model. "
        "A way to think about mechanisms, not a forecast; its people are made up."
    )
    crate.license = crate.add(ContextEntity(crate, LICENCE, properties={"@type": "CreativeWork", "name": "Apache License 2.0"}))
    crate.keywords = "agent-based model, paired comparison, neighbourhood"
    files = {
        name: crate.add_file(
            study.folder / name, dest_path=name, properties={"name": name, "description": text, "encodingFormat": kind}
        )
        for name, (text, kind) in DESCRIBED.items()
        if (study.folder / name).is_file()
    }
    for name, text in PARTS.items():
        if any((study.folder / name).glob("*")):
            files[name] = crate.add_dataset(study.folder / name, dest_path=name, properties={"name": name, "description": text})
    for path, (text, kind) in MODEL.items():
        about = {"name": path.name, "description": text, "encodingFormat": kind}
        crate.add_file(path, dest_path=f"model/{path.name}", properties=about)
    properties = {"name": "kantelpunt", "version": installed("kantelpunt")}
    software = crate.add(SoftwareApplication(crate, "#kantelpunt", properties=properties))
    crate.root_dataset["instrument"] = software
    add_action(crate, study, software, files)
    return crate


def add_action(crate: Any, study: Study, software: Any, files: dict[str, Any]) -> None:
    """Say that the software made the results from the question, and when it was done."""
    from rocrate.model.contextentity import ContextEntity

    about = {"@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    crate.root_dataset["conformsTo"] = crate.add(ContextEntity(crate, PROFILE, properties=about))
    made = study.store.manifest()["made"]
    last = max(path.stat().st_mtime for path in study.store.parts(RUNS))
    told = {
        "@type": "CreateAction",
        "name": f"Runs of {study.plan.heading}",
        "description": "every scenario in the same worlds, and what they came to",
        "startTime": made,
    }
    action = crate.add(ContextEntity(crate, "#runs", properties=told))
    action["endTime"] = datetime.fromtimestamp(last, UTC).isoformat(timespec="seconds")
    action["instrument"] = software
    action["object"] = [files[name] for name in ASKED if name in files]
    action["result"] = [file for name, file in files.items() if name not in ASKED]
    crate.root_dataset["mentions"] = action
