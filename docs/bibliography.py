"""Publications that the project names: read from `references.bib`, found in sources by first author and year."""

import csv
import re
from functools import cache
from pathlib import Path

from pybtex.database import Entry, Person, parse_file
from pybtex.richtext import Text

HERE = Path(__file__).parent
NAME = r"(?:\b(?:[Vv]an|[Dd]e) )?\b(?:Mc)?[A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)*"
CITED = re.compile(rf"({NAME})((?:(?:, | and | en | & ){NAME})*)(?: e\.a\.| and others| et al\.)?,? \(?((?:18|19|20)\d\d)\b")


@cache
def entries() -> dict[str, Entry]:
    """Return key -> entry of the bibliography."""
    return dict(parse_file(str(HERE / "references.bib"), "bibtex").entries)


def surname(person: Person) -> str:
    """Return the family name of an author, with what stands before it, as it is cited."""
    name = plain(" ".join([*person.prelast_names, *person.last_names]))
    return name[0].upper() + name[1:]


def plain(text: str) -> str:
    """Return a text of BibTeX without its braces and accents in TeX."""
    return str(Text.from_latex(text)).replace("--", "-")


def authors(entry: Entry) -> list[str]:
    """Return the family names of the authors, "others" left out."""
    return [surname(each) for each in entry.persons["author"] if str(each) != "others"]


def short_name(entry: Entry) -> str:
    """Return an entry as it is cited: one or two authors, or the first "e.a.", and the year."""
    names = [surname(each) for each in entry.persons["author"]]
    who = " and ".join(names) if len(names) < 3 else f"{names[0]} e.a."
    return f"{who} {entry.fields['year']}"


@cache
def known() -> set[tuple[str, str]]:
    """Return (first author, year) of every entry."""
    return {(authors(each)[0], each.fields["year"]) for each in entries().values()}


@cache
def institutions() -> dict[str, str]:
    """Return short name -> what it is, of sources that are named without an author."""
    with (HERE / "institutions.csv").open(encoding="utf-8", newline="") as file:
        return {row["short name"]: row["about"] for row in csv.DictReader(file)}


def cited(text: str) -> set[tuple[str, str]]:
    """Return (first author, year) of what a text cites by author and year."""
    return {(first, year) for first, _, year in CITED.findall(" ".join(text.split()))}


def told(entry: Entry) -> str:
    """Return an entry in full."""
    fields = {name: plain(value) for name, value in entry.fields.items()}
    others = " and others" if any(str(each) == "others" for each in entry.persons["author"]) else ""
    names = authors(entry)
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if others:
        who = ", ".join(names)
    where = next((fields[name] for name in ("journal", "booktitle", "institution", "publisher") if name in fields), "")
    number = " ".join(filter(None, [fields.get("volume", ""), fields.get("pages", "")]))
    parts = [f"{who}{others} ({fields['year']}). {fields['title']}. *{where}*" + (f" {number}" if number else "")]
    if "doi" in fields:
        parts.append(f"doi:{fields['doi']}")
    if "note" in fields:
        parts.append(fields["note"])
    return ". ".join(parts) + "."


def references() -> list[tuple[str, str]]:
    """Return short name and full reference of every publication, then of every institution."""
    published = sorted((short_name(each), told(each)) for each in entries().values())
    return published + list(institutions().items())
