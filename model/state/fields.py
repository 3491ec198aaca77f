"""The state of a neighbourhood: one record array for each kind of thing.

Each table below is the single place where a field gets its name, type, unit and meaning; the ODD's tables come from
it.  Levels lie in [0, 1].  Weeks count from the start of the run; whoever was born before it has a negative week of
birth.  Sums over people are kept as whole numbers of 2**-30 (`fixed`), so that the order of people cannot matter.
"""

from typing import Any, NamedTuple

import numpy as np

from ..compiled import njit
from .codes import QUARTERS

CACHE_LINE = 64  # bytes that a processor fetches at once


class Field(NamedTuple):
    """A field of a record: its name, NumPy type, unit and meaning."""

    name: str
    kind: str
    unit: str
    meaning: str


PERSON = (  # what is often asked together stands together
    Field("id", "i8", "", "identity, the same in twin worlds; never reused"),
    Field("present", "i1", "0/1", "lives here; 0 marks a free row"),
    Field("male", "i1", "0/1", "sex as registered"),
    Field("education", "i1", "0-2", "low, middle, high; of a youth: the level at school"),
    Field("stage", "i1", "0-4", "involvement: none, exposed, small favours, runner or dealer, tied in"),
    Field("next_stage", "i1", "0-4", "stage after this week's marks are applied"),
    Field("plan_domains", "i1", "count", "life domains in which a person-centred plan helps; 0 without a plan"),
    Field("mentored", "i1", "0/1", "has a mentor"),
    Field("contact", "i1", "0-4", "contact with a professional this week: none, neither good nor bad, good, bad, good indoors"),
    Field("in_public", "i1", "0/1", "spent free time in public space this week"),
    Field(
        "active",
        "i1",
        "week",
        "takes part in organised activities, for so many weeks from this one on; 0: does not",
    ),
    Field("crew", "i1", "row", "crew this person works for, or -1"),
    Field("peers", "i1", "count", "involved among friends, seen every fourth week"),
    Field("children", "i1", "count", "children born to this person here"),
    Field("story", "i1", "0-8", "what this person lived through this week and may tell; see STORY_KINDS"),
    Field("heard", "i1", "0-8", "what this person heard last week, at first hand, and may pass on"),
    Field("hears", "i1", "0-17", "what this person hears this week: twice the kind of story, and one more at first hand"),
    Field("wary", "i1", "week", "weeks in which this person still avoids professionals on the street, after paying for talk"),
    Field("victim", "i1", "0-2", "not, exploited by a crew, and known as a victim to a professional"),
    Field("convictions", "i2", "count", "convictions; an arrest brings one, unless it ends at Halt"),
    Field("household", "i2", "row", "household"),
    Field("case", "i2", "row", "open case about or by this person, or -1"),
    Field("born", "i2", "week", "week of birth"),
    Field("stage_since", "i2", "week", "week of the last change of stage"),
    Field("left_week", "i2", "week", "week in which this person last left a crew"),
    Field("detained_until", "i2", "week", "absent through detention before this week"),
    Field("seeking", "i2", "week", "looks for a dwelling here before this week, then leaves"),
    Field("plan_until", "i2", "week", "end of the person-centred plan"),
    Field("home", "i4", "cell", "where the dwelling is"),
    Field("place", "i4", "cell", "where free time was spent this week"),
    Field("conformity", "f4", "ratio", "lasting personal difference in how much the sanction of neighbours counts, mean 1"),
    Field("propensity", "f4", "ratio", "lasting personal difference in susceptibility, mean 1"),
    Field("health", "f4", "level", "health, lasting"),
    Field("trust_institutions", "f8", "level", "trust in municipality and police"),
    Field("trust_frontline", "f8", "level", "trust in the frontline workers this person knows"),
    Field("goodwill", "f8", "level", "trust in institutions that good contacts gave lately, and that fades"),
    Field("trust_neighbours", "f8", "level", "trust in neighbours"),
    Field("norm_street", "f8", "level", "tolerance of crime on the street"),
    Field("fear", "f8", "level", "fear of reprisal"),
    Field("norm_enemy", "f8", "level", "holds that a friend of the municipality is an enemy of ours"),
    Field("exposure", "f8", "level", "involved people among friends, family and company this week"),
    Field("pull", "f8", "level", "pull of criminal money"),
    Field("prospects", "f8", "level", "legal prospects as the person sees them"),
    Field("school_bond", "f8", "level", "attachment to school"),
    Field("work_bond", "f8", "level", "attachment to legal work; 0 without a job"),
    Field("debt", "f8", "level", "pressure of debts"),
    Field("norm_home", "f8", "level", "tolerance of crime at home"),
    Field("norm_school", "f8", "level", "tolerance of crime at school"),
    Field("usefulness", "f8", "level", "expected usefulness of a report"),
)

