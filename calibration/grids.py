#!/usr/bin/env python3
"""Writes Sources/Cost/Lifecycle/GridTable.swift, the carbon intensity of grids, from a table of published figures.

    pip install pycountry
    calibration/grids.py CARBON.csv > Sources/Cost/Lifecycle/GridTable.swift

CARBON.csv has the columns kind, code, name, grams_co2e_per_kwh, year, basis, source. Countries and groups of
countries come from Ember's Yearly Electricity Data (CC BY 4.0), cloud regions from Google's region-carbon-info
(github.com/GoogleCloudPlatform/region-carbon-info, Apache-2.0), at the commit that the rows name. Two-letter
country codes are those of ISO 3166-1.
"""

import csv
import sys
import unicodedata

import pycountry

# In use everywhere, and not assigned by ISO.
UNASSIGNED = {"XKX": "XK"}
KINDS = {"aggregate": "area", "country": "country", "gcp-region": "cloud"}

HEAD = '''// Made by calibration/grids.py from published tables; do not edit.

extension Grid {{
  /// A grid on each line: kind, codes with the shortest first, name, grams of CO2e for each kilowatt-hour, year.
  ///
  /// Areas and countries: {areas}.
  /// Cloud regions: {clouds}.
  static let table = """'''


def main() -> None:
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    print(HEAD.format(areas=said(rows, "country"), clouds=said(rows, "gcp-region")))
    for row in sorted(rows, key=order):
        grams = f"{float(row['grams_co2e_per_kwh']):g}"
        name = unicodedata.normalize("NFC", row["name"])
        print(f"    {KINDS[row['kind']]}|{codes(row)}|{name}|{grams}|{row['year']}")
    print('    """\n}')


def said(rows: list[dict[str, str]], kind: str) -> str:
    said = {f"{row['source']}; {row['basis']}" for row in rows if row["kind"] == kind}
    assert len(said) == 1, said
    return said.pop()


def order(row: dict[str, str]) -> tuple[int, str]:
    # The world's average stands first.
    return (list(KINDS).index(row["kind"]) if row["code"] != "World" else -1, codes(row))


def codes(row: dict[str, str]) -> str:
    if row["kind"] == "aggregate":
        return row["code"].replace(" ", "-")
    if row["kind"] == "gcp-region":
        return f"gcp:{row['code']} {row['code']}"
    country = pycountry.countries.get(alpha_3=row["code"])
    short = country.alpha_2 if country else UNASSIGNED[row["code"]]
    return f"{short} {row['code']}"


main()
