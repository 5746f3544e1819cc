"""Rulesets beside the initiative's own: every pair of ruleset and file in its tests has the expected outcome."""

from __future__ import annotations

from datetime import datetime
from xml.etree.ElementTree import parse

import pytest

from counterpoise.oversight.iati.rulesets.read import read_ruleset
from counterpoise.oversight.iati.rulesets.validate import keeps
from tests.support import shared_path

# ruleset: files that keep it, files that break it
EXPECTED: dict[str, tuple[str, str]] = {
    "at_least_one": ("at_least_one_ref at_least_one_narrative at_least_one_no_element_good", "at_least_one_bad"),
    "between_dates": ("between_dates_good", "between_dates_bad"),
    "condition": ("empty_activity activity_status_2", "activity_status_3"),
    "date_now": ("date_now_good", "date_now_bad"),
    "date_order": ("empty_activity date_good", "date_bad"),
    "dependent_title_description": ("empty_activity title_description", "title description"),
    "empty": ("empty", ""),
    "forloop": ("forloop_good", "forloop_bad"),
    "if_then": ("if_then_good", "if_then_bad"),
    "no_more_than_one_title": ("title empty_activity", "title_twice"),
    "no_paths": ("empty", "empty_activity"),
    "one_or_all": (
        "one_or_all_lang_good one_or_all_lang_good_all one_or_all_sector_good "
        "one_or_all_sector_all_good one_or_all_currency_good one_or_all_currency_all_good",
        "one_or_all_lang_bad one_or_all_lang_bad_all one_or_all_sector_bad "
        "one_or_all_sector_all_bad one_or_all_currency_bad one_or_all_currency_all_bad",
    ),
    "one_or_all_org": ("one_or_all_org_currency_good", "one_or_all_org_currency_bad"),
    "only_one_of": (
        "only_one_of_activity_good only_one_of_transaction_good",
        "only_one_of_activity_bad only_one_of_transaction_bad",
    ),
    "period_time": ("period_time_good", "period_time_bad"),
    "range": ("range_good", "range_bad"),
    "recipient_country": ("recipient_country_good", "recipient_country_bad"),
    "recipient_region_budget": ("recipient_region_budget_good", "recipient_region_budget_bad"),
    "regex_matches": ("regex_good", "regex_bad"),
    "regex_no_matches": ("regex_bad", "regex_good"),
    "result_indicator_baseline_selector_with_conditions": (
        "results_indicator_baseline_value_good results_indicator_baseline_value_not_relevant",
        "results_indicator_baseline_value_bad",
    ),
    "result_indicator_period_actual_selector_with_conditions": (
        "results_indicator_period_actual_value_good results_indicator_period_actual_value_not_relevant",
        "results_indicator_period_actual_value_bad",
    ),
    "result_indicator_period_target_selector_with_conditions": (
        "results_indicator_period_target_value_good results_indicator_period_target_value_not_relevant",
        "results_indicator_period_target_value_bad",
    ),
    "results_references": ("results_refs_good", "results_refs_bad"),
    "sector_percentage_sum": ("sector_percentage_sum_good", "sector_percentage_sum_bad"),
    "starts_with": ("identifiers", "identifiers_bad"),
    "sum": ("sum_good", "sum_bad"),
    "sum_two": ("sum_two_good", "sum_two_bad"),
    "time_limit": ("time_limit_good", "time_limit_bad"),
    "title_exists": ("empty title", "empty_activity"),
    "title_text_exists": ("title_text", "title"),
    "total_expenditure": ("total_expenditure_good", "total_expenditure_bad"),
    "unique": ("unique_good", "unique_bad"),
    "unique_title_description": ("title_description_content", ""),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_ruleset_of_the_initiative_s_tests_judges_each_file_as_expected(name: str) -> None:
    folder = shared_path("samples/iati/ruleset_meta_tests")
    rules = read_ruleset(folder / f"{name}.json")
    for kept, files in zip((True, False), EXPECTED[name], strict=True):
        for file in files.split():
            assert keeps(rules, parse(folder / f"{file}.xml").getroot(), datetime(2026, 11, 22)) is kept, file
