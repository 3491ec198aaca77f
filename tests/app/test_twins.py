"""Twin worlds for the screen: what they show is what the model did, in any week, forwards and back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantelpunt.model import OUTCOMES, Scenario, simulate
from kantelpunt.model.regime import REGIMES
from kantelpunt.model.state.codes import EVENT_KINDS, FAVOURS, STAGE_UP
from kantelpunt.viz.app import regimes
from kantelpunt.viz.app.learn import difference, early_warnings
from kantelpunt.viz.app.learn.lives.followed import to_follow
from kantelpunt.viz.app.learn.marks import AT_THE_PLACE, KINDS, MARK, marks
from kantelpunt.viz.app.learn.marks import NAMES as MARKS
from kantelpunt.viz.app.learn.paired_worlds import CHOSEN, DOT, EVERYDAY, LAYERS, LIT, PROFESSIONAL, STOP, PairedWorlds
from kantelpunt.viz.app.regimes import MEASURED, OTHERS, WARN, by_year, stretches
from kantelpunt.viz.app.regimes import course as course_of
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.browser import ROOT
from tests.generated import examples
from tests.science.regimes import NAMES, signal_table

QUIET = Scenario(people=300, years=1)
BUSY = QUIET.changed(interventions={"visible_presence": 1.0, "person_centred": 1.0, "hot_spot_enforcement": 1.0})
few = examples(8)


@pytest.mark.slow
@few
@given(seed=st.integers(0, 2**40), week=st.integers(0, 52))
def test_the_same_scenario_twice_differs_in_nothing(seed: int, week: int) -> None:
    twins = PairedWorlds(QUIET, QUIET, seed)
    twins.go_to(week)
    assert twins.only_here() == ([], [])
    assert twins.recruited_only() == (0, 0)
    layers, dots = twins.frame("trust")
    assert layers[0] == layers[1] and dots[0] == dots[1]


@few
@given(weeks=st.lists(st.integers(0, 60), min_size=1, max_size=5))
def test_a_week_is_the_same_however_one_came_there(weeks: list[int]) -> None:
    wandering, straight = PairedWorlds(QUIET, BUSY, 3), PairedWorlds(QUIET, BUSY, 3)
    for week in weeks:
        wandering.go_to(week)
    straight.go_to(weeks[-1])
    assert wandering.week == straight.week == min(weeks[-1], 52)
    assert wandering.frame("fear") == straight.frame("fear")
    assert wandering.only_here() == straight.only_here()
    assert wandering.seen == min(max(weeks), 52)


def test_regimes_are_those_of_the_model() -> None:
    strong = Scenario(years=5, interventions={"visible_presence": 1.0, "reachable_municipality": 1.0})
    twins = PairedWorlds(QUIET, QUIET, 5)
    twins.go_to(52)
    run = simulate(QUIET, 5)
    for course in twins.regimes():
        assert len(course) == 53
        assert stretches(course)[-1][0] == run.regime.now
    run = simulate(strong, 1)
    found, first = stretches(course_of(run.world.history)), 0
    assert [name for name, _ in found] == [name for _, name in run.regime.course]
    for (_, n), (week, _) in zip(found, run.regime.course, strict=True):
        assert week == first
        first += n
    counted = by_year([run.world.history, run.world.history])
    assert counted.shape == (5, 3) and (counted.sum(axis=1) == 2).all()
    assert counted[-1].argmax() == REGIMES.index(run.regime.now)


def test_the_courses_are_those_of_a_whole_run() -> None:
    twins = PairedWorlds(QUIET, BUSY, 5)
    for week in (10, 52, 20):
        twins.go_to(week)
    for name in OUTCOMES:
        for course, scenario in zip(twins.course(name), (QUIET, BUSY), strict=True):
            np.testing.assert_array_equal(course, simulate(scenario, 5).weeks[name])


@few
@given(seed=st.integers(0, 2**40), week=st.integers(1, 52))
def test_what_happened_only_here_stands_in_this_log_and_not_in_the_other(seed: int, week: int) -> None:
    twins = PairedWorlds(QUIET, BUSY, seed)
    twins.go_to(week)
    logs = [{(EVENT_KINDS[each[1]], each[2]) for each in world.of_week(week).tolist()} for world in twins.worlds]
    for side, happened in enumerate(twins.only_here()):
        keys = [(each.kind, each.who) for each in happened]
        assert len(keys) == len(set(keys))
        assert set(keys) <= logs[side] - logs[1 - side]


def test_somebody_who_was_recruited_only_here_is_counted_once() -> None:
    twins = PairedWorlds(QUIET, BUSY, 4)
    twins.go_to(52)
    sets = []
    for scenario in (QUIET, BUSY):
        events = simulate(scenario, 4, events=True).events
        chosen = (events["kind"] == EVENT_KINDS[STAGE_UP]) & (events["value"] == FAVOURS)
        sets.append(set(events.loc[chosen, "who"]))
    assert twins.recruited_only() == (len(sets[0] - sets[1]), len(sets[1] - sets[0]))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_frame_holds_every_place_and_everybody_at_large(layer: str) -> None:
    twins = PairedWorlds(QUIET, BUSY, 1)
    twins.go_to(30)
    layers, dots = twins.frame(layer)
    for side, world in enumerate(twins.worlds):
        state = world.simulation.world
        assert len(layers[side]) == state.places.size
        shown = np.frombuffer(dots[side], DOT)
        assert (shown["role"] != PROFESSIONAL).sum() == world.at_large().size
        assert (shown["role"] == PROFESSIONAL).sum() == state.professionals["present"].sum()
        assert shown["cell"].max() < state.places.size


def test_the_people_of_what_happened_only_here_are_lit_and_the_chosen_one_is_marked() -> None:
    twins = PairedWorlds(QUIET, BUSY, 1)
    right, here = twins.worlds[1], []
    while not here and twins.week < twins.weeks:
        twins.go_to(twins.week + 1)
        some = [each for each in twins.only_here()[1] if right.row_of(each.who) in right.at_large()]
        here = [each for each in some if EVENT_KINDS.index(each.kind) not in EVERYDAY]
    assert here, "nothing but everyday things happened only here: this test looks at nothing"
    twins.chosen = here[0].who
    shown = np.frombuffer(twins.frame("trust")[1][1], DOT)[: right.at_large().size]
    identities = right.simulation.world.people["id"][right.at_large()]
    assert set(identities[(shown["mark"] & LIT) > 0]) == {each.who for each in here}
    assert identities[(shown["mark"] & CHOSEN) > 0].tolist() == [here[0].who]


def test_every_contact_offer_and_promise_of_a_week_is_a_mark_of_who_stands_on_the_map() -> None:
    twins = PairedWorlds(QUIET, BUSY, 1)
    seen: set[str] = set()
    for week in range(1, 53):
        twins.go_to(week)
        world = twins.worlds[1]
        found = np.frombuffer(marks(world), MARK)
        events, kinds = world.of_week(week), found["kind"]
        dots = {int(each) for each in np.frombuffer(twins.frame("trust")[1][1], DOT)["who"]}
        for i, (name, some) in enumerate(KINDS.items()):
            told = events[np.isin(events["kind"], some)]
            if some:
                assert set(found["cell"][kinds == i].tolist()) == set(told["place"].tolist()), name
            if name in AT_THE_PLACE:
                assert not found["who"][kinds == i].any()
            if told.size or (name == "promised" and (kinds == i).any()):
                seen.add(name)
        met = found[kinds == MARKS.index("good_contact")]
        staff = world.simulation.world.professionals
        left = {int(each) for each in met["whom"]} - set(staff["id"][staff["present"] == 1].astype(np.uint32).tolist())
        assert ({int(each) for each in met["who"]} | {int(each) for each in met["whom"]}) - left <= dots
        kept = {int(each) for each in found["cell"][kinds == MARKS.index("kept")]}
        promises = world.simulation.world.promises
        assert kept <= set(promises["place"][promises["done"] == week].tolist())
    assert seen >= {"heard", "good_contact", "promised", "kept"}, seen


def test_a_click_chooses_the_person_of_that_dot_and_nobody_outside_the_list() -> None:
    twins = PairedWorlds(QUIET, BUSY, 1)
    twins.go_to(12)
    rows = twins.worlds[0].at_large()
    twins.pick(0, 17)
    assert twins.chosen == twins.worlds[0].simulation.world.people["id"][rows[17]]
    for index in (-1, rows.size, 10**9):
        twins.pick(0, index)
        assert twins.chosen == 0


def test_a_child_an_adult_with_children_and_a_boy_can_be_followed_in_both_worlds() -> None:
    twins = PairedWorlds(QUIET, BUSY, 2)
    child, parent, boy = ([world.row_of(each.identity) for world in twins.worlds] for each in twins.pinned)
    for people in (world.simulation.world.people for world in twins.worlds):
        ages = -people["born"] // 52
        assert abs(ages[child[0]] - 11) <= 2 and ages[parent[0]] >= 18 and not people["male"][parent[0]]
        assert people["male"][boy[0]] and ages[boy[0]] < 18
        home = (people["household"] == people["household"][parent[0]]) & (people["present"] == 1)
        assert (ages[home] < 18).any()
    assert child[0] == child[1] and parent[0] == parent[1] and boy[0] == boy[1]
    people = twins.worlds[0].simulation.world.people
    for each, row in zip(twins.pinned, (child[0], parent[0], boy[0]), strict=True):
        assert (each.age, each.male) == (-people["born"][row] // 52, bool(people["male"][row]))
    nobody = twins.worlds[0].simulation.world.people.copy()
    nobody["present"] = 0
    assert to_follow(nobody) == ()


def test_a_life_holds_every_event_of_that_person() -> None:
    twins = PairedWorlds(QUIET, BUSY, 2)
    twins.go_to(52)
    log = twins.worlds[0].log
    who, counts = np.unique(log["who"][log["kind"] == STAGE_UP], return_counts=True)
    identity = int(who[counts.argmax()])
    left, right = twins.lives(identity)
    assert left is not None
    assert [each.kind for each in left.happened].count("stage up") == counts.max()
    assert right is None or right.age == left.age
    assert twins.lives(-7) == (None, None)


def test_signals_that_are_shown_are_those_that_were_measured_to_rise() -> None:
    published = pd.read_csv(ROOT / "results" / "reference" / "patterns.csv")
    pd.testing.assert_frame_equal(pd.read_csv(MEASURED, index_col=0), signal_table(published))
    assert {*WARN, *OTHERS} == set(NAMES)
    assert all(signal_table(published).loc[name, "low"] > 0 for name in WARN)


@pytest.mark.parametrize(("warn", "named"), [((), 7), (tuple(NAMES), 0), (("recovery",), 6)])
def test_what_did_not_rise_is_told(monkeypatch: pytest.MonkeyPatch, warn: tuple[str, ...], named: int) -> None:
    monkeypatch.setattr(early_warnings, "OTHERS", tuple(name for name in NAMES if name not in warn))
    for language in LANGUAGES:
        t = Text(language)
        said = early_warnings.others(t)
        assert [t(f"signal.{name}") in said for name in NAMES] == [name not in warn for name in NAMES]
        assert bool(said) == bool(named)


def test_signals_speak_of_the_week_in_which_the_worlds_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regimes, "WARN", ("guarded_squares",))
    twins = PairedWorlds(QUIET, BUSY, 1)
    twins.go_to(40)
    before = twins.warnings()
    twins.go_to(52)
    twins.go_to(40)
    for now, then, outcome in zip(twins.warnings(), before, twins.course("guarded_squares"), strict=True):
        pd.testing.assert_frame_equal(now, then)
        assert now.loc["guarded_squares", "now"] == outcome[40]
        assert now.loc["guarded_squares", "then"] == outcome[0]


def test_professionals_stand_where_rounds_are_and_not_in_one_place_week_after_week() -> None:
    twins, seen = PairedWorlds(QUIET, BUSY, 4), []
    for week in range(1, 9):
        twins.go_to(week)
        for world, dots in zip(twins.worlds, twins.frame("trust")[1], strict=True):
            state, shown = world.simulation.world, np.frombuffer(dots, DOT)
            cells = shown["cell"][shown["role"] == PROFESSIONAL]
            staff = state.professionals[state.professionals["present"] == 1]
            assert (cells == staff["place"]).all()
            walks = staff["place"] != staff["base"]
            assert (state.places["presence"][cells[walks]] > 0).all()
        seen.append(tuple(cells[walks]))
    assert len(set(seen)) > len(seen) // 2  # few walk in so small a world, and may come back


def test_rounds_are_those_of_professionals_on_the_map_and_everybody_is_known_again_the_next_week() -> None:
    twins = PairedWorlds(Scenario(years=1), BUSY.changed(people=2_000), 4)
    twins.go_to(8)
    for world, dots, rounds in zip(twins.worlds, twins.frame("trust")[1], twins.rounds(), strict=True):
        shown, walked = np.frombuffer(dots, DOT), np.frombuffer(rounds, STOP)
        assert len(walked) == world.simulation.world.tile_index["visits"].sum() > 0
        assert (world.simulation.world.places["presence"][walked["cell"]] > 0).all()
        assert set(walked["who"]) <= set(shown["who"][shown["role"] == PROFESSIONAL])
        assert len(set(shown["who"])) == len(shown)


def test_twins_that_are_alike_never_part_and_have_nothing_lit() -> None:
    twins = PairedWorlds(QUIET, QUIET, 4)
    twins.go_to(30)
    assert difference.parted(twins) is None and difference.dots(twins) == b""
    assert set(difference.shades(twins, "trust")) == {difference.SAME}


def test_worlds_part_in_the_week_of_the_first_thing_that_happens_in_one_of_them_only() -> None:
    twins = PairedWorlds(QUIET, BUSY, 3)
    weeks = [week for week in range(1, 53) if twins.go_to(week) is None and logs_of(twins, week)]
    assert weeks and difference.parted(twins) == weeks[0]
    twins.go_to(weeks[0] - 1)
    assert difference.parted(twins) is None
    twins.go_to(weeks[0])
    assert difference.parted(twins) == weeks[0]


def logs_of(twins: PairedWorlds, week: int) -> bool:
    """Return whether what happened in a week is not the same in both worlds."""
    left, right = (world.of_week(week) for world in twins.worlds)
    return left.tolist() != right.tolist()


def test_somebody_who_stands_elsewhere_on_the_path_is_lit_and_can_be_chosen() -> None:
    twins = PairedWorlds(QUIET, QUIET, 3)
    left, right = (world.simulation.world.people for world in twins.worlds)
    left["stage"][[5, 9]], right["stage"][[7, 9]], right["present"][11], left["stage"][11] = 2, 1, 0, 3
    people = [world.simulation.world.people for world in twins.worlds]
    stages = [{int(each["id"]): int(each["stage"]) for each in some[some["present"] == 1]} for some in people]
    unlike = {who for who, stage in stages[1].items() if who in stages[0] and stages[0][who] != stage}
    found = difference.differing(twins)
    assert set(found.identities.tolist()) == unlike == {int(left["id"][row]) for row in (5, 7, 9)}
    assert all(
        deep == (stages[1][who] > stages[0][who]) for who, deep in zip(found.identities.tolist(), found.deeper, strict=True)
    )
    dots = np.frombuffer(difference.dots(twins), DOT)
    assert len(dots) == len(unlike) and set(dots["role"]) == {difference.DIFFERS}
    difference.pick(twins, 0)
    assert twins.chosen == found.identities[0] and np.frombuffer(difference.dots(twins), DOT)["mark"][0] == CHOSEN
    difference.pick(twins, len(unlike))
    assert twins.chosen == 0


def test_what_is_better_is_brighter_whichever_way_a_layer_lies() -> None:
    twins = PairedWorlds(QUIET, BUSY, 3)
    right = twins.worlds[1].simulation.world.places
    right["trust"] += 0.1
    right["fear"] += 0.1
    assert min(difference.shades(twins, "trust")) > difference.SAME > max(difference.shades(twins, "fear"))
