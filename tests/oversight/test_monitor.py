"""The monitor: levels against base rates, small counts, denser recording, false alarms, point in time, page, faults."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from counterpoise._errors import InputError
from counterpoise.oversight.monitor._acts import Act, counted, episodes
from counterpoise.oversight.monitor._levels import false_alarm, level_on, tail
from counterpoise.oversight.monitor._rules import Indicator, Rules, read_rules, usual_rules
from counterpoise.oversight.monitor.watch import watch_region
from counterpoise.region import Region, open_region
from tests.support import run_json

END = date(2026, 1, 1)
RULES = Rules((), window_days=100, baseline_days=1000, least_episodes=3, chance=0.01)
HEAD = "date,actor,target,kind,known,summary\n"


def days(*back: int) -> list[date]:
    return sorted(END - timedelta(days=one) for one in back)


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.01, 0.99))
def test_the_tail_is_that_of_a_binomial(count: int, more: int, share: float) -> None:
    assert tail(count, count + more, share) == pytest.approx(binom.sf(count - 1, count + more, share), abs=1e-12)


def test_a_sudden_cluster_is_an_alert_and_the_same_number_spread_is_not() -> None:
    """Six in the window and none before: chance (100 / 1100)^6; all that is recorded did not grow denser."""
    volume = days(*range(0, 1100, 10))
    level = level_on(END, days(1, 5, 20, 40, 60, 80), volume, RULES)
    assert level.status == "alert"
    assert level.p_time == pytest.approx((1 / 11) ** 6)
    assert level_on(END, days(1, 200, 400, 600, 800, 1000), volume, RULES).status == "too few"


def test_denser_recording_alone_is_no_alert() -> None:
    """Ten times as many acts of every kind are recorded lately: more of this kind is what recording explains."""
    recent, old = list(range(1, 100, 2)), list(range(100, 1100, 200))
    level = level_on(END, days(*recent[::5]), days(*recent, *old), RULES)
    assert level.p_time < 0.001
    assert level.status == "quiet"


@given(st.integers(0, 2))
def test_below_the_least_number_nothing_is_called_unusual(count: int) -> None:
    assert level_on(END, days(*range(1, count + 1)), days(*range(0, 1100, 5)), RULES).status == "too few"


@pytest.mark.parametrize("rate", [0.5, 2.0, 8.0])
def test_quiet_series_alert_no_more_often_than_told(rate: float) -> None:
    """One look at steady series: the share of alerts stays below the chance of the rule, within three errors."""
    alarms = 0
    for member in range(2000):
        rng = np.random.default_rng([7, member])
        offsets = rng.uniform(0, 1100, rng.poisson(rate * 1100 / 365.25))
        volume = days(*map(int, rng.uniform(0, 1100, rng.poisson(30))))
        alarms += level_on(END, days(*map(int, offsets)), volume, RULES).status == "alert"
    assert alarms / 2000 <= 0.01 + 3 * math.sqrt(0.01 * 0.99 / 2000)


def test_the_false_alarm_rate_is_simulated_with_its_error_and_bursts_alarm_more_often() -> None:
    rate = false_alarm(3.0, 30, RULES, members=300, seed=0)
    assert rate["steady"]["share"] <= 0.03
    assert rate["steady"]["standard_error"] > 0
    assert rate == false_alarm(3.0, 30, RULES, members=300, seed=0)
    assert false_alarm(3.0, 365, RULES, members=300, seed=0)["bursts"]["share"] >= rate["bursts"]["share"]


def act(day: str, kind: str = "SANCTION", actor: str = "USA", target: str = "GEO", text: str = "") -> Act:
    on = date.fromisoformat(day)
    return Act(f"{day}{kind}{actor}{text}", on, on, (actor,), (target,), kind, text, "s")


def test_a_batch_of_one_day_is_one_episode() -> None:
    batch = [act("2024-09-16", text="a"), act("2024-09-16", text="b"), act("2024-09-20"), act("2024-12-27")]
    assert episodes(batch, 7) == [date(2024, 9, 16), date(2024, 12, 27)]


def test_an_indicator_counts_kinds_words_sides_and_others() -> None:
    acts = [
        act("2024-01-01", text="Court jails a journalist"),
        act("2024-01-02", kind="AID"),
        act("2024-01-03", target="ARM"),
    ]
    assert len(counted(Indicator("x", "X", kinds=frozenset({"SANCTION"}), side="target"), "GEO", acts)) == 1
    assert len(counted(Indicator("x", "X", words=("journalist",)), "GEO", acts)) == 1
    assert not counted(Indicator("x", "X", words=("journalist",), without=("court",)), "GEO", acts)
    assert len(counted(Indicator("x", "X", side="target", other="USA"), "GEO", acts)) == 2
    own = [act("2024-01-01", kind="COERCE", actor="GEO")]
    assert not counted(Indicator("x", "X", side="target", other="!self"), "GEO", own)


@pytest.fixture(scope="module")
def region() -> Region:
    return open_region("south-caucasus", as_of="2026-07-01")


def test_the_built_in_region_is_read_with_alerts_dated_and_nothing_later(region: Region) -> None:
    result = watch_region(region, since="2026-04-01", members=20)
    alerts = result.alerts()
    assert any(one["indicator"] == "elections" and one["client"] == "ARM" for one in alerts)
    assert all(one["known"] <= "2026-07-01" for one in alerts)
    assert [one["date"] for one in alerts] == sorted((one["date"] for one in alerts), reverse=True)
    assert {one["indicator"] for one in result.changes()} >= {"elections", "designations"}
    assert len(result.readings) == len(usual_rules().indicators) * 3


def test_what_became_known_later_changes_nothing(region: Region, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_text(HEAD + "2026-05-01,RUS,ARM,COERCE,2026-08-01,told later\n", encoding="utf-8")
    plain, fed = (watch_region(region, members=0, feeds=feeds) for feeds in ((), (feed,)))
    assert plain.table() == fed.table()
    assert fed.left_out == 1


def test_a_wave_in_a_feed_raises_a_dated_alert(region: Region, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    rows = [
        f"2026-0{month}-{day:02d},GEO,GEO,COERCE,,Police arrest an opponent {day}"
        for month in (5, 6)
        for day in (3, 13, 23)
    ]
    feed.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    result = watch_region(region, since="2026-05-01", members=50, feeds=(feed,))
    alert = next(one for one in result.alerts() if one["kind"] == "level")
    assert (alert["client"], alert["indicator"]) == ("GEO", "arrests")
    assert "2026-05-13" <= alert["date"] <= "2026-06-23"
    reading = next(one for one in result.body()["indicators"] if (one["id"], one["client"]) == ("arrests", "GEO"))
    assert reading["status"] == "alert"
    assert reading["status_before"] == "too few"
    assert reading["false_alarm"]["steady"]["share"] < 0.1


def test_an_alert_is_dated_by_the_day_on_which_enough_was_known(region: Region, tmp_path: Path) -> None:
    """Four arrests of April became known in June: what was known in May, two arrests, was too few to say anything."""
    feed = tmp_path / "feed.csv"
    days_known = [(f"2026-04-{day:02d}", "2026-06-25") for day in (1, 10, 19, 28)]
    days_known += [("2026-05-13", ""), ("2026-05-23", "")]
    rows = [f"{day},GEO,GEO,COERCE,{known},Police arrest an opponent {day}" for day, known in days_known]
    feed.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    result = watch_region(region, since="2026-05-01", members=0, feeds=(feed,))
    (alert,) = [one for one in result.alerts() if one["kind"] == "level" and one["client"] == "GEO"]
    assert (alert["indicator"], alert["date"]) == ("arrests", "2026-06-25")


def test_the_page_holds_no_script_and_escapes_what_strangers_wrote(region: Region, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_text(HEAD + '2026-06-20,GEO,GEO,PROTEST,,"<script>alert(1)</script>"\n', encoding="utf-8")
    html, document = watch_region(region, members=0, feeds=(feed,)).write(tmp_path / "out")
    text = html.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "http" not in text
    assert document.exists()


RULE = '[indicator.x]\ntitle = "X"\n'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = [",
        "surprise = 1\n" + RULE,
        "chance = 2\n" + RULE,
        "window_days = true\n" + RULE,
        "[indicator.x]\nkinds = ['AID']",
        RULE + "kinds = ['AIDS']",
        RULE + "table = 'votes'",
        RULE + "side = 'left'",
        RULE + "words = 'a'",
        RULE + "level = 1",
        RULE + "side = 1",
        RULE + "wrods = ['a']",
    ],
)
def test_faulty_rules_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_rules(path)
    assert {fault.code for fault in caught.value.faults} == {"E860"}


@pytest.mark.parametrize(
    "row", ["2026-13-01,A,B,AID,,x", "2026-01-01,A,B,HUG,,x", "2026-01-01,,B,AID,,x", "2026-01-01,A,B,AID,soon,x"]
)
def test_a_row_that_is_no_event_is_refused(row: str, region: Region, tmp_path: Path) -> None:
    feed = tmp_path / "feed.csv"
    feed.write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        watch_region(region, feeds=(feed,), members=0)
    assert {fault.code for fault in caught.value.faults} == {"E861"}


@pytest.mark.parametrize("since", ["yesterday", "2027-01-01"])
def test_a_day_since_which_nothing_can_be_told_is_refused(since: str, region: Region) -> None:
    with pytest.raises(InputError) as caught:
        watch_region(region, since=since, members=0)
    assert caught.value.code == "E204"


def test_a_row_that_is_judged_is_no_news(caucasus: Region) -> None:
    """Three projects of the region are a coder's reading of the record: nobody reported that nothing was found."""
    result = watch_region(caucasus, since="2026-04-01", members=0)
    judged = {row.id for row in caucasus.rows("projects") if row.kind == "judgement"}
    kinds = {row["event"]: row["kind"] for row in result.alerts() if row["kind"] != "level"}
    assert judged
    assert {name for name, kind in kinds.items() if kind == "judgement"} == judged
    by_client = {one.client: one for one in result.readings if one.indicator.id == "projects"}
    assert by_client["AZE"].status == "none"
    assert by_client["ARM"].status == "new"
    assert not judged & {name for one in by_client.values() for name in one.to_dict()["new"]}
    assert any("no deal found" in row["text"] for row in result.alerts())


def test_the_command_prints_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[Any] = ["monitor", "south-caucasus", "--as-of", "2025-01-01", "--out", str(tmp_path)]
    code, document = run_json(capsys, *told)
    assert code == 0
    assert document["as_of"] == "2025-01-01"
    assert document["meta"]["as_of"] == "2025-01-01"
    assert (tmp_path / "status.html").exists()