HOUSEHOLD = (
    Field("id", "i8", "", "identity of the household that lives here now"),
    Field("dwelling", "i8", "", "identity of the dwelling, lasting"),
    Field("home", "i4", "cell", "cell of the dwelling"),
    Field("size", "i2", "count", "members; 0 when the dwelling stands empty"),
    Field("adults", "i2", "count", "members of 18 and over"),
    Field("involved", "i2", "count", "members at stage 2 or higher"),
    Field("involved_kin", "i2", "count", "people at stage 2 or higher in other households of kin"),
    Field("owner", "i1", "0/1", "owns the dwelling; belongs to the dwelling"),
    Field("moving", "i1", "0-2", "stays, moves out this week, is put out this week"),
    Field("visit", "i1", "0-2", "what a worker on a case brought behind the front door this week: no visit, of use, nothing"),
    Field("rests_until", "i2", "week", "takes no initiative before this week, after the last one"),
    Field("case", "i2", "row", "open case about this household, or -1"),
    Field("member_row", "i4", "row", "one of its members, from whom the others follow; listed anew every week"),
    Field("oldest", "i4", "week", "week of birth of the oldest member"),
    Field("since", "i4", "week", "week in which the household came"),
    Field("raided", "i4", "week", "week of the last raid on a member, or on kin"),
    Field("vacancies", "i4", "count", "households that moved into this dwelling since the start"),
    Field("closed", "f8", "level", "how little gets out or in"),
    Field("network", "f8", "level", "closedness of its own, as part of a closed family: to which it returns after a shock"),
    Field("poverty", "f8", "level", "pressure of poverty and debt"),
    Field("unsettled", "f8", "ratio", "moving of settled households above what is usual; belongs to the neighbourhood"),
    Field("held", "i1", "0/1", "an adult member is in detention, seen every fourth week"),
    Field("means", "f8", "level", "firmest bond with work of its adults, seen every fourth week"),
    Field("ties", "f8", "level", "most trust in neighbours of its adults, seen every fourth week"),
    Field("rooted", "f8", "level", "how many of the neighbours it has had the time to get to know, seen every fourth week"),
    Field("trauma", "f8", "level", "shock after a raid"),
    Field("felt", "f8", "level", "how much of the last raid on a member, or on kin, it felt"),
    Field("aftercare", "f8", "level", "hold that help after the last raid has; less the later it came"),
)

