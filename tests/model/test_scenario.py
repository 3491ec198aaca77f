"""A scenario: what it accepts, what it refuses and how, its levers week by week, its cost, its file."""

import itertools
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model import outcomes, registry
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import Horizon, catalogue
from kantelpunt.model.renaming import CONSTANT, GONE, Renamed
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.state.codes import QUARTERS
from tests.generated import examples

YEARS = 2
WEEKS = 52 * YEARS
KINDS = sorted(catalogue())


@st.composite
def interventions(draw):
    """Draw a table of an intervention that can be."""
    kind = draw(st.sampled_from(KINDS))
    first = draw(st.integers(0, WEEKS - 1))
    last = draw(st.integers(first + 1, WEEKS))
    table = {"kind": kind, "intensity": draw(st.floats(0, 1))}
    if draw(st.booleans()):
        table |= {"from": first, "until": last}
    if draw(st.booleans()):
        table["where"] = draw(st.lists(st.sampled_from(QUARTERS), min_size=1))
    if draw(st.booleans()):
        table["cost_per_year"] = draw(st.floats(0, 1e6))
    if draw(st.booleans()):
        table["ramp"] = draw(st.integers(0, 60))
    return table


def scenario(**keys):
    return Scenario(**{"years": YEARS, **keys})


def test_a_bare_scenario_is_ten_years_of_tilburg_noord():
    bare = Scenario()
    assert (bare.area, bare.years, bare.weeks, bare.start) == ("tilburg-noord", 10, 520, date(2026, 1, 5))
    assert bare.n_people == bare.resolved_area().default_people
    assert bare.cost() == 0
    assert bare.residents.total == bare.n_people
    assert 0 < bare.residents.children < bare.residents.youths < bare.residents.total


def test_it_never_changes():
    with pytest.raises(ValueError, match="frozen"):
        Scenario().years = 3


def test_two_shorthands_say_the_same():
    long = Scenario(interventions=[{"kind": "visible_presence", "intensity": 0.3}])
    assert Scenario(interventions={"visible_presence": 0.3}) == long
    assert Scenario(interventions=long.interventions) == long


@pytest.mark.parametrize("neutral_week", [0, WEEKS])
def test_without_interventions_every_lever_is_neutral(neutral_week):
    table = scenario().levers()
    assert table.shape == (WEEKS + 1, 4)
    assert table.dtype == registry.levers_dtype()
    for name, lever in registry.levers().items():
        assert (table[name][neutral_week] == lever.neutral).all()


def test_weeks_hold_the_days_that_the_dates_name():
    start = date(2026, 1, 5)
    horizon = Horizon(start, WEEKS)
    table = {"kind": "sirenelunch", "from": start + timedelta(days=8), "until": start + timedelta(days=22)}
    (lunch,) = scenario(interventions=[table]).interventions
    assert lunch.window(horizon) == (2, 4)  # days 8 .. 21 lie in the weeks 2, 3 and 4
    on = scenario(interventions=[table]).levers()["sirenelunch"][:, 0]
    assert np.flatnonzero(on).tolist() == [2, 3, 4]
    weeks = scenario(interventions=[{"kind": "sirenelunch", "from": 1, "until": 4}]).levers()["sirenelunch"]
    assert np.flatnonzero(weeks[:, 0]).tolist() == [2, 3, 4]


def test_a_ramp_builds_up_in_equal_steps():
    table = scenario(interventions=[{"kind": "norms_dialogue", "intensity": 0.5, "ramp": 4, "from": 10}]).levers()[
        "norms_dialogue"
    ]
    assert table[10:16, 0] == pytest.approx([0, 0.125, 0.25, 0.375, 0.5, 0.5])


def test_where_keeps_to_its_quarters():
    table = scenario(interventions=[{"kind": "sirenelunch", "where": ["south-east", "north-west"]}]).levers()["sirenelunch"]
    assert (table[1:] > 0).all(axis=0).tolist() == [True, False, False, True]
    assert not table[:, 1:3].any()


