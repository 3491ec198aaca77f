"""Hiring: organisations and programmes have posts, and people fill them.

Every organisation has posts in proportion to the population: persons are rounded up, hours are not, so a community
police officer who serves 5,000 people is here for part of the week.  A programme adds posts for as long as it runs, as
many as its hours ask for, each with a beat.  A vacancy stays open for weeks.  A successor starts from nothing: with
skill, courage, awareness and a view of the work (the four logics) of their own, and unknown to all; some programmes
hire experienced people for their own posts, who lack less skill and courage.  When a programme ends, or gets fewer
hours, its last posts close and the people in them leave.

How somebody looks at the work moves.  Institutional and situational logic compete for one attention, and so do
instrumental and cultural.  The home organisation pulls each towards its expectation, less so where managers back those
who depart from it; while press and council ask for grip it expects more of rules and results.  Training on the job, and
reflection in a mature team, bring both into balance.

    posts of an organisation = full-time jobs for these residents, rounded up;  they share its hours evenly
    posts of a programme     = hours asked / full_time, rounded up;  a post closes only when one and a half too many are open
    weeks until it is filled = vacancy * (0.5 to 1.5);  of a programme for contact times `hiring_time`, at hot spots 0
    a logic += pull * (1.5 - backing) * (expected * (1 - grip * attention) - logic) + taught * (training + teamed * maturity) * (1/2 - logic)

Sources: p49, p51; the field reports (M39, M47, M50, M73, M75-M80, M85-M88); loops R11, R13.
"""

import math
from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, choose, identity, key, uniform
from ..quantity import Lever, Quantity
from ..shared.events import log
from ..shared.newcomers import SPREAD, around
from ..shared.posts import READS as POST_READS
from ..shared.posts import WRITES as POST_WRITES
from ..shared.posts import all_asked, hours_asked, leave, where_asked
from ..shared.public_places import QUARTERS_OF_A_TILE, somewhere
from ..state.codes import CONTACT, DOMAIN_OF, ENFORCEMENT, HIRED, HOT_SPOT, NEVER, PERMANENT, POLICE, SAFETY, WELFARE, YOUTH_WORK
from .workforce import facilities

CONTRACT = 36.0  # hours a week of a full-time job
FRESH = 0.9  # energy of a newcomer
OCCASIONS = 32  # draws for whoever has a post, one after the other
SKILL, COURAGE, SITUATIONAL, CULTURAL, AWARENESS, BASE, SINCE, WHO = 1, 3, 5, 7, 9, 11, 13, 31  # of these: a difference takes two
SPARE = 1.5  # posts that may stay open beyond what is asked, so that they do not come and go with every birth
TENURE = 104.0  # weeks, at most, for which those who are there at the start have been
UNBACKED = 1.5  # pull of their own organisation at no backing, against half (as for leaving, in `workforce`)
BALANCE = 0.5  # as much of a logic as of the one that it competes with
GRIP = 0.3  # situational and cultural logic that an organisation expects less of at full attention of press and council (M50, M77, M79 as direction; assumed size)
PULL = 0.006  # pace at which one's own organisation, at half backing, pulls somebody towards the logics that it expects (1/week; assumed: half of the way in about two years (M75))
TAUGHT = 0.01  # pace at which full training on the job brings logics into balance, and what a fully mature team thinks over (1/week; assumed (M76, M85, M87))