PLACE = (  # what people's rules ask of a home comes first, in one cache line
    Field("kind", "i1", "0-8", "home, street, square, school, shop, centre, station, hidden spot, green"),
    Field("quarter", "i1", "0-3", "north-west, north-east, south-west, south-east"),
    Field("dwellings", "i2", "count", "dwellings in this cell"),
    Field("tile", "i4", "row", "tile of 50 x 50 cells"),
    Field("usual_square", "i4", "cell", "square or playground where people from here go"),
    Field("usual_shop", "i4", "cell", "shop where people from here go"),
    Field("usual_centre", "i4", "cell", "community centre where people from here go"),
    Field("near_hidden", "i4", "cell", "nearest hidden spot"),
    Field("near_school", "i4", "cell", "nearest school: that of the pupils who live here"),
    Field("pupils", "i4", "count", "pupils of this school, seen every fourth week"),
    Field("fear", "f8", "level", "mean fear of the people who live around"),
    Field("trust", "f8", "level", "mean trust in institutions of the people who live around"),
    Field("crime_hold", "f8", "level", "crime's hold on this place"),
    Field(
        "perceived_disorder",
        "f8",
        "level",
        "disorder as residents meet it: mean of usual square and shop and nearest hidden spot",
    ),
    Field("presence", "f8", "hour/week", "professionals seen here lately"),
    Field("expected_presence", "f8", "hour/week", "presence that offenders have come to expect here"),
    Field("contact_quality", "f8", "level", "quality of a contact with the professionals here this week"),
    Field("enforcement", "f8", "level", "share of presence that enforces"),
    Field("deterrence", "f8", "level", "deterrence after a raid or arrest nearby"),
    Field("informal_control", "f8", "level", "collective efficacy exercised here"),
    Field("concealment", "f8", "level", "physical shelter for crime"),
    Field("criminal_opportunity", "f8", "level", "room for crime"),
    Field("disorder", "f8", "level", "recent nuisance and crime"),
    Field("legal_opportunity", "f8", "level", "school, jobs, activities within reach"),
    Field("efficacy_gap", "f8", "level", "room that lack of collective efficacy around leaves to crime"),
    Field("welfare", "f8", "difference", "legal opportunity here above or below an average neighbourhood, from its figures"),
    Field("norm", "f8", "level", "share around who hold the friend-enemy norm"),
    Field("cohesion", "f8", "level", "mean trust in neighbours of the people who live around"),
    Field("pupil_norms", "i8", "2**-30", "street tolerance of crime of the pupils of this school, summed"),
)

CELL_WEEK = (  # what happens in a place this week; emptied every week
    Field("youths", "i4", "count", "youths who spend their free time here"),
    Field("adults", "i4", "count", "adults who spend their free time here"),
    Field("involved", "i4", "count", "people at stage 2 or higher who spend their free time here"),
    Field("visible", "i4", "count", "nuisance and crime that whoever is around can see"),
    Field("harmed", "i4", "count", "offences against people or their things"),
    Field("noticeable", "f4", "probability", "somebody around notices what went wrong, where something did"),
    Field("visit", "i4", "row", "first of the visits that professionals paid here, counted from 1; 0 where there were none"),
    Field("cleared", "i2", "count", "cases about this place that were solved"),
    Field("shaken", "i2", "0-2", "near a home that was raided this week: no, justly, harshly"),
    Field("control", "i8", "2**-30", "readiness of adults to step in, summed"),
    Field("hours", "i8", "2**-30", "hours of presence"),
    Field("quality", "i8", "2**-30", "hours times quality of contact"),
    Field("force", "i8", "2**-30", "hours of enforcement"),
)

SIGHT = (  # what can be seen of talk and promises from a place this week; empty but while a rule looks
    Field("broken", "i1", "0/1", "within sight of a promise that was broken"),
    Field(
        "talk",
        "i2",
        "count",
        "within sight: who talk, and homes of whom a report leaked out, and do not pay for it",
    ),
    Field("own", "i2", "count", "of these, by somebody who holds the friend-enemy norm"),
    Field("punished", "i2", "count", "within knowledge: who do pay for that"),
    Field(
        "holders",
        "i2",
        "count",
        "holders of the friend-enemy norm here, or at a window here, where talk is within sight",
    ),
    Field("holder", "i2", "row", "of them, who acts first"),
    Field("story", "i1", "0-8", "what became of a promise in this very place; see STORY_KINDS"),
    Field("kept", "i8", "2**-30", "what the promised action that was done within sight is worth to people who see it"),
)