def test_kind_of_help_is_not_less_at_half_intensity():
    table = scenario(interventions=[{"kind": "person_centred", "intensity": 0.5, "ramp": 0, "domains": 3}]).levers()
    assert table["plan_domains"][1, 0] == 3
    full = scenario(interventions=[{"kind": "person_centred", "ramp": 0, "domains": 3}]).levers()
    assert table["plan_places"][1, 0] == full["plan_places"][1, 0] / 2


def test_of_two_kinds_of_help_the_better_one_counts():
    both = [{"kind": "person_centred", "ramp": 0, "domains": domains} for domains in (4, 3)]
    table, one = scenario(interventions=both).levers(), scenario(interventions=both[:1]).levers()
    assert table["plan_domains"][1, 0] == 4
    assert table["plan_places"][1, 0] == 2 * one["plan_places"][1, 0]


def test_no_intensity_moves_nothing():
    off = scenario(interventions=dict.fromkeys(KINDS, 0.0))
    assert off.levers().tobytes() == scenario().levers().tobytes()
    assert off.cost() == 0


def test_levers_join_as_the_lever_says(monkeypatch):
    from kantelpunt.model.interventions import visible_presence
    from kantelpunt.model.quantity import Lever

    levers = {**registry.levers(), "market_demand": Lever(1.0, 0.2, 3.0, "ratio", "")}
    monkeypatch.setattr(registry, "levers", lambda: levers)
    monkeypatch.setattr(
        visible_presence.VisiblePresence, "levers", lambda self, people: {"presence_hours": 300, "market_demand": 0.5}
    )
    table = scenario(interventions=[{"kind": "visible_presence", "ramp": 0, "intensity": share} for share in (0.5, 1.0)]).levers()
    assert table["presence_hours"][1, 0] == levers["presence_hours"].high == 400  # 150 + 300, clipped
    assert table["market_demand"][1, 0] == pytest.approx(0.75 * 0.5)


@examples(40)
@given(st.lists(interventions(), max_size=4), st.randoms())
def test_order_does_not_matter(tables, chance):
    mixed = chance.sample(tables, len(tables))
    one, other = scenario(interventions=tables), scenario(interventions=mixed)
    assert one.levers().tobytes() == other.levers().tobytes()
    assert one.key == other.key
    assert one.cost() == other.cost()


@examples(40)
@given(st.lists(interventions(), max_size=4))
def test_levers_stay_within_their_bounds(tables):
    table = scenario(interventions=tables).levers()
    for name, lever in registry.levers().items():
        assert table[name].min() >= lever.low
        assert table[name].max() <= lever.high


@examples(40)
@given(st.lists(interventions(), max_size=4))
def test_costs_add_up(tables):
    together = scenario(interventions=tables).cost()
    assert together == pytest.approx(sum(scenario(interventions=[table]).cost() for table in tables))
    half = [table | {"intensity": table["intensity"] / 2} for table in tables]
    assert scenario(interventions=half).cost() == pytest.approx(together / 2)