class Parameters(NamedTuple):
    """Numbers of hiring."""

    # fmt: off
    fte_police: Annotated[float, Quantity(0.25, 0.125, 0.4, "fte per 1,000", "p51: 1 per 5,000, and others in the area", "police, and as much municipal enforcement (BOA)")]
    fte_youth: Annotated[float, Quantity(0.4, 0.2, 0.8, "fte per 1,000", "assumed", "youth work")]
    fte_welfare: Annotated[float, Quantity(0.8, 0.4, 1.5, "fte per 1,000", "assumed", "neighbourhood (care) team")]
    fte_other: Annotated[float, Quantity(0.3, 0.1, 0.6, "fte per 1,000", "assumed", "each of school care, housing, care and municipality")]
    full_time: Annotated[float, Quantity(27.0, 23.0, 30.0, "hour/week", "assumed: 1,400 hours a year, net of leave, training and travel", "hours of a programme that one person makes", "fixed")]
    vacancy: Annotated[float, Quantity(8.0, 2.0, 20.0, "week", "assumed", "time until a vacancy is filled")]
    skill: Annotated[float, Quantity(0.4, 0.3, 0.6, "level", "M47: lack of good training; assumed", "street skill of a newcomer")]
    picked: Annotated[float, Quantity(0.4, 0.1, 0.7, "ratio", "assumed (M88)", "lack of skill and courage of a newcomer that choosing the right people, or hiring for experience, takes away")]
    courage: Annotated[float, Quantity(0.5, 0.3, 0.7, "level", "M39; assumed", "courage to make contact")]
    backing: Annotated[float, Quantity(0.5, 0.3, 0.7, "level", "M86; assumed", "backing by managers")]
    situational_safety: Annotated[float, Quantity(0.35, 0.2, 0.7, "level", "assumed (M75-M78)", "situational against institutional logic in the safety domain")]
    situational_social: Annotated[float, Quantity(0.5, 0.3, 0.8, "level", "assumed (M75-M78)", "the same in the social domain")]
    cultural_safety: Annotated[float, Quantity(0.35, 0.2, 0.7, "level", "assumed (M75, M79, M80)", "cultural against instrumental logic in the safety domain")]
    cultural_social: Annotated[float, Quantity(0.5, 0.3, 0.8, "level", "assumed (M75, M79, M80)", "the same in the social domain")]
    mandate: Annotated[float, Quantity(0.3, 0.1, 0.5, "level", "M63; assumed", "mandate")]
    awareness: Annotated[float, Quantity(0.35, 0.15, 0.6, "level", "half of 1,637 professionals saw some exploitation (CKM 2022)", "awareness of undermining")]
    # fmt: on


READS = (
    *POST_READS, "professional.hours", "professional.filled", "professional.domain", "tile_index.tile", "tile_index.people",
    "public", "place.quarter", "professional.situational", "professional.cultural", "professional.backing", "tile_index.maturity", "patch.attention",
)  # fmt: skip
WRITES = (
    *POST_WRITES, *(f"professional.{name}" for name in (
        "id", "domain", "hours", "base", "place", "since", "skill", "courage", "situational", "cultural", "mandate", "backing",
        "awareness", "workload", "energy",
    )),
)  # fmt: skip
LEVERS = {
    "experienced_hours": Lever(
        0.0,
        0.0,
        400.0,
        "hour/week per 1,000 residents",
        "of the hours on the street for contact, those of people hired for their experience",
    ),
    "hiring_time": Lever(
        1.0, 0.0, 4.0, "ratio", "weeks until a post of a programme for contact is filled, against what is usual; 0: lent"
    ),
}
COUNTS: dict = {}
MECHANISMS = ("M39", "M47", "M50", "M73", "M75", "M76", "M85", "M86", "M87", "M88")


@njit
def fte_of(organisation, p):
    """Return the staff of one organisation, fte per 1,000 residents."""
    if organisation in (POLICE, ENFORCEMENT):
        return p.fte_police
    if organisation == YOUTH_WORK:
        return p.fte_youth
    if organisation == WELFARE:
        return p.fte_welfare
    return p.fte_other


@njit
def hiring(world, p, levers, seed, week):
    """Open and close posts, and fill vacancies; at the start everybody is there already."""
    dice = key(seed, Draw.STAFF, 0)
    if week == 0:
        found(world.professionals, world.tile_index[0].people / 1000.0, p)
    run_programme(world, p, levers, CONTACT)
    run_programme(world, p, levers, HOT_SPOT)
    done, nth = facilities(world.patches, levers), 0
    for i in range(world.professionals.size):
        post = world.professionals[i]
        if post.hours <= 0.0 and post.present == 1:
            leave(world, i, week)
        elif post.present == 1:
            look_anew(post, done, world.tile_index[0].maturity, p)
        elif post.hours > 0.0 and post.present == 0:
            number = world.tile_index[0].tile * world.professionals.size + i
            lever = levers[world.places[post.base].quarter]
            if is_filled(post, number, time_of(post, lever), p, dice, week):
                own = post.kind == CONTACT and asks_experience(world.patches, levers, nth, post.hours)
                begin(world, post, number, 1.0 if own else done.selection, p, dice, week)
        nth += 1 if post.kind == CONTACT else 0


@njit
def expected(domain, p):
    """Return the situational and the cultural logic that the organisations of a domain expect of their people."""
    if domain == SAFETY:
        return p.situational_safety, p.cultural_safety
    return p.situational_social, p.cultural_social


@njit
def look_anew(professional, done, maturity, p):
    """Let their own organisation, training and a team so mature move how somebody looks at the work."""
    situational, cultural = expected(professional.domain, p)
    backed = professional.backing + (1.0 - professional.backing) * done.backing
    pulled = PULL * (UNBACKED - backed)
    taught = TAUGHT * (done.training + done.teamed * maturity)
    usual = 1.0 - GRIP * done.attention
    professional.situational += pulled * (usual * situational - professional.situational) + taught * (
        BALANCE - professional.situational
    )
    professional.cultural += pulled * (usual * cultural - professional.cultural) + taught * (BALANCE - professional.cultural)