CELL_RESIDENTS = (  # who lives in a cell; counted anew every fourth week
    Field("residents", "i4", "count", "adults"),
    Field("norm", "i4", "count", "of them, holders of the friend-enemy norm"),
    Field("trust", "i8", "2**-30", "their trust in institutions, summed"),
    Field("cohesion", "i8", "2**-30", "their trust in neighbours, summed"),
    Field("fear", "i8", "2**-30", "their fear, summed"),
)

PATCH = (  # the part of a tile that lies in one quarter
    Field("quarter", "i1", "0-3", "quarter"),
    Field("public", "i4", "count", "public places"),
    Field("residents", "i8", "count", "inhabitants"),
    Field("children", "i8", "count", "inhabitants of 8-14"),
    Field("youths", "i8", "count", "inhabitants of 12-23"),
    Field("mentored", "i8", "count", "youths with a mentor"),
    Field("at_risk", "i8", "count", "youths who could use a mentor and have none"),
    Field("planned", "i8", "count", "people with a person-centred plan"),
    Field("eligible", "i8", "count", "people who could use a plan and have none"),
    Field("solved", "i8", "count", "cases about nuisance and crime solved since the crews last felt it"),
    Field("adults", "i8", "count", "inhabitants of 18 and over"),
    Field("trust", "i8", "2**-30", "their trust in institutions, summed"),
    Field("rooted", "i8", "2**-30", "how rooted their households are here, summed"),
    Field("registered", "i8", "count", "crimes that came into the books since attention was last paid"),
    Field("usual_crime", "f8", "crimes/week per 1,000", "registered crime that people here have got used to"),
    Field("attention", "f8", "level", "attention of press, council and police"),
    Field("crew_power", "f8", "level", "means and reach of the crews of this tile"),
    Field("awareness", "f8", "level", "mean awareness of undermining among the professionals of this tile"),
)

DESK = (  # where cases of one tile and domain lie
    Field("hours", "f8", "hour/week", "hours for cases"),
    Field("extra", "f8", "hour/week", "hours that a frontline team adds"),
    Field("asked", "f8", "hour/week", "hours asked by cases that wait at this desk"),
    Field("busy", "f8", "hour/week", "hours asked by cases that its people carry out or hand over"),
    Field("fit", "f8", "level", "how well its people see what fits"),
    Field("through", "f8", "level", "how well its people get things through"),
    Field(
        "quickness",
        "f8",
        "difference",
        "how much quicker or slower (below 0) than usual its people bring a case to its end, as a share",
    ),
    Field("tie", "f8", "level", "how well its people know those of the other domain"),
    Field("energy", "f8", "level", "mean energy of its people"),
    Field("joint", "i8", "count", "cases solved this week in which both domains had a hand"),
)

PROFESSIONAL = (
    Field("id", "i8", "", "identity"),
    Field("organisation", "i1", "0-8", "police, enforcement (BOA), youth work, welfare, school, housing, care, ..."),
    Field("domain", "i1", "0/1", "safety, social"),
    Field("present", "i1", "0/1", "somebody fills this post"),
    Field("kind", "i1", "0-2", "post of an organisation, of a programme for contact, of one for enforcement"),
    Field("base", "i4", "cell", "base; of the posts of a programme also the beat: the quarter around it"),
    Field("place", "i4", "cell", "where most hours of the week were spent"),
    Field("nth", "i4", "count", "how many had this post before"),
    Field("filled", "i4", "week", "week from which somebody fills a vacancy"),
    Field("since", "i4", "week", "week in which this professional came to this neighbourhood"),
    Field("hours", "f8", "hour/week", "hours of the post; 0 where there is no such post"),
    Field("street_hours", "f8", "hour/week", "hours on the street this week"),
    Field("case_hours", "f8", "hour/week", "hours for cases this week"),
    Field("skill", "f8", "level", "street skill"),
    Field("courage", "f8", "level", "courage to make contact and act"),
    Field("situational", "f8", "level", "balance institutional (0) - situational (1)"),
    Field("cultural", "f8", "level", "balance instrumental (0) - cultural (1)"),
    Field("mandate", "f8", "level", "mandate to get things done"),
    Field("backing", "f8", "level", "backing by managers and administrators"),
    Field("awareness", "f8", "level", "awareness of undermining crime"),
    Field("workload", "f8", "ratio", "work asked over work possible, lately"),
    Field("energy", "f8", "level", "energy; low is burnt out"),
    Field("quality", "f8", "level", "quality of a contact with this professional this week"),
    Field("promises", "i4", "count", "small visible actions promised and not yet done"),
)

