"""The graph of all imports, those for types included: it has no circles, and no folder is too wide to take in."""

from collections import Counter
from functools import cache
from itertools import pairwise

import grimp
import networkx as nx
import pytest

PARTS = ("kantelpunt.model", "kantelpunt.experiments", "kantelpunt.viz")
WIDEST = 20  # modules in a folder
CATALOGUES = {"kantelpunt.model.interventions", "kantelpunt.model.rules"}  # one thing a file, all of one kind


@cache
def imports() -> nx.DiGraph:
    """Return the graph: an edge from each module to every module that it imports."""
    found = grimp.build_graph("kantelpunt", exclude_type_checking_imports=False, cache_dir=None)
    modules = sorted(module for module in found.modules if module.startswith(PARTS))  # a clone holds tests beside them
    return nx.DiGraph({module: sorted(found.find_modules_directly_imported_by(module)) for module in modules})


def circles(graph: nx.DiGraph) -> list[str]:
    """Return a circle for every group of modules that import each other."""
    groups = [graph.subgraph(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]
    return [" -> ".join(module for module, _ in nx.find_cycle(group)) for group in groups]


def wide(graph: nx.DiGraph) -> dict[str, int]:
    """Return folder -> its number of modules, where there are too many."""
    packages = {module.rpartition(".")[0] for module in graph}
    folders = Counter(module.rpartition(".")[0] for module in graph if module not in packages)
    return {folder: n for folder, n in folders.items() if n > WIDEST and folder not in CATALOGUES}


def test_the_graph_holds_all_three_parts():
    assert {"kantelpunt.model.week", "kantelpunt.experiments.study", "kantelpunt.viz.app.routes"} <= set(imports())


def test_no_module_imports_itself_by_way_of_others():
    assert circles(imports()) == []


def test_no_folder_is_too_wide():
    assert wide(imports()) == {}


@pytest.mark.parametrize("n", [2, 3])
def test_a_circle_is_found(n):
    names = [f"kantelpunt.model.m{i}" for i in range(n)]
    (found,) = circles(nx.DiGraph([*pairwise([*names, names[0]]), ("kantelpunt.viz", names[0])]))
    assert sorted(found.split(" -> ")) == names


def test_a_wide_folder_is_found():
    modules = ["kantelpunt.viz", *(f"kantelpunt.viz.m{i}" for i in range(WIDEST + 1))]
    graph = nx.DiGraph()
    graph.add_nodes_from(modules)
    assert wide(graph) == {"kantelpunt.viz": WIDEST + 1}
