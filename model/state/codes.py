"""Codes: what the small numbers in records stand for, and a few numbers that many files share."""

import numpy as np

FRIENDS = 4  # ties a person keeps in mind
WORKERS = 3  # professionals whom a person knows
RELATIVES = 4  # households of kin that a household is linked with
NOBODY = -1
NEVER = -10_000

# kinds of place
HOME, STREET, SQUARE, SCHOOL, SHOP, CENTRE, STATION, HIDDEN, GREEN = range(9)
PLACE_KINDS = ("home", "street", "square", "school", "shop", "centre", "station", "hidden", "green")
QUARTERS = ("north-west", "north-east", "south-west", "south-east")

# stages of involvement
NONE, EXPOSED, FAVOURS, RUNNER, TIED_IN = range(5)
STAGES = ("none", "exposed", "small favours", "runner or dealer", "tied in")

# what a youth who works for a crew may be
EXPLOITED, KNOWN = 1, 2

# organisations and the domain each works in
ORGANISATIONS = (
    "police", "enforcement", "youth work", "welfare", "school", "housing", "care", "municipality", "intervention",
)  # fmt: skip
POLICE, ENFORCEMENT, YOUTH_WORK, WELFARE, SCHOOL_STAFF, HOUSING, CARE, MUNICIPALITY, INTERVENTION = range(9)
SAFETY, SOCIAL = 0, 1
PERMANENT, CONTACT, HOT_SPOT = range(3)  # kinds of post: of an organisation, of a programme for contact, for enforcement
DOMAIN_OF = np.array([SAFETY, SAFETY, SOCIAL, SOCIAL, SOCIAL, SOCIAL, SOCIAL, SAFETY, SOCIAL], dtype=np.int8)

# kinds of offence; the last is committed outside the neighbourhood
DISTURBANCE, VIOLENCE, DEALING, ELSEWHERE = range(4)
OFFENCE_KINDS = ("nuisance", "violence and vandalism", "dealing", "elsewhere")

# kinds and states of a case
NUISANCE, CRIME, YOUTH_AT_RISK, FAMILY = range(4)
CASE_KINDS = ("nuisance", "crime", "youth at risk", "family")
FREE, WAITING, DONE, EXPLAINED, SILENT = range(5)
NO_VISIT, OF_USE, NOTHING_BROUGHT = range(3)
CASE_STATES = ("free row", "open", "done and told", "explained no", "silence")

# how a household that is evicted stands among those that stay (0) and move (1)
PUT_OUT = 2

# what a street has seen of a raid this week
CALM, JUST, HARSH = range(3)

# how this week's contact with a professional goes, if there is one
NO_CONTACT, NEUTRAL, GOOD, BAD, GOOD_INDOORS = range(5)

# what somebody lived through and may pass on, the strongest last; good news until report done
STORY_KINDS = (
    "nothing", "good contact", "promise kept", "report done", "report in silence", "promise broken", "bad contact", "raid near",
    "paid for talking",
)  # fmt: skip
(NO_STORY, TOLD_GOOD, TOLD_KEPT, TOLD_DONE, TOLD_SILENT, TOLD_BROKEN, TOLD_BAD, TOLD_RAID, TOLD_PAID) = range(9)
GOOD_NEWS = TOLD_DONE

# kinds of event
EVENT_KINDS = (
    "arrived", "left", "born", "died", "stage up", "stage down", "offence", "report", "case opened", "case closed",
    "arrest", "raided", "good contact", "bad contact", "plan started", "staff left", "crime elsewhere",
    "stayed for kin", "promised", "promise kept", "promise broken", "heard", "sanction", "offer", "recruited", "stage brought",
    "contact",
    "detained", "released", "sent to Halt", "victim found", "hired", "lesson", "explored", "initiative", "evicted",
    "debt relieved", "family visited", "place managed", "talked unseen", "decided along", "dialogue", "legal places",
)  # fmt: skip
(ARRIVED, LEFT, BORN, DIED, STAGE_UP, STAGE_DOWN, OFFENCE, REPORT, CASE_OPENED, CASE_CLOSED,
 ARREST, RAIDED, GOOD_CONTACT, BAD_CONTACT, PLAN_STARTED, STAFF_LEFT, CRIME_ELSEWHERE,
 STAYED_FOR_KIN, PROMISED, PROMISE_KEPT, PROMISE_BROKEN, HEARD, SANCTION, OFFER, RECRUITED,
 STAGE_BROUGHT, NEUTRAL_CONTACT, DETAINED, RELEASED, SENT_TO_HALT, VICTIM_FOUND, HIRED, LESSON, EXPLORED,
 INITIATIVE, EVICTED,
 DEBT_RELIEVED, FAMILY_VISITED, PLACE_MANAGED, TALKED_UNSEEN, DECIDED_ALONG, DIALOGUE, LEGAL_PLACES) = range(43)  # fmt: skip

# where somebody takes part in a dialogue on norms, added up
AT_HOME, AT_SCHOOL, ON_STREET = 1, 2, 4

# how an offer of work for a crew reaches somebody
CHANNELS = ("friends", "kin", "place", "school", "online")
BY_FRIEND, BY_KIN, BY_PLACE, BY_SCHOOL, ONLINE = range(5)
