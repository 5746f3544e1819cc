"""Small files in the layouts that publishers use, made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

NUMBERS = {"USA": 2, "GBR": 200, "DEU": 255, "RUS": 365, "ARM": 371, "GEO": 372, "SRB": 345, "YUG": 345}
UN_NUMBERS = {"USA": 840, "GBR": 826, "DEU": 276, "RUS": 643, "ARM": 51, "GEO": 268}
PREAMBLE = "Arms transfers database\nValues are in millions.\n\n"


def write_votes(folder: Path, years: tuple[int, ...], states: tuple[str, ...], *, calls: int = 40) -> None:
    """Positions and roll calls of some states in the release that carries sessions."""
    rng = np.random.default_rng(3)
    points, votes = [], []
    for year in years:
        session = year - 1945
        for place, name in enumerate(states):
            middle = place - len(states) / 2
            points.append({"ccode": NUMBERS[name], "session": session, "iso3c": name, "IdealPointAll": middle,
                           "NVotesAll": 60, "Q5%All": middle - 0.2, "Q95%All": middle + 0.2})  # fmt: skip
            for call, vote in enumerate(rng.choice([1, 2, 3, 8], calls)):
                votes.append({"rcid": 1000 * session + call, "ccode": NUMBERS[name], "vote": vote, "session": session})
    pd.DataFrame(points).to_csv(folder / "IdealpointestimatesAll_Jun2024.csv", index=False)
    pd.DataFrame(votes).to_csv(folder / "2024_UNVotes.csv", index=False)


def write_register(folder: Path, *, old: bool = False) -> Path:
    """The register of arms transfers, in the layout of 2024 or in the one before."""
    path = folder / "trade-register.csv"
    if old:
        head = ("Recipient,Supplier,Year of order,,Number ordered,,Weapon designation,Weapon description,"
                "Number delivered,,Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,"
                "SIPRI TIV of delivered weapons\n")  # fmt: skip
        rows = ('Armenia,Russia,2010,,8,,X-1,Rocket,8,,2011; 2012,New,"for a, b",5,40,40\n'
                "Armenia,unknown supplier(s),2010,,1,,X-2,Gun,1,,2011,New,,2,2,2\n"
                "Georgia,United States,2010,,1,,X-3,Gun,,,,New,,2,2,\n")  # fmt: skip
        path.write_bytes((PREAMBLE + head + rows).encode("cp1252"))
        return path
    head = ("SIPRI AT Database ID,Supplier,Recipient,Designation,Description,Armament category,Order date,"
            "Order date is estimate,Numbers delivered,Numbers delivered is estimate,Delivery year,"
            "Delivery year is estimate,Status,SIPRI estimate,TIV deal unit,TIV delivery values,"
            "Local production\n")  # fmt: skip
    rows = ("1,Russia,Armenia,X-1,Rocket,Missiles,2010,No,4,No,2011,No,New,5,5,20,No\n"
            "1,Russia,Armenia,X-1,Rocket,Missiles,2010,No,4,No,2012,No,New,5,5,20,No\n"
            "2,unknown supplier(s),Armenia,X-2,Gun,Artillery,2010,No,1,No,2011,No,New,2,2,2,No\n"
            "3,United Kingdom,House of Representatives (Libya)*,X-2,Gun,Artillery,2010,No,1,No,2011,No,New,2,2,2,No\n"
            "4,Germany,Côte d'Ivoire,X-2,Gun,Artillery,2010,No,1,No,2011,No,New,2,2,3,No\n")  # fmt: skip
    path.write_text(PREAMBLE + head + rows, encoding="utf-8")
    return path


def write_itpd(folder: Path) -> Path:
    """Flows by industry in ITPD-E's columns, sales at home among them."""
    rows = [
        ("ARM", "RUS", 2011, 1, 30.0), ("ARM", "RUS", 2011, 2, 10.0), ("ARM", "USA", 2011, 1, 20.0),
        ("ARM", "IRN", 2011, 1, 40.0), ("ARM", "ARM", 2011, 1, 900.0), ("RUS", "ARM", 2011, 1, 75.0),
        ("CHN", "ARM", 2011, 1, 25.0), ("ARM", "HKG", 2011, 1, 0.0),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["exporter_iso3", "importer_iso3", "year", "industry_id", "trade"])
    frame.insert(1, "exporter_name", frame.exporter_iso3.map({"ARM": 'Armenia, "Rep."'}).fillna("x"))
    frame["broad_sector"], frame["flag_mirror"] = "Manufacturing", 0
    frame.to_csv(folder / "ITPD_E_R02.csv", index=False)
    return folder / "ITPD_E_R02.csv"