PROMISE = (  # a small visible action that is promised, or was done in the last four weeks
    Field("id", "i8", "", "identity, from patch, week and which of the week it is"),
    Field("by", "i4", "row", "professional who promised it"),
    Field("asker", "i8", "", "identity of the household that asked for it, or -1 where a professional spotted it"),
    Field("by_id", "i8", "", "their identity; when somebody else has come in that row, nobody will do it"),
    Field("place", "i4", "cell", "where"),
    Field("due", "i4", "week", "when it was promised to be done"),
    Field("done", "i4", "week", "when it was done"),
)

VISIT = (  # of one professional to one place this week; listed anew every week
    Field("who", "i4", "row", "professional"),
    Field("place", "i4", "cell", "where"),
    Field("next", "i4", "row", "next of the visits to this place, counted from 1; 0 for the last"),
    Field("hours", "f8", "hour", "time spent here"),
    Field("contacts", "f8", "count", "people whom this professional could speak to in that time"),
    Field("quality", "f8", "hour", "hours times quality of contact"),
    Field("force", "f8", "hour", "hours of enforcement"),
    Field("turnout", "i8", "2**-30", "people here, each counted the more the better they know this professional, summed"),
)

CASE = (
    Field("id", "i8", "", "identity"),
    Field("state", "i1", "0-4", "free row, open, done and told, explained no, silence"),
    Field("kind", "i1", "0-3", "nuisance, crime, youth at risk, family"),
    Field("needs", "i1", "0/1", "domain that can solve it"),
    Field("domain", "i1", "0/1", "domain where it lies"),
    Field("handoffs", "i2", "count", "times handed over"),
    Field("owned", "i1", "0/1", "somebody has taken it up"),
    Field("place", "i4", "cell", "where"),
    Field("opened", "i4", "week", "week of the signal or report"),
    Field("approved_week", "i4", "week", "week in which the board lets the plan of its owner go ahead"),
    Field("ready", "i4", "week", "earliest week for the next step"),
    Field("false_alarm", "i1", "0/1", "a signal about a youth who was not at risk"),
    Field("about", "i4", "row", "person it is about, or of a case about a family the household, or -1"),
    Field("about_id", "i8", "", "their identity"),
    Field("reporter", "i4", "row", "resident who reported, or -1 for a professional's signal"),
    Field("reporter_id", "i8", "", "their identity"),
)

CREW = (
    Field("id", "i8", "", "identity"),
    Field("present", "i1", "0/1", "active here"),
    Field("turf", "i4", "cell", "home turf"),
    Field("members", "i4", "count", "people at stage 2 or higher who work for it"),
    Field("core", "i4", "count", "of them, tied in"),
    Field("since", "i4", "week", "week in which it came up"),
    Field("strength", "f8", "level", "means and reach"),
    Field("pressure", "f8", "level", "pressure from enforcement lately"),
    Field("vacancies", "f8", "count", "roles that nobody fills"),
    Field("load", "f8", "ratio", "work for each member at large; above 1 they also do that of those who are gone"),
)

KIN = (  # of a person; an identity may be that of somebody who left or died, and -1 of somebody never known here
    Field("mother", "i8", "", "identity of the mother"),
    Field("father", "i8", "", "identity of the father"),
    Field("partner", "i8", "", "identity of the partner"),
    Field("mother_row", "i2", "row", "the mother; another identity in that row is not her"),
    Field("father_row", "i2", "row", "the father"),
    Field("partner_row", "i2", "row", "the partner"),
    Field("bore", "i2", "week", "week in which this person last became a mother, as far as it is known here"),
)

