"""Country codes: which alpha-3 codes exist, and who was in the European Union on a day."""

from __future__ import annotations

from datetime import date

# ISO 3166-1 alpha-3, with XKX (user-assigned, Kosovo).
_ALPHA3 = """
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR
    BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP
    CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB
    GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN
    KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD
    MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN
    PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM
    SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR
    UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM XKX YEM ZAF ZMB ZWE
"""
ISO3 = frozenset(_ALPHA3.split())

# The day each member joined the European Communities or the Union.
_ACCESSION = {
    date(1958, 1, 1): "BEL DEU FRA ITA LUX NLD",
    date(1973, 1, 1): "DNK GBR IRL",
    date(1981, 1, 1): "GRC",
    date(1986, 1, 1): "ESP PRT",
    date(1995, 1, 1): "AUT FIN SWE",
    date(2004, 5, 1): "CYP CZE EST HUN LTU LVA MLT POL SVK SVN",
    date(2007, 1, 1): "BGR ROU",
    date(2013, 7, 1): "HRV",
}
_BRITISH_EXIT = date(2020, 2, 1)


def eu_members(day: date) -> frozenset[str]:
    """The members of the European Union (or the Communities) on a day.

    >>> len(eu_members(date(2026, 1, 1))), "GBR" in eu_members(date(2019, 1, 1))
    (27, True)
    """
    members = {code for since, codes in _ACCESSION.items() if since <= day for code in codes.split()}
    return frozenset(members - {"GBR"} if day >= _BRITISH_EXIT else members)