def write_baci(folder: Path) -> None:
    """BACI for two years with its own numbers of economies, some of which the United Nations' list has otherwise."""
    for year, sold in ((2011, 5.0), (2012, 30.0)):
        rows = [(year, 51, 643, "010101", sold), (year, 51, 842, "010101", 10.0), (year, 643, 51, "010101", 8.0)]
        frame = pd.DataFrame(rows, columns=["t", "i", "j", "k", "v"]).assign(q="NA")
        frame.to_csv(folder / f"BACI_HS92_Y{year}_V202401b.csv", index=False)


def write_aid(folder: Path) -> Path:
    """DAC2A as SDMX-CSV with labels."""
    rows = [
        ("USA", "ARM", 206, "Q", 2011, 50.0, 6), ("USA", "ARM", 206, "V", 2011, 40.0, 6),
        ("USA", "ARM", 240, "Q", 2011, 9.0, 6), ("DEU", "ARM", 206, "Q", 2011, -2_000_000.0, 0),
        ("4EU001", "ARM", 206, "Q", 2011, 70.0, 6), ("USA", "DPGC", 206, "Q", 2011, 999.0, 6),
    ]  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=["DONOR", "RECIPIENT", "MEASURE", "PRICE_BASE", "TIME_PERIOD", "OBS_VALUE", "UNIT_MULT"]
    )
    frame.insert(1, "Donor", frame.DONOR)
    frame.assign(BASE_PER="2023").to_csv(folder / "OECD.DCD.FSD,DSD_DAC2@DF_DAC2A.csv", index=False)
    return folder / "OECD.DCD.FSD,DSD_DAC2@DF_DAC2A.csv"


def write_migrants(folder: Path) -> Path:
    """The stock of migrants as a workbook: notes above, the years thrice (both sexes, men, women)."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Contents"
    sheet = book.create_sheet("Table 1")
    for _ in range(9):
        sheet.append(["United Nations"])
    sheet.append([""] * 7 + ["Both sexes", "", "Men", "", "Women"])
    head = ["Index", "Region, development group, country or area of destination", "Notes of destination",
            "Location code of destination", "Type of data of destination",
            "Region, development group, country or area of origin", "Location code of origin"]  # fmt: skip
    sheet.append([*head, 2005, 2010, 2005, 2010, 2005, 2010])
    for number, (to, origin, *stocks) in enumerate(
        [(900, 51, 800, 1000), (643, 51, 400, 600), (840, 51, 80, ".."), (900, 900, 9, 9), (643, 268, 5, 7)], start=1
    ):
        sheet.append([number, "x", None, to, "B", "y", origin, *stocks, 1, 1, 1, 1])
    book.save(folder / "undesa_pd_2020_ims_stock_by_sex_destination_and_origin.xlsx")
    return folder / "undesa_pd_2020_ims_stock_by_sex_destination_and_origin.xlsx"


def write_others(folder: Path) -> None:
    """GDP, regimes, organisations, disputes, distances, remittances and a column of one's own."""
    (folder / "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_1.csv").write_text(
        '"Data Source","World Development Indicators",\n\n"Last Updated Date","2024-06-28",\n\n'
        '"Country Name","Country Code","Indicator Name","Indicator Code","2010","2011","2012",\n'
        '"Armenia","ARM","GDP (current US$)","NY.GDP.MKTP.CD","9e9","1e10","",\n'
        '"Russian Federation","RUS","GDP (current US$)","NY.GDP.MKTP.CD","1.5e12","2e12","2.2e12",\n'
        '"Arab World","ARB","GDP (current US$)","NY.GDP.MKTP.CD","1","1","1",\n',
        encoding="utf-8",
    )
    (folder / "V-Dem-CY-Core-v14.csv").write_text(
        "country_name,country_text_id,year,v2x_polyarchy\nArmenia,ARM,2011,0.4\nArmenia,ARM,2012,0.41\n", "utf-8"
    )
    (folder / "state_year_formatv3.csv").write_text(
        "ccode,year,state,AAAID,OSCE,UN,CIS\n371,2011,ARM,0,1,1,1\n365,2011,RUS,-9,1,1,1\n2,2011,USA,2,1,1,0\n", "utf-8"
    )
    (folder / "cow_mid_ddyad.csv").write_text("ccode1,ccode2,year,hostlev\n365,372,2008,5\n2,365,2011,2\n", "utf-8")
    (folder / "cow_mindist.csv").write_text("ccode1,ccode2,year,mindist\n371,365,2011,150.5\n371,372,2011,0\n", "utf-8")
    (folder / "bilateral_remittance_matrix_2012.csv").write_text(
        "Bilateral remittances, US$ million\nreceiving (across) / sending (down),Armenia,Georgia,WORLD\n"
        "Russian Federation,900,500,1400\nWORLD,1000,600,1600\n",
        encoding="utf-8",
    )
    (folder / "own_exercises.csv").write_text("client,patron,year,joint_exercises\nARM,RUS,2011,3\n", "utf-8")
