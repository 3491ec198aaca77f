"""Makes tables of areas as people save them: in any encoding, with any separator, lines around them, and damage in them."""

import csv
import io
import random
import re
import zipfile
from typing import NamedTuple

import openpyxl

HEADER = (
    "gwb_code",
    "regio",
    "recs",
    "a_inw",
    "a_00_14",
    "a_15_24",
    "a_25_44",
    "a_45_64",
    "a_65_oo",
    "a_hh",
    "p_koopw",
    "a_soz_wb",
)
NAMES = ("Dorpshart", "’t Zand", "Súdwest", "Buurt 3, oost", "Haven; west", "=1+1", 'De "Punt"')
TITLES = ("Kerncijfers wijken en buurten", "Onderwerp;;Bevolking", "")
FOOTERS = ("© Centraal Bureau voor de Statistiek", "Bron: CBS", "")
BAD = (
    "veel",
    "-5",
    "361.740",
    "1e9",
    "=1+1",
    "#N/A",
    "99999999999999999999",
    "1 2 3",
    "\x00",
    "inf",
    "1000000000",
    "0,27,1",
    "\n",
)
UNKNOWN = ("", ".", "x", "-99997", " . ")


class Made(NamedTuple):
    """A file, and code -> inhabitants of the rows that were left alone."""

    ending: str
    content: bytes
    sound: dict[str, int]


def areas_of(chance: random.Random) -> list[list[str]]:
    """Return rows whose figures can be true together."""
    rows = []
    for n in range(chance.randint(1, 6)):
        ages = [5 * chance.randint(*ends) for ends in ((0, 60), (6, 60), (6, 60), (6, 60), (6, 60))]
        people, grown = sum(ages), sum(ages[1:])
        figures = [people, *ages, chance.randint(grown // 3, grown // 2)]
        welfare = chance.choice([*UNKNOWN, str(chance.randint(0, grown // 4))])
        owned = chance.choice([*UNKNOWN, f"{chance.randint(1, 99)}.{chance.randint(1, 9)}", str(chance.randint(1, 100))])
        rows.append([f"BU9999{n:04d}", chance.choice(NAMES), "Buurt", *map(str, figures), owned, welfare])
    return rows


def damaged(chance: random.Random, rows: list[list[str]]) -> set[str]:
    """Damage a row or more; return the codes of those."""
    found = set()
    for row in chance.sample(rows, chance.randint(1, len(rows))):
        found.add(row[0])
        if chance.random() < 0.2:
            row.append("too many")
        else:
            row[chance.randrange(3, len(row))] = chance.choice(BAD)
    return found


def made(seed: int, damage: bool) -> Made:
    """Return a file with some areas; with damage some rows of it cannot be used."""
    chance = random.Random(seed)
    rows = areas_of(chance)
    hit = damaged(chance, rows) if damage else set()
    sound = {row[0]: int(row[3]) for row in rows if row[0] not in hit}
    if chance.random() < 0.2:
        return Made(".xlsx", as_workbook(chance, rows), sound)
    return Made(".csv", as_text(chance, rows), sound)


def as_text(chance: random.Random, rows: list[list[str]]) -> bytes:
    """Return rows as a CSV, in one of the ways in which programs write it."""
    separator, encoding = chance.choice(",;\t"), chance.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16"))
    comma, wide = chance.random() < 0.5, chance.random() < 0.3
    file = io.StringIO(newline="")
    if chance.random() < 0.2:
        file.write(f"sep={separator}\r\n")
    for title in chance.sample(TITLES, chance.randint(0, 2)):
        file.write(f"{title}\r\n")
    writer = csv.writer(file, delimiter=separator, lineterminator=chance.choice(("\n", "\r\n")))
    writer.writerow([name.upper() if chance.random() < 0.1 else name for name in HEADER])
    for row in rows:
        cells = [*row[:10], row[10].replace(".", ",") if comma and row[10].strip() != "." else row[10], *row[11:]]
        writer.writerow([f"{cell}  " if wide and "\n" not in cell else cell for cell in cells])
    for footer in chance.sample(FOOTERS, chance.randint(0, 2)):
        file.write(f"{footer}\r\n")
    return file.getvalue().encode(encoding)


def as_workbook(chance: random.Random, rows: list[list[str]]) -> bytes:
    """Return rows as a workbook: numbers as numbers or as texts, sheets and lines before it, its size wrong."""
    book = openpyxl.Workbook()
    sheet = book.active
    if chance.random() < 0.3:
        sheet.append(["Toelichting"])
        sheet = book.create_sheet("gegevens")
    for title in chance.sample(TITLES, chance.randint(0, 2)):
        sheet.append([title])
    sheet.append(list(HEADER))
    as_numbers = chance.random() < 0.5
    for row in rows:
        plain = ["".join(each for each in cell if each >= " ") for cell in row]
        sheet.append([int(cell) if as_numbers and cell.isdecimal() and len(cell) < 12 else cell for cell in plain])
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f" and cell.column == 2:  # a name is a text, whatever it begins with
                cell.data_type = "s"
    return with_size(book, "A1:B2") if chance.random() < 0.3 else saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_size(book: openpyxl.Workbook, size: str) -> bytes:
    """Return a workbook whose sheets say that they have another size."""
    tag = f'<dimension ref="{size}"'.encode()
    return rewritten(saved(book), lambda part: re.sub(rb'<dimension ref="[^"]*"', tag, part))


def rewritten(content: bytes, change) -> bytes:
    """Return a workbook with the XML of its sheets changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name.startswith("xl/worksheets/") else part)
    return out.getvalue()


def renamed(content: bytes, old: str, new: str) -> bytes:
    """Return a workbook with another name for one of its parts, wherever it is named."""
    out, short = io.BytesIO(), [name.removeprefix("xl/").encode() for name in (old, new)]
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(new if name == old else name, before.read(name).replace(*short))
    return out.getvalue()


def broken(chance: random.Random, content: bytes) -> bytes:
    """Return a file with some of its bytes lost or changed."""
    at = chance.randrange(len(content))
    end = min(len(content), at + chance.choice((1, 8, 200)))
    return content[:at] + chance.choice((b"", chance.randbytes(end - at), bytes(end - at))) + content[end:]