RELATIVE = (
    Field("household", "i4", "row", "a household of kin, or -1"),
    Field("id", "i8", "", "its identity; another one in that dwelling is no kin"),
)

ACQUAINTANCE = (  # of a person with a professional; another one in that post is somebody else
    Field("post", "i2", "row", "post of the professional"),
    Field("nth", "i2", "count", "how many had that post before"),
    Field("seen", "i2", "week", "week of the last good contact"),
    Field("level", "f4", "level", "how well this person knew the professional then; 0 for nobody"),
)

FRIEND = (
    Field("row", "i4", "row", "the other person"),
    Field("until", "i4", "week", "nobody takes this place before this week, since a friend turned away"),
    Field("id", "i8", "", "their identity; another one in that row is no friend"),
)

OFFENCE = (  # what was done this week; listed anew every week
    Field("id", "i8", "", "identity, from that of the offender and which of the week it is"),
    Field("who", "i4", "row", "offender"),
    Field("place", "i4", "cell", "where, or -1 outside the neighbourhood"),
    Field("kind", "i1", "0-3", "nuisance, violence and vandalism, dealing, elsewhere"),
    Field("visible", "i1", "0/1", "whoever is around can see it"),
    Field("registered", "i1", "0/1", "in the books of the police"),
)

EVENT = (
    Field("week", "i4", "week", "when"),
    Field("kind", "i1", "0-42", "what; see EVENT_KINDS"),
    Field(
        "who",
        "i8",
        "",
        "identity of whom it concerns: a person, or a household in what happens to all of it; -1 where it is a place alone",
    ),
    Field("place", "i4", "cell", "where"),
    Field(
        "value",
        "i4",
        "",
        "stage, case kind, outcome, channel, weeks, manner of a raid, 1 where a visit or an initiative was of use, where a "
        "dialogue is (home 1, school 2, street 4, added up), organisation or post of a professional, as the kind asks",
    ),
    Field(
        "whom",
        "i8",
        "",
        "identity of the other side: who makes an offer, the case, the worker, the household raided; or -1",
    ),
)

TILE_INDEX = (  # the few numbers of a tile, and where its rows are in the tables of the whole grid
    Field("tile", "i8", "row", "tile"),
    Field("tiles", "i8", "count", "tiles of 50 x 50 cells in the grid"),
    Field("width", "i8", "cell", "columns of the grid"),
    Field("height", "i8", "cell", "rows of the grid"),
    Field("corner", "i8", "cell", "north-western cell of the tile"),
    Field("first_person", "i8", "row", "where its people begin in the table of all tiles"),
    Field("persons", "i8", "row", "rows for people, free ones included"),
    Field("first_household", "i8", "row", "where its households begin"),
    Field("households", "i8", "row", "households"),
    Field("first_case", "i8", "row", "where its cases begin"),
    Field("cases", "i8", "row", "rows for cases, free ones included"),
    Field("first_used", "i8", "row", "where its used cells begin"),
    Field("used", "i8", "cell", "cells where people live or meet"),
    Field("people_free", "i8", "count", "free rows for people"),
    Field("cases_free", "i8", "count", "free rows for cases"),
    Field("actors", "i8", "count", "inhabitants of eight and over"),
    Field("youths", "i8", "count", "of them, of 8-23: they stand first in the list"),
    Field("young", "i8", "count", "of 8-39: youths, then those of 24-39"),
    Field("outgoing", "i8", "count", "those who spend free time in public space this week"),
    Field("at_stake", "i8", "count", "of them, those who may slide, be helped, leave or be arrested"),
    Field("offences", "i8", "count", "offences this week"),
    Field("visits", "i8", "count", "visits of professionals to places this week"),
    Field("promises", "i8", "count", "promises that are open, or were done in the last four weeks"),
    Field("people", "i8", "count", "inhabitants now"),
    Field("outbox", "i8", "count", "those who left and look for a dwelling on another tile, from the next quarter on"),
    Field("inbox", "i8", "count", "those who left another tile and look for a dwelling here this quarter, or found one"),
    Field("hands", "f8", "per 1,000", "hands that the crews here lack, per 1,000 inhabitants"),
    Field("began", "i8", "week", "weeks of the calendar year that had passed when the run began"),
    Field("own_decisions", "i8", "", "decisions that methods of agents make, as bits; 0 where rules decide alone"),
    Field("asks", "i8", "", "address of the function that asks agents, while a week passes; 0 else"),
    Field("maturity", "f8", "level", "how well the professionals here work as one team"),
    Field("unteamed", "f8", "level", "the same where they do not work as a team"),
    Field("disadvantage", "f8", "sd", "poverty, lack of work and of education around, against Dutch neighbourhoods"),
    Field("instability", "f8", "sd", "rented dwellings and ages of moving, against Dutch neighbourhoods"),
    Field("urbanity", "f8", "sd", "logarithm of address density, against Dutch neighbourhoods"),
    Field("fertility", "f8", "1/year", "births to a woman at the age of most births that keep the age pyramid"),
)

