"""A script or a plug-in that adds an intervention, an outcome and a stopping rule, as text."""

CAMP = '''
from typing import Literal

from kantelpunt import Intervention, intervention

EUROS = 500.0
PLACES = 5.0


def places():
    return PLACES


@intervention
class SummerCamp(Intervention):
    """Two weeks away in summer, for children who hang around.

    Who: children of 8-14.  When: every summer.  Where: away.  Reach: five places for every 100 children.
    Effect: less time on the street, other friends.  Cost: an assumed 500 euros for every child.
    Sources: assumed.
    """

    kind: Literal["summer_camp"] = "summer_camp"

    def levers(self, people):
        return {"activity_places": places()}

    def euros_per_year(self, people):
        return EUROS * people.children
'''
OUTCOME = """
from kantelpunt import outcome


@outcome(unit="cases/week", better="higher", definition="Cases that ended with something done and told, less those given up")
def balance(weeks):
    return weeks["done_told"] - weeks["abandoned"]
"""
STOPPING = '''
from kantelpunt import stopping


@stopping
def fifteen(differences):
    """Fifteen pairs are enough."""
    return len(differences) >= 15
'''
STUDY = """
from kantelpunt import Study

if __name__ == "__main__":
    study = Study("camp", folder="study", people=100, years=1, points=2, worlds=2, seed=1, series=0,
                  compare={"against": "today", "outcome": "recruited", "matters": 1.0},
                  scenario={"today": {}, "camp": {"summer_camp": 1.0}})
    study.run(quiet=True, engine=2)
    print("runs", study.size, study.done, list(study.compare("recruited", matters=1.0).index))
"""
