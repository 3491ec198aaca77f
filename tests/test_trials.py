"""Every input that once failed gives the right value or a clear refusal, and stands for a test of its kind.

The inputs lie beside a clone, in `../shared/trials`; where they do not, what reads them is skipped, and the
table still names tests that are there.
"""

import ast
from pathlib import Path

import pandas as pd
import pytest

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.sampling import drawn
from kantelpunt.model.errors import InputError
from kantelpunt.model.population.areas import areas
from kantelpunt.model.registry import quantities
from kantelpunt.model.renaming import Renamed
from kantelpunt.model.scenario import Scenario
from kantelpunt.viz.app.compare.upload import called, read_areas

TESTS = Path(__file__).parent
TRIALS = TESTS.parents[1] / "shared" / "trials"
LAID_OUT = pytest.mark.skipif(not TRIALS.is_dir(), reason="no ../shared/trials beside this clone")
HERE = "test_trials.py"
STANDS_FOR_IT = {
    "evil.html": "app/test_strangers.py::test_a_page_of_another_site_opens_no_websocket",
    "ws_import.py": "app/test_messages.py::test_a_place_to_drop_files_creates_nothing",
    "poison.sh": "app/test_guard.py::test_headers_of_the_first_request_decide_nothing",
    "huge-row-number.xlsx": "model/test_tables.py::test_a_row_number_that_no_sheet_has_is_refused_at_once",
    "far-row.xlsx": "model/test_tables.py::test_a_row_far_down_is_read",
    "damage.py": "experiments/test_damage.py::test_whatever_happens_to_a_part_its_runs_are_made_again",
    "flip_series.py": "experiments/test_damage.py::test_every_flipped_bit_is_noticed",
    "stale_rule.sh": "model/test_kept_code.py::test_without_a_folder_edited_rules_run_and_the_trouble_is_told",
    "cache_truncated.sh": "model/test_kept_code.py::test_a_damaged_file_is_cleared_and_compiled_anew",
    "thousands.csv": "model/test_figures.py::test_a_count_with_two_readings_is_refused_with_both",
    "impossible.csv": "model/test_figures.py::test_every_figure_has_bounds_against_the_others",
    "no_adults.csv": "model/test_small_areas.py::test_an_odd_area_runs_to_its_end",
    "cp1252.csv": "model/test_tables.py::test_a_table_as_a_dutch_spreadsheet_saves_it",
    "sentinel.csv": "model/test_tables.py::test_missing_marks_of_geographic_files",
    "dimension.xlsx": "model/test_tables.py::test_a_workbook_is_read_to_its_end_whatever_size_it_says_it_has",
    "workbooks.py": "model/test_tables.py::test_cells_of_a_workbook_as_texts_and_formulas",
    "nl00.csv": "app/test_upload.py::test_areas_that_cannot_be_simulated_are_no_choice_and_bad_rows_are_named",
    "page_upload.py": "app/test_faults.py::test_no_handler_breaks_its_page_whatever_a_browser_sends",
    "adjacent.py": "laws/test_adjacent.py::test_parts_together_are_the_whole",
    "plausible_old_names.csv": f"{HERE}::test_plausible_points_have_names_that_are_known_or_were",
    "no_guard.py": "experiments/test_runner.py::test_an_engine_whose_workers_cannot_start_blames_no_run_and_says_what_to_do",
    "sensitivity.toml": "experiments/test_commands.py::test_sensitivity_asks_what_the_plan_says",
    "negative.sh": "experiments/test_output.py::test_any_code_page_takes_any_answer",
    "usetex.sh": "app/test_figures.py::test_views_of_a_study_name_its_plans_under_any_settings",
    "full_disk.sh": "experiments/test_output.py::test_a_disk_that_fills_up_after_the_runs_costs_no_answer",
    "bom.toml": "model/test_checked.py::test_a_file_is_read_with_or_without_a_mark_before_it",
    "today.toml": "experiments/test_names.py::test_two_names_that_people_or_disks_take_for_one_are_refused",
    "numpy_types.py": "model/test_checked.py::test_weeks_of_any_library_are_weeks",
}
TOOLS = {"README.md", "forked.py", "dmg.toml", "solara_client.py", "negative.toml"}  # what others of them use