TOTAL = (  # sums over all tiles of which the records make the levels of a week; emptied every week
    *(Field(name, "i8", "count", meaning) for name, meaning in (
        ("people", "inhabitants"), ("adults", "of 18 and over"), ("youths", "of 8-23"), ("stage_1", "youths at stage 1"),
        ("stage_2", "youths at stage 2"), ("stage_3", "youths at stage 3"), ("stage_4", "youths at stage 4"),
        ("involved_youths", "of 8-23, at stage 2 or higher"), ("involved_adults", "of 24 and over, at stage 2 or higher"),
        ("at_risk", "youths at stage 1 or higher"), ("known_at_risk", "of them, known to professionals"),
        ("known_involved", "at stage 2 or higher, of any age, with a record"),
        ("norm_enemy", "adults who hold the friend-enemy norm"),
        ("unsafe", "adults who feel unsafe"), ("asked", "adults in this year's survey"),
        ("asked_unsafe", "of them, who feel unsafe"), ("looks", "1 where families are counted this week"),
        ("youths_family", "youths below stage 2 with an involved housemate"),
        ("involved_kin", "involved youths with an involved housemate"),
        ("closed_families", "households in a closed family"), ("lived_in", "dwellings that are lived in"),
        ("related", "of them, with kin in another one"), ("homes", "places where people live"),
        ("others", "places where people meet"), ("squares", "squares and playgrounds"),
        ("guarded", "of them, with efficacy above the threshold"), ("staff", "professionals who fill a post"),
        ("desks", "desks"), ("tiles", "tiles"), ("patches", "patches with public places"),
        *((f"adults_{quarter.replace('-', '_')}", f"adults, {quarter}, every fourth week") for quarter in QUARTERS),
    )),
    *(Field(name, "i8", "2**-30", f"{name.replace('_', ' ')}, summed over {over}") for over, names in (
        ("adults", ("trust_institutions", "trust_frontline", "trust_neighbours", "usefulness", "fear", "debt", "trust_squared")),
        ("adults in the survey", ("asked_trust", "asked_cohesion")),
        ("youths", ("prospects", "pull", "norm_street", "norm_discord")), ("closed families", ("closedness",)),
        ("places where people live", ("crime_hold", "legal_opportunity")),
        ("places where people meet", ("disorder", "criminal_opportunity", "informal_control")),
        ("all places", ("presence",)), ("desks", ("ties",)), ("tiles", ("maturity",)),
        ("patches with public places", ("attention",)),
        ("professionals", ("skill", "energy", "workload", "situational", "cultural")),
        ("adults", tuple(f"trust_{quarter.replace('-', '_')}" for quarter in QUARTERS)),
    ) for name in names),
)  # fmt: skip

