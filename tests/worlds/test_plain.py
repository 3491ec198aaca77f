"""Compiled and plain Python tell the same story, rule by rule and bit by bit: one source, its own readable reference."""


def test_compiled_and_plain_python_tell_the_same_story(stories):
    compiled, plain = stories
    assert [moment for moment, _ in compiled["told"]] == [moment for moment, _ in plain["told"]]
    for (moment, one), (_, other) in zip(compiled["told"], plain["told"], strict=True):
        apart = sorted(field for field in one if one[field] != other[field])
        assert not apart, f"{moment}: {apart} differ between compiled and plain Python"
    assert compiled["digests"] == plain["digests"]


def test_the_story_holds_much_of_what_can_happen(stories):
    _, plain = stories
    rules = {moment.partition(", ")[2] for moment, _ in plain["told"]}
    assert set(plain["reads"]) >= rules - {"peer_ties"}
    read = set().union(*plain["reads"].values())
    assert {"case.ready", "person.plan_until", "person.mentored", "household.trauma", "crew.vacancies", "member.age"} <= read