@LAID_OUT
def test_every_trial_stands_in_the_table() -> None:
    assert {each.name for each in TRIALS.iterdir() if each.is_file()} == {*STANDS_FOR_IT, *TOOLS}


@pytest.mark.parametrize("name", STANDS_FOR_IT)
def test_what_stands_for_a_trial_is_there(name: str) -> None:
    path, _, test = STANDS_FOR_IT[name].partition("::")
    functions = {each.name for each in ast.parse((TESTS / path).read_text()).body if isinstance(each, ast.FunctionDef)}
    assert test in functions


USABLE = {  # file -> code -> name, of the areas that can be simulated
    "no_adults.csv": {"BU99990101": "Zorgcentrum"},
    "cp1252.csv": {"BU99990101": "\u2019t Zand"},
    "sentinel.csv": {"BU99990101": "Dorpshart"},
    "nl00.csv": {"BU99990101": "Dorpshart"},
    "dimension.xlsx": {f"BU9999010{n}": f"Buurt {n}" for n in (1, 2, 3)},
    "far-row.xlsx": {"BU1": "Name"},
}


@LAID_OUT
@pytest.mark.parametrize("name", USABLE)
def test_areas_are_read_on_the_page_as_by_a_command(name: str, tmp_path: Path) -> None:
    by_command = {each.code: each for each in areas(TRIALS / name) if each.can_be_simulated}
    on_page = read_areas(name, (TRIALS / name).read_bytes(), tmp_path).areas
    assert {code: called(each) for code, each in by_command.items()} == on_page
    assert {code: each.name for code, each in by_command.items()} == USABLE[name]


REFUSED = {
    "thousands.csv": ("GM9999", "361740 or 361.74"),
    "impossible.csv": ("BU99990101", "at most 350"),
    "sentinel.csv": ("BU99990102", "no inhabitants"),
    "nl00.csv": ("NL00", "50 to 2,000,000"),
    "huge-row-number.xlsx": ("BU1", "1,048,576 rows"),
}


@LAID_OUT
@pytest.mark.parametrize("name", REFUSED)
def test_an_area_that_cannot_be_used_is_refused_with_why(name: str) -> None:
    code, said = REFUSED[name]
    with pytest.raises(InputError, match=said):
        Scenario(area=code, area_file=TRIALS / name)


@LAID_OUT
@pytest.mark.parametrize("name", ["bom.toml", "negative.toml", "sensitivity.toml"])
def test_a_plan_is_read(name: str) -> None:
    assert Plan.from_toml(TRIALS / name).question.outcome == "unsafe"


@LAID_OUT
def test_names_that_are_one_are_refused() -> None:
    with pytest.raises(InputError, match="'Today'"):
        Plan.from_toml(TRIALS / "today.toml")


@LAID_OUT
@pytest.mark.filterwarnings("ignore::kantelpunt.model.renaming.Renamed")
def test_a_table_of_plausible_points_of_before_a_renaming_loses_no_number_in_silence() -> None:
    with pytest.raises(InputError, match=r"casework\.chain"):
        drawn(TRIALS / "plausible_old_names.csv", 2, 1)


def test_plausible_points_have_names_that_are_known_or_were(tmp_path: Path) -> None:
    known = quantities()["norms.sanction"]
    table = tmp_path / "some.csv"
    pd.DataFrame({"norms.sanction": [known.low, known.high], "norms.gone": [0.1, 0.2]}).to_csv(table, index=False)
    with pytest.raises(InputError, match=r"norms\.gone"):
        drawn(table, 2, 1)
    pd.DataFrame({"casework.chain": [4.0, 5.0], "norms.sanction": [known.low, known.high]}).to_csv(table, index=False)
    with pytest.warns(Renamed):
        found = drawn(table, 2, 1)
    assert sorted(found["routing.chain"]) == [4.0, 5.0]