NEWCOMER_LEVELS = (  # what is usual by the figures of the area: here at the start, and where newcomers come from
    Field("trust", "f8", "level", "mean trust in institutions"),
    Field("cohesion", "f8", "level", "mean trust in neighbours"),
    Field("norm", "f8", "level", "share who hold the friend-enemy norm"),
    Field("fear", "f8", "level", "mean fear of reprisal"),
    Field("crime_hold", "f8", "level", "mean hold of crime where people live"),
    Field("frontline", "f8", "ratio", "trust in the frontline against trust in institutions"),
    Field("usefulness", "f8", "level", "mean expected usefulness of a report"),
    Field("prospects", "f8", "level", "mean legal prospects"),
    Field("debts", "f8", "ratio", "debts by poverty at home"),
    Field("pull_hold", "f8", "ratio", "pull by crime's hold where people live"),
    Field("pull_debt", "f8", "ratio", "pull by debts"),
    Field("bond_floor", "f8", "level", "bond with school without prospects"),
    Field("bond_hope", "f8", "ratio", "bond with school by prospects"),
    Field("street_floor", "f8", "level", "street norm with nothing for or against"),
    Field("street_hold", "f8", "ratio", "street norm by crime's hold"),
    Field("home_floor", "f8", "level", "home norm without an involved member"),
    Field("closed", "f8", "share", "households that belong to a closed family"),
    Field("youths", "f8", "share", "youths of 10-23 at stage 1 or higher"),
    Field("adults", "f8", "share", "adults of 24-59 in the local illegal economy"),
    Field("adults_closed", "f8", "share", "the same of closed families"),
    Field("core", "f8", "share", "tied in, of the adults in the local illegal economy"),
)


def dtype(fields: tuple[Field, ...]) -> np.dtype:
    """Return the NumPy record type of a table of fields; long records fill whole cache lines."""
    kind = np.dtype([(field.name, field.kind) for field in fields], align=True)
    if kind.itemsize <= CACHE_LINE:
        return kind
    place_of: Any = kind.fields
    offsets = [place_of[field.name][1] for field in fields]
    size = -(-kind.itemsize // CACHE_LINE) * CACHE_LINE
    formats = [field.kind for field in fields]
    layout: Any = {"names": kind.names, "formats": formats, "offsets": offsets, "itemsize": size, "aligned": True}
    return np.dtype(layout)


TABLES = {
    "person": PERSON, "household": HOUSEHOLD, "place": PLACE, "cell_week": CELL_WEEK, "sight": SIGHT,
    "cell_residents": CELL_RESIDENTS,
    "patch": PATCH, "desk": DESK, "professional": PROFESSIONAL,
    "visit": VISIT, "case": CASE, "offence": OFFENCE, "promise": PROMISE, "crew": CREW, "friend": FRIEND,
    "acquaintance": ACQUAINTANCE, "kin": KIN, "relative": RELATIVE,
    "event": EVENT, "tile_index": TILE_INDEX, "total": TOTAL, "newcomer_levels": NEWCOMER_LEVELS,
}  # fmt: skip
RENAMED = {  # fields, by table
    "person": {"outside": "in_public", "record": "convictions"},
    "place": {
        "attachment": "crime_hold",
        "habit": "expected_presence",
        "shelter": "concealment",
        "slack": "efficacy_gap",
        "unease": "perceived_disorder",
    },
}
DTYPES = {name: dtype(fields) for name, fields in TABLES.items()}


@njit
def fixed(level):
    """Return a number as a whole number of 2**-30: sums of these do not depend on their order."""
    return int(level * 1073741824.0)


@njit
def unfixed(total):
    """Return the number that a whole number of 2**-30 stands for."""
    return total / 1073741824.0


@njit
def clip(level):
    """Return the nearest number in [0, 1]."""
    return min(max(level, 0.0), 1.0)
