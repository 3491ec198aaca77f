"""Desks: who comes to one, and whom a case brings to one; the numbers are those of `rules/encounters.py`."""

from ..compiled import njit
from ..draws import uniform
from ..state.codes import FAMILY, NOBODY, SCHOOL_STAFF, SOCIAL, WAITING, YOUTH_AT_RISK, YOUTH_WORK
from .cases import same_family, still_here
from .contacts import kept_away, likelier, p_meet, speak_indoors
from .persons import ADULT_FROM, age_of, is_free
from .posts import has_desk

FOR_YOUTHS, FOR_OTHERS = 2, 3  # desks that people come to, beside the two domains in which cases lie
FULL = 1.0  # familiarity at most


@njit
def sits_at(professional, desk):
    """Return whether somebody carries out cases at a desk: of a domain, of those for youths, or of the others."""
    if not has_desk(professional):
        return False
    if desk <= SOCIAL:
        return professional.domain == desk
    return (professional.organisation in (SCHOOL_STAFF, YOUTH_WORK)) == (desk == FOR_YOUTHS)


@njit
def whom_at(team, desk, dice, who):
    """Return whom somebody meets at a desk, the likelier the more hours they have for cases; NOBODY where nobody has any."""
    best, largest = NOBODY, 0.0
    for i in range(team.size):
        if sits_at(team[i], desk):
            draw = team[i].case_hours * uniform(dice, who, team[i].id)
            if draw > largest:
                best, largest = i, draw
    return best


@njit
def come_to_desks(world, rows, desk, p, levers, dice, week):
    """Let some of these people come to a desk this week, sooner those who know somebody there."""
    hours, team = 0.0, world.professionals
    for i in range(team.size):
        hours += team[i].case_hours if sits_at(team[i], desk) else 0.0
    chance = p_meet(p.counter * hours, max(rows.size, 1))
    for row in rows:
        u = uniform(dice, world.people[row].id)
        if u < chance * (1.0 + p.recognition * FULL) and is_free(world.people[row], week):
            who = whom_at(team, desk, dice, world.people[row].id)
            kept = kept_away(world.people[row], world.crews, p)
            if u < chance * likelier(world.acquaintances[row], team, who, p, week) * (1.0 - kept):
                speak_indoors(world, row, who, team[who].base, p, levers, dice, week)


@njit
def deal_with_cases(world, p, levers, dice, week):
    """Let whoever carries out a case deal with who reported it, the youth, or the adults of the family it is about."""
    for k in range(world.cases.size):
        case = world.cases[k]
        if case.state != WAITING or case.owned == 0 or week <= case.approved_week:
            continue
        who = whom_at(world.professionals, case.domain, dice, case.id)
        if who == NOBODY:
            continue
        if case.kind == FAMILY and same_family(world.households, case.about, case.about_id):
            for row in world.actors[: world.tile_index[0].actors]:
                member = world.people[row]
                if member.household == case.about and age_of(member, week) >= ADULT_FROM:
                    speak_indoors(world, row, who, case.place, p, levers, dice, week)
        elif still_here(world.people, case.reporter, case.reporter_id):
            speak_indoors(world, case.reporter, who, case.place, p, levers, dice, week)
        elif case.kind == YOUTH_AT_RISK and still_here(world.people, case.about, case.about_id):
            speak_indoors(world, case.about, who, case.place, p, levers, dice, week)