@njit
def experienced(patches, levers, hours):
    """Return how many of the first so many hours that are asked for contact, patch after patch, ask for people of experience."""
    total = 0.0
    for j in range(patches.size):
        lever = levers[patches[j].quarter]
        used = min(hours_asked(patches[j], lever, CONTACT), hours)
        hours -= used
        if used > 0.0:
            total += used * min(lever.experienced_hours / lever.presence_hours, 1.0)
    return total


@njit
def asks_experience(patches, levers, nth, hours):
    """Return whether the nth post for contact (from 0, of so many hours each) is one of those that ask for people of experience."""
    before, after = experienced(patches, levers, nth * hours) / hours, experienced(patches, levers, (nth + 1) * hours) / hours
    return int(after + 0.5) > int(before + 0.5)


@njit
def found(team, thousands, p):
    """Give every organisation its posts for so many thousands of residents."""
    for i in range(team.size):
        post, before, rows = team[i], 0, 0
        post.domain = DOMAIN_OF[post.organisation]
        post.filled = NEVER
        if post.kind == PERMANENT:
            for j in range(team.size):
                if team[j].kind == PERMANENT and team[j].organisation == post.organisation:
                    rows += 1
                    before += 1 if j < i else 0
            jobs = fte_of(post.organisation, p) * thousands
            persons = min(max(math.ceil(jobs), 1), rows)
            post.hours = CONTRACT * jobs / persons if before < persons else 0.0


@njit
def needed(asked, there, p):
    """Return how many posts a programme has from now on, which asks for so many hours and has so many posts."""
    jobs = asked / p.full_time
    return there if there - SPARE < jobs <= there and jobs > 0.0 else math.ceil(jobs)


@njit
def run_programme(world, p, levers, kind):
    """Open or close the posts of the programmes of one kind, and divide their hours over them."""
    team, asked = world.professionals, all_asked(world.patches, levers, kind)
    rows = there = nth = 0
    for i in range(team.size):
        if team[i].kind == kind:
            rows += 1
            there += 1 if team[i].hours > 0.0 else 0
    if asked <= 0.0 and there == 0:
        return
    posts = min(needed(asked, there, p), rows)
    for i in range(team.size):
        post = team[i]
        if post.kind == kind:
            if nth < posts and post.hours <= 0.0:
                beat = where_asked(world.patches, levers, kind, (nth + 0.5) / posts * asked)
                post.base = world.public[beat, 0]
                post.place = post.base
            post.hours = asked / posts if nth < posts else 0.0
            nth += 1


@njit
def time_of(post, lever):
    """Return how long a vacancy in this post takes against what is usual: police and BOAs for hot spots are lent at once."""
    if post.kind == PERMANENT:
        return 1.0
    return lever.hiring_time if post.kind == CONTACT else 0.0


@njit
def is_filled(post, number, time, p, dice, week):
    """Return whether a vacancy is filled this week; when it has just fallen vacant the lot says how long it takes."""
    if post.filled == NEVER:
        wait = p.vacancy * time * (0.5 + uniform(dice, number, post.nth * OCCASIONS))
        post.filled = week + (int(wait) if week > 0 else 0)
    return post.filled <= week


@njit
def begin(world, post, number, selection, p, dice, week):
    """Let somebody begin in a post: who they are depends on the post and on how many had it before, and on nothing else."""
    first = post.nth * OCCASIONS
    situational, cultural = expected(post.domain, p)
    spared = p.picked * selection
    skill = around(p.skill, dice, number, first + SKILL, SPREAD)
    courage = around(p.courage, dice, number, first + COURAGE, SPREAD)
    post.id = identity(dice, number, first + WHO)
    post.present = 1
    post.since = week if week > 0 else -int(TENURE * uniform(dice, number, first + SINCE))
    post.skill = skill + spared * (1.0 - skill)
    post.courage = courage + spared * (1.0 - courage)
    post.situational = around(situational, dice, number, first + SITUATIONAL, SPREAD)
    post.cultural = around(cultural, dice, number, first + CULTURAL, SPREAD)
    post.awareness = around(p.awareness, dice, number, first + AWARENESS, SPREAD)
    post.mandate = p.mandate
    post.backing = p.backing
    post.workload = 1.0
    post.energy = FRESH
    if post.kind == PERMANENT:
        post.base = world.public[somewhere(world.patches, choose(QUARTERS_OF_A_TILE, dice, number, first + BASE)), 0]
        post.place = post.base
    if week > 0:
        log(world.events, week, HIRED, post.id, post.base, post.organisation)