@examples(40)
@given(st.lists(interventions(), max_size=4), st.sampled_from([None, 60, 5_000]), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_file_gives_the_same_back(tmp_path_factory, tables, people, start):
    wanted = scenario(interventions=tables, people=people, start=start, area="contrast", parameters={"norms.sanction": 0.5})
    path = tmp_path_factory.mktemp("scenario") / "what-if.toml"
    path.write_text(wanted.to_toml(), encoding="utf-8")
    back = Scenario.from_toml(path)
    assert back == wanted
    assert back.key == wanted.key


def test_scaling_keeps_doses_per_head():
    full = scenario(
        area="WK034403", interventions=[{"kind": "youth_activities", "places": 60, "cost_per_year": 90_000}, {"kind": "raid"}]
    )
    small = full.scaled(2_000)
    assert small.n_people == 2_000
    assert small.levers()["activity_places"] == pytest.approx(full.levers()["activity_places"])
    assert small.cost() == pytest.approx(full.cost() * 2_000 / full.n_people)


def test_places_are_for_the_residents_of_the_scenario():
    here = scenario(interventions=[{"kind": "youth_activities", "places": 17, "ramp": 0}])
    assert here.levers()["activity_places"][1, 0] == pytest.approx(100 * 17 / here.residents.children)
    corner = scenario(interventions=[{"kind": "youth_activities", "places": 17, "ramp": 0, "where": "north-west"}])
    assert corner.levers()["activity_places"][1, 0] == pytest.approx(4 * 100 * 17 / here.residents.children)


def test_the_key_follows_the_content():
    one = Scenario(interventions={"raid": 1.0})
    assert one.key == Scenario(area="Tilburg Noord", people=2_000, interventions={"raid": 1.0}).key
    others = [
        Scenario(interventions={"raid": 0.5}),
        Scenario(interventions={"raid": 1.0}, years=9),
        Scenario(interventions={"raid": 1.0}, area="overvecht"),
        Scenario(interventions={"raid": 1.0}, people=2_001),
        Scenario(interventions={"raid": 1.0}, parameters={"norms.sanction": 0.5}),
        Scenario(interventions={"raid": 1.0}, start=date(2026, 1, 12)),
        Scenario(),
    ]
    assert len({each.key for each in (one, *others)}) == len(others) + 1


def test_it_may_stand_in_a_set():
    assert len({Scenario(), Scenario(interventions={}), Scenario(years=9)}) == 2


def test_changed_is_checked_as_a_new_one():
    late = Scenario(interventions=[{"kind": "raid", "from": 300}])
    assert late.changed(years=8).interventions == late.interventions
    with pytest.raises(InputError, match="outside the years"):
        late.changed(years=3)


START, LAST, ANNIVERSARY = date(2026, 1, 5), date(2035, 12, 24), date(2036, 1, 5)  # ten years of 52 weeks, and of the calendar


@pytest.mark.parametrize("until", [LAST, date(2035, 12, 25), date(2035, 12, 31), ANNIVERSARY, 520, None])
def test_a_programme_may_last_until_the_last_day_by_weeks_or_by_the_calendar(until):
    programme = {"kind": "youth_activities", "from": date(2035, 12, 17), "until": until, "cost_per_year": 52_000}
    scenario = Scenario(start=START, interventions=[programme])
    assert scenario.interventions[0].window(Horizon(START, 520)) == (520, 520)
    assert scenario.cost() == pytest.approx(1_000)


@pytest.mark.parametrize(
    ("key", "when"),
    [
        ("until", ANNIVERSARY + timedelta(1)), ("until", 521), ("until", date(2026, 1, 4)), ("from", LAST), ("from", 520),
        ("from", date(2035, 12, 31)), ("from", date(2026, 1, 4)), ("date", LAST), ("date", date(2035, 12, 31)),
    ],
)  # fmt: skip
def test_a_moment_outside_the_years_is_refused_with_what_a_year_is(key, when):
    with pytest.raises(InputError, match="this lies outside the years") as told:
        Scenario(start=START, **raid(**{key: when}))
    assert told.value.place.endswith(key)
    assert str(told.value.allowed) == f"{START} to {LAST}, or 0 to 520 weeks, of which a year has 52"


def test_years_that_begin_on_a_leap_day_have_an_anniversary():
    assert [Horizon(date(2028, 2, 29), 52 * n).anniversary for n in (1, 4)] == [date(2029, 3, 1), date(2032, 3, 1)]


def test_a_parameter_that_was_renamed_is_understood_with_a_warning_and_one_number_is_enough():
    with pytest.warns(Renamed, match=r"casework\.chain is called routing\.chain now"):
        assert Scenario(parameters={"casework.chain": 9.0}).parameters == {"routing.chain": 9.0}
    with pytest.warns(Renamed), pytest.raises(InputError, match=r"routing\.chain: out of range"):
        Scenario(parameters={"casework.chain": 0.9})
    with pytest.warns(Renamed), pytest.raises(InputError, match="two numbers for one parameter"):
        Scenario(parameters={"casework.chain": 9.0, "routing.chain": 9.0})


def test_a_parameter_that_became_one_with_another_is_understood_and_one_that_is_gone_is_refused():
    with pytest.warns(Renamed, match=r"promises\.broken is called trust\.bad_weight now"):
        assert Scenario(parameters={"promises.broken": 2.0}).parameters == {"trust.bad_weight": 2.0}
    with pytest.raises(InputError, match="parameter of an earlier version is gone"):
        Scenario(parameters={"crews.rise": 0.05})
    for name in ("desistance.debt", "leaving.debt"):
        with pytest.raises(InputError, match="constant of its rule now"):
            Scenario(parameters={name: 0.5})
    assert not {f"{rule}.{name}" for rule, names in (*GONE.items(), *CONSTANT.items()) for name in names} & set(
        registry.quantities()
    )


def test_one_meaning_has_one_number_wherever_a_rule_reads_it():
    numbers = registry.parameters({"trust.bad_weight": 5.0})
    assert [numbers[rule]["bad_weight"][0] for rule in ("trust", "stories", "promises", "initiatives")] == [5.0] * 4
    assert set(registry.borrowed().values()) <= set(registry.quantities())
    assert not set(registry.borrowed()) & set(registry.quantities())


def test_what_was_renamed_is_there_no_more_and_what_it_is_called_now_is():
    assert set(registry.renamed().values()) <= set(registry.quantities())
    assert not set(registry.renamed()) & set(registry.quantities())
    assert set(outcomes.RENAMED.values()) <= set(outcomes.OUTCOMES)
    assert not set(outcomes.RENAMED) & set(outcomes.OUTCOMES)


def test_a_parameter_of_a_renamed_rule_is_understood_and_keeps_its_place_and_chance():
    with pytest.warns(Renamed, match=r"leaving\.base is called desistance\.base now"):
        assert Scenario(parameters={"leaving": {"base": 0.001}}).parameters == {"desistance.base": 0.001}
    assert registry.first("desistance.base") == "leaving.base"
    assert registry.first("trust.gain") == "trust.gain"
    assert sorted(registry.rules(), key=lambda name: registry.FIRST_NAMES.get(name, name)) == list(registry.rules())


def raid(**keys):
    return {"interventions": [{"kind": "raid", **keys}]}


EARLY, LATE = date(2027, 1, 1), date(2028, 1, 1)
SANCTION = f"from 0 to {registry.quantities()['norms.sanction'].high:g}"
BAD = {
    "unknown area": ({"area": "overvegt"}, "overvegt", "vervecht"),
    "unknown key": ({"yeers": 3}, "yeers", "years"),
    "years": ({"years": 51}, "years", "from 1 to 50"),
    "people": ({"people": 49}, "people", "from 50 to 2,000,000"),
    "start": ({"start": "spring"}, "start", "2026-01-05"),
    "unknown parameter": ({"parameters": {"norms.sancton": 1}}, "norms.sancton", "norms.sanction"),
    "unknown rule": ({"parameters": {"norm.sanction": 1}}, "norm.sanction", "recruitment"),
    "parameter out of range": ({"parameters": {"norms.sanction": 9}}, "parameters.norms.sanction", SANCTION),
    "parameter not a number": ({"parameters": {"norms.sanction": "much"}}, "much", SANCTION),
    "parameters no table": ({"parameters": 3}, "parameters", "names with numbers"),
    "unknown intervention": ({"interventions": [{"kind": "raaid"}]}, "interventions[0].kind", "did you mean 'raid'"),
    "unknown intervention in short": ({"interventions": {"raaid": 1}}, "interventions.raaid", ", ".join(KINDS)),
    "no kind": ({"interventions": [{"intensity": 1}]}, "interventions[0]", ", ".join(KINDS)),
    "no interventions": ({"interventions": 3}, "interventions", "a list of tables"),
    "intensity": (raid(intensity=1.1), "interventions[0].intensity", "a number from 0 to 1"),
    "intensity in short": ({"interventions": {"raid": -0.1}}, "interventions.raid.intensity", "a number from 0 to 1"),
    "intensity not a number": (raid(intensity=float("nan")), "nan", "a number from 0 to 1"),
    "key of a kind": (raid(places=3), "places", "share"),
    "places": ({"interventions": [{"kind": "mentoring", "places": -1}]}, "interventions[0].places", "from 0"),
    "dates reversed": (raid(**{"from": LATE, "until": EARLY}), "2028-01-01 is not before until 2027-01-01", "from before until"),
    "same date": (raid(**{"from": 3, "until": 3}), "dates reversed", "from before until"),
    "before the start": (raid(**{"from": date(2025, 1, 1)}), "interventions[0].from", "2026-01-05 to 2035-12-24"),
    "after the end": (raid(until=521), "interventions[0].until", "0 to 520 weeks"),
    "no moment": (raid(**{"from": 1.5}), "interventions[0].from", "2027-01-31"),
    "no quarter": (raid(where="north"), "interventions[0].where", "north-west"),
    "no place": (raid(where=[]), "interventions[0].where", "everywhere"),
    "raid outside its dates": (raid(**{"from": 10, "date": 3}), "interventions[0].date", "week 11 to 520"),
    "raids too often": (raid(every=0), "interventions[0].every", "a whole number from 1"),
    "no such file": ({"area_file": "nowhere.csv", "area": "WK034403"}, "nowhere.csv", "CSV"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_value_or_place_and_what_is_allowed(name):
    keys, *texts = BAD[name]
    with pytest.raises(InputError) as caught:
        Scenario(**keys)
    for text in texts:
        assert text in str(caught.value)


def test_a_file_is_named_with_its_key(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text('[[interventions]]\nkind = "raid"\nintensity = 2\n')
    with pytest.raises(InputError, match=r"plan\.toml: interventions\[0\]\.intensity: out of range \(got 2\)"):
        Scenario.from_toml(path)
    with pytest.raises(InputError, match=r"plan\.toml: scenario\.youth: interventions\.raid\.intensity"):
        Scenario.read({"interventions": {"raid": 2}}, place="plan.toml: scenario.youth")


@pytest.mark.parametrize(
    ("content", "said"), [(b"years = \n", "line 1"), (b"\xff\xfe\x00", "UTF-8"), (b"3 = 4 = 5", "line 1"), (None, "no such file")]
)
def test_an_unreadable_file_is_named(tmp_path, content, said):
    path = tmp_path / "what-if.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        Scenario.from_toml(path)
    assert "what-if.toml" in str(caught.value)
    assert said in str(caught.value)


def test_a_file_of_areas_is_looked_for_beside_the_scenario(tmp_path):
    (tmp_path / "mine.csv").write_text(
        "gwb_code,regio,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo\nBU1,Here,1000,200,150,250,250,150\n"
    )
    path = tmp_path / "what-if.toml"
    path.write_text('area = "BU1"\narea_file = "mine.csv"\n[parameters]\nnorms.sanction = 0.8\n')
    found = Scenario.from_toml(path)
    assert found.n_people == 1_000
    assert found.parameters == {"norms.sanction": 0.8}
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "copy.toml"
    copy.write_text(found.to_toml())
    assert Scenario.from_toml(copy).key == found.key


def test_every_pair_of_interventions_goes_together():
    for pair in itertools.combinations(KINDS, 2):
        alone = [scenario(interventions={kind: 1.0}).cost() for kind in pair]
        assert scenario(interventions=dict.fromkeys(pair, 1.0)).cost() == pytest.approx(sum(alone))
