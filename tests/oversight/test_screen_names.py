"""Names in six scripts and their spellings: what is folded together, what stays apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.oversight.screening._lists import Entry, ListedName
from counterpoise.oversight.screening._names import consonants, parse_name, sound_of
from counterpoise.oversight.screening._particulars import (
    compare_births,
    compare_countries,
    parse_birth,
    parse_programme,
)
from counterpoise.oversight.screening.screen import Asked, ScreenMatch, match_all
from tests.oversight.screen_world import draw_world


def score(asked: str, listed: str, *, threshold: float = 0.5, births: tuple[str, str] = ("", "")) -> float:
    """The score of one name asked against a list of one entry; 0 where it is no match."""
    found = match(asked, listed, threshold=threshold, births=births)
    return found.score if found else 0.0


def match(asked: str, listed: str, *, threshold: float = 0.5, births: tuple[str, str] = ("", "")) -> ScreenMatch | None:
    mine, other = (tuple(birth for text in (side,) if text and (birth := parse_birth(text))) for side in births)
    row = Asked(2, "", (asked,), "", mine, frozenset())
    found = match_all([row], [Entry("1", [ListedName(listed)], births=other)], threshold=threshold)
    return found[0] if found else None


@pytest.mark.parametrize(
    "spellings",
    [
        ("Արմեն Սարգսյան", "Armen Sargsyan", "Армен Саргсян", "SARGSYAN, Armen", "Armen Sarkissian"),
        ("Vüqar Əliyev", "Vugar Aliyev", "Вугар Алиев", "ALIEV Vugar", "Vuqar Eliyev"),
        ("გიორგი მარგველაძე", "Giorgi Margveladze", "Гиорги Маргвеладзе", "Giorgi Margveladze"),
        ("Фёдор Юрьевич Соловьёв", "Fyodor Yuryevich Solovyov", "Fedor Iurevich Solovev", "Solovyev Fedor Yurievich"),
        ("محمود احمدی", "Mahmoud Ahmadi", "Ahmadi, Mahmud"),
        ("Oğuz Çağatay Şahin", "Oguz Cagatay Sahin", "Огуз Чагатай Шахин"),
        ("داریوش حسینی", "Dariush Hosseini", "Daryoush Husseini"),
        ("Гейдар Гасанов", "Heydar Hasanov", "Geidar Gasanov"),
        ("عبدالله رحیمی", "Abdullah Rahimi", "Abdollah Rahimi"),
    ],
)
def test_spellings_of_one_name_find_each_other(spellings: tuple[str, ...]) -> None:
    for asked in spellings:
        for listed in spellings:
            assert score(asked, listed) >= 0.85, (asked, listed)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Aleksandr Petrov", "Aleksandra Petrova"),
        ("Ivan Petrov", "Ivan Sidorov"),
        ("Ivan Petrov", "Petrov"),
        ("Petrov", "Ivan Petrov"),
        ("Ivan Sergeyevich Petrov", "Ivan Nikolayevich Petrov"),
        ("Ali Hasanov", "Ali Huseynov"),
        ("Levon Saryan", "Levon Garyan"),
        ("علی یزدی", "Reza Yazdi"),
        ("حسین کریمی", "Hasan Karimi"),
        ("Alpha Trading LLC", "Beta Trading LLC"),
    ],
)
def test_other_names_stay_apart(asked: str, listed: str) -> None:
    assert score(asked, listed) < 0.85


def test_order_case_legal_forms_and_particles_do_not_matter() -> None:
    assert score("PETROV Ivan", "Ivan Petrov") == score("ivan petrov", "Ivan Petrov") == 1
    assert score("Gala LLC", "ООО «Гала»") >= 0.95
    assert score("Rashad Quliyev Elçin oğlu", "Rashad Elchin Guliyev") >= 0.85


def test_names_written_together_or_apart_agree() -> None:
    assert score("Abdul Rahman Karimi", "Abdulrahman Karimi") >= 0.95
    assert score("Mahmud Ahmadi-Nejad", "Mahmud Ahmadinejad") >= 0.95


def test_a_missing_patronymic_costs_little_and_is_said() -> None:
    found = match("Ivan Petrov", "Petrov, Ivan Sergeyevich")
    assert found is not None
    assert found.name_score == pytest.approx(0.94)
    assert "only in the name listed: sergeyevich" in found.reasons
    assert "the order of the words differs" in found.reasons


def test_an_initial_needs_a_birth_date_beside_it() -> None:
    assert score("I. Petrov", "Ivan Petrov") < 0.85
    assert score("I. Petrov", "Ivan Petrov", births=("1962-09-25", "1962-09-25")) >= 0.85


def test_a_slip_of_the_pen_is_forgiven_and_said() -> None:
    found = match("Aleksandr Kuznetzov", "Aleksandr Kuznecov")
    assert found is not None
    assert found.score > 0.85
    wrong = match("Aleksandr Kuznestov", "Aleksandr Kuznetsov")
    assert wrong is not None
    assert any("letters differ" in reason for reason in wrong.reasons)


def test_scripts_without_a_table_are_compared_as_written() -> None:
    assert score("金 正日", "金 正日") == 1
    assert score("金 正日", "李 明") == 0


def test_names_without_letters_match_nothing() -> None:
    assert match_all([Asked(2, "", ("---",), "", (), frozenset())], [Entry("1", [ListedName("***")])]) == []


@given(st.text(max_size=60))
def test_any_text_is_parsed(text: str) -> None:
    for token in parse_name(text).tokens:
        assert token.text
        assert token.sounds
        for sound in token.sounds:
            consonants(sound)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=20))
def test_a_sound_folds_no_further(text: str) -> None:
    """Folding is about spelling: letters in the alphabet of sounds that have one reading stay what they are."""
    assert set(sound_of(text)) <= set("abcdefghiklmnoprstuvzSCJ")


@given(st.permutations(["Ivan", "Sergeyevich", "Petrov"]), st.permutations(["Ivan", "Sergeyevich", "Petrov"]))
def test_the_score_does_not_change_with_the_order(asked: list[str], listed: list[str]) -> None:
    assert score(" ".join(asked), " ".join(listed)) == 1


def test_the_index_loses_no_pair_that_scores() -> None:
    """Every pair of a small world, one at a time, against the whole world at once."""
    world = draw_world(3, entries=40, queries=60)
    asked = [Asked(number, "", (query.name,), "", (), frozenset()) for number, query in enumerate(world.queries)]
    entries = [Entry(str(number), [ListedName(row[0])]) for number, row in enumerate(world.listed)]
    together = {(found.asked.line, found.entry.id, found.score) for found in match_all(asked, entries, threshold=0.7)}
    apart = {
        (found.asked.line, found.entry.id, found.score)
        for row in asked
        for entry in entries
        for found in match_all([row], [entry], threshold=0.7)
    }
    assert together == apart
    assert len(together) > 20


@pytest.mark.parametrize(
    ("mine", "other", "points"),
    [
        ("1962-09-25", "25 Sep 1962", 0.05),
        ("1962-09-25", "1962", 0.02),
        ("1962-05-07", "1962-07-05", 0.02),
        ("1962-09-25", "1962-03-01", -0.03),
        ("1962-09-25", "1963", -0.05),
        ("1962-09-25", "1970-01-01", -0.2),
        ("1962", "circa 1963", 0.02),
        ("1962", "1960 to 1964", 0.02),
    ],
)
def test_birth_dates_weigh_by_how_well_they_agree(mine: str, other: str, points: float) -> None:
    births = [birth for text in (mine, other) if (birth := parse_birth(text))]
    assert compare_births((births[0],), (births[1],))[1] == points


def test_dates_that_are_none_are_not_guessed() -> None:
    assert [parse_birth(text) for text in ("25/09/1962", "1962-13-01", "30 Feb 1962", "", "unknown")] == [None] * 5


def test_countries_that_are_not_recognised_never_count_against_a_name() -> None:
    assert compare_countries(frozenset({"am"}), frozenset({"atlantis"})) == ("", 0.0)
    assert compare_countries(frozenset({"am"}), frozenset({"az"}))[1] < 0
    assert compare_countries(frozenset({"am", "ru"}), frozenset({"ru"}))[1] > 0


@pytest.mark.parametrize(
    ("text", "programme"),
    [
        ("GLOMAG", "US-GLOMAG"),
        ("Executive Order 13818 (Global Magnitsky)", "US-GLOMAG"),
        ("E.O. 13818", "US-GLOMAG"),
        ("MAGNIT", "US-MAGNITSKY"),
        ("Sergei Magnitsky Rule of Law Accountability Act", "US-MAGNITSKY"),
        ("US-MAGNITSKY", "US-MAGNITSKY"),
        ("UKRAINE-EO13661", "UKRAINE-EO13661"),
    ],
)
def test_the_two_magnitsky_programmes_are_told_apart(text: str, programme: str) -> None:
    assert parse_programme(text) == programme
