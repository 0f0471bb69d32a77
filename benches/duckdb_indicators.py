"""What DuckDB needs for ten anomaly indicators over the program's own lake: the yardstick of the nightly models' speed.

    python benches/duckdb_indicators.py LAKE [--as-of DAY] [--only C03,C05] [--memory 12GB] [--keep FOLDER] [--json]

Needs the `duckdb` package (tried with 2.0.1). Reads LAKE/feeds (live files of the Delta logs, revised rows and replaced snapshots
left out), writes the hits (entity_id, period, strength, value) of each indicator to Parquet, and compares them with the live rows of
the program's tables in LAKE/models. Prints a table: seconds of wall clock and of processor, peak memory, hits, hits that differ, and
the seconds the program took for the same indicator by its last run records. Ends with 1 when hits differ.

All indicators run one after the other in one process, as a nightly job would, with two threads. `claims` is the join of claims
with classes and standards that four indicators share, `overlaps` the persons with overlapping sessions for C04 and C05. Seconds of
the program: the indicator's table and every model that it is made of, each counted once, in the row that first needs it, from the
last run that computed it (after a night with few new rows that is their days only). They are of another hour than DuckDB's: where
the machine was not quiet in both, compare nothing but processor seconds of two runs of this script.

What is the same: input files, threads, definitions (exact integers, half-open times, days of Asia/Shanghai), keys, strengths, values.
What DuckDB does less, so its times flatter it:
- no evidence lists, no city, organisation and platform of a hit, no threshold, population, amount at risk or rule: several joins and
  sorts a table in the program;
- policy parameters are constants here (it stops where a parameter has several values), dated rows by city in the program;
- C07 is its device part alone; the program's seconds contain addresses and answers;
- nothing is kept for the next night: the program stores partial results by day, so that a later night computes new days only, and
  other tables (archive, platform scores, C06, C10, X01 and more) read the same ones; here each indicator looks at no more than what
  can hit, and only the few persons and days that can are put in order;
- no files by day that are sorted and byte-identical, no fingerprints, no tests of columns and keys.
What the program does less: it reads and orders the logs once for several indicators, where DuckDB reads them anew for each of C.
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import re
import sys
import tempfile
import time
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
THREADS = 2
#: Two units in the last place of a double, as a share of it.
ROUNDING = 2**-51
DIFFERENCES = ("only_duckdb", "only_program", "other_strength", "other_value")
FEEDS = ("study_logs", "enrolments", "classes", "claims", "courseware", "subsidy_standards", "attendance", "assessments")

# Subsidies of trainings that count, as A05 and A06 have them.
SUBSIDY = """
    kind IN ('platform_share', 'offline_share', 'full') AND status NOT IN ('rejected', 'refunded')
    AND occupation_code IS NOT NULL AND skill_level IS NOT NULL
"""

# The 16 hex digits in which people see a key.
KEY = "lpad(lower(hex(person_key)), 16, '0')"

# Study sessions as pieces of local days. Nearly all lie within one day; of the others, one piece a day up to the as-of day.
PIECE = """
piece AS (
    SELECT started_day AS local_day, person_key, epoch_us(started_at) AS start_us, epoch_us(ended_at) AS end_us
    FROM study_logs
    WHERE ended_day = started_day AND started_day <= {as_of}
    UNION ALL
    SELECT local_day, person_key, greatest(start_us, local_us(local_day)), least(end_us, local_us(local_day + 1))
    FROM (
        SELECT
            unnest(generate_series(started_day, least(ended_day, {as_of}), INTERVAL 1 DAY))::DATE AS local_day,
            person_key, epoch_us(started_at) AS start_us, epoch_us(ended_at) AS end_us
        FROM study_logs
        WHERE ended_day > started_day AND started_day <= {as_of}
    )
    WHERE end_us > local_us(local_day)
)
"""

CLAIMS = """
CREATE TEMP TABLE claim_facts AS
WITH
-- Standards as steps in time, so that ASOF finds the latest begun of those in force, or that none is.
boundary AS (
    SELECT city_code, occupation_code, skill_level, valid_from AS from_on FROM subsidy_standards
    UNION
    SELECT city_code, occupation_code, skill_level, valid_until + 1 FROM subsidy_standards WHERE valid_until IS NOT NULL
),
step AS (
    SELECT city_code, occupation_code, skill_level, from_on, arg_max(standard_fen, valid_from) AS standard_fen
    FROM boundary LEFT JOIN subsidy_standards AS s USING (city_code, occupation_code, skill_level)
    WHERE s.valid_from <= from_on AND (s.valid_until IS NULL OR s.valid_until >= from_on)
    GROUP BY ALL
    UNION ALL
    SELECT city_code, occupation_code, skill_level, from_on, NULL
    FROM boundary AS b
    WHERE NOT EXISTS (
        FROM subsidy_standards AS s
        WHERE s.city_code = b.city_code AND s.occupation_code = b.occupation_code AND s.skill_level = b.skill_level
          AND s.valid_from <= b.from_on AND (s.valid_until IS NULL OR s.valid_until >= b.from_on)
    )
)
SELECT
    c.claim_id, c.person_key, c.kind, c.status, c.city_code, c.amount_fen, c.claimed_on, c.payee_kind, c.account_key,
    k.occupation_code, k.skill_level, s.standard_fen
FROM claims AS c
LEFT JOIN enrolments AS e USING (enrolment_id)
LEFT JOIN classes AS k USING (class_id)
ASOF LEFT JOIN step AS s
    ON s.city_code = c.city_code AND s.occupation_code = k.occupation_code AND s.skill_level = k.skill_level AND s.from_on <= k.start_on
WHERE c.claimed_on <= {as_of}
"""

A05 = f"""
WITH entitlement AS (
    SELECT person_key, year(min(claimed_on)) AS claim_year
    FROM claim_facts
    WHERE {SUBSIDY}
    GROUP BY person_key, occupation_code, skill_level
)
SELECT {KEY} AS entity_id, claim_year::VARCHAR AS period, 'H' AS strength, count(*)::DOUBLE AS value
FROM entitlement
GROUP BY person_key, claim_year
HAVING count(*) * 1000000 > {{yearly_entitlement_limit}}
"""

A06 = f"""
WITH
by_standard AS (
    SELECT person_key, occupation_code, skill_level, standard_fen, sum(amount_fen) AS amount_fen, min(claimed_on) AS first_claimed_on
    FROM claim_facts
    WHERE {SUBSIDY}
    GROUP BY ALL
),
-- Millionths of a standard, rounded up.
entitlement AS (
    SELECT
        person_key, occupation_code, skill_level, min(first_claimed_on) AS first_claimed_on,
        sum(CASE WHEN standard_fen > 0 THEN (amount_fen * 1000000 + standard_fen - 1) // standard_fen END) AS share_e6
    FROM by_standard
    GROUP BY ALL
),
-- Level 5 is the lowest, 1 the highest; 0 is none.
lower_after_higher AS (
    SELECT l.person_key, l.occupation_code, l.skill_level, min(h.skill_level) AS higher_level
    FROM entitlement AS l
    JOIN entitlement AS h USING (person_key, occupation_code)
    WHERE h.skill_level > 0 AND h.skill_level < l.skill_level AND h.first_claimed_on < l.first_claimed_on
    GROUP BY ALL
)
SELECT
    {KEY} || '|' || occupation_code || '|' || skill_level AS entity_id, '' AS period,
    CASE WHEN share_e6 > 1000000 + {{repeat_tolerance}} THEN 'H' ELSE 'W' END AS strength,
    CASE WHEN share_e6 > 1000000 + {{repeat_tolerance}} THEN share_e6 / 1000000 ELSE higher_level END::DOUBLE AS value
FROM entitlement
LEFT JOIN lower_after_higher USING (person_key, occupation_code, skill_level)
WHERE share_e6 > 1000000 + {{repeat_tolerance}} OR higher_level IS NOT NULL
"""

B01 = """
SELECT claim_id AS entity_id, '' AS period, 'H' AS strength, CASE WHEN standard_fen > 0 THEN amount_fen / standard_fen END AS value
FROM claim_facts
WHERE kind = 'platform_share' AND status <> 'rejected' AND amount_fen * 1000000 > standard_fen * {platform_share_cap}
"""

B05 = """
SELECT
    lpad(lower(hex(account_key)), 16, '0') AS entity_id, '' AS period,
    CASE WHEN count(*) * 1000000 >= {shared_account_hard} THEN 'H' ELSE 'S' END AS strength, count(*)::DOUBLE AS value
FROM (
    SELECT DISTINCT account_key, person_key
    FROM claim_facts
    WHERE payee_kind = 'person' AND status <> 'rejected' AND account_key IS NOT NULL
)
GROUP BY account_key
HAVING count(*) > 1 AND count(*) * 1000000 >= least({shared_account_strong}, {shared_account_hard})
"""

C01 = """
SELECT
    enrolment_id AS entity_id, '' AS period, CASE WHEN mode = 'online' THEN 'W' ELSE 'H' END AS strength,
    online_seconds / (online_seconds + offline_seconds) AS value
FROM enrolments
JOIN classes USING (class_id)
WHERE completed_on <= {as_of} AND online_seconds * 1000000 > (online_seconds + offline_seconds) * {online_share_cap}
"""

# The union is never longer than the sum: only days whose sum is above the lowest limit are put in order.
C03 = f"""
WITH
{PIECE},
heavy AS MATERIALIZED (
    SELECT local_day, person_key, sum(end_us - start_us) AS sum_us
    FROM piece
    WHERE end_us > start_us
    GROUP BY ALL
    HAVING sum_us > least({{daily_hours_weak}}, {{daily_hours_hard}}) * 2700
),
reached AS (
    SELECT
        local_day, person_key, sum_us, start_us, end_us,
        max(end_us) OVER (
            PARTITION BY local_day, person_key ORDER BY start_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reach_us
    FROM piece JOIN heavy USING (local_day, person_key)
    WHERE end_us > start_us
),
total AS (
    SELECT
        local_day, person_key, any_value(sum_us) AS sum_us,
        sum(greatest(end_us - greatest(start_us, coalesce(reach_us, start_us)), 0)) AS union_us
    FROM reached
    GROUP BY ALL
)
SELECT
    {KEY} AS entity_id, local_day::VARCHAR AS period,
    CASE
        WHEN sum_us > {{daily_hours_hard}} * 2700 THEN 'H' WHEN union_us > {{daily_hours_strong}} * 2700 THEN 'S' ELSE 'W'
    END AS strength,
    CASE WHEN sum_us > {{daily_hours_hard}} * 2700 THEN sum_us ELSE union_us END / 2700000000 AS value
FROM total
WHERE sum_us > {{daily_hours_hard}} * 2700 OR union_us > {{daily_hours_weak}} * 2700
"""

# If any two sessions of a person overlap, two that follow each other by their start do: one pass with lag finds the few persons.
OVERLAPS = """
CREATE TEMP TABLE overlapping_person AS
SELECT DISTINCT person_key
FROM (
    SELECT person_key
    FROM (
        SELECT person_key, epoch_us(started_at) AS start_us, epoch_us(ended_at) AS end_us
        FROM study_logs
        WHERE epoch_us(ended_at) > epoch_us(started_at)
    )
    QUALIFY lag(end_us) OVER (PARTITION BY person_key ORDER BY start_us) > start_us
)
"""

# The sessions of such persons are compared with the furthest reach of all before; those of all persons with their presence elsewhere.
C04 = f"""
WITH
session AS (
    SELECT person_key, started_day, epoch_us(started_at) AS start_us, epoch_us(ended_at) AS end_us
    FROM study_logs
    WHERE epoch_us(ended_at) - epoch_us(started_at) > {{overlap_tolerance_seconds}}
),
reached AS (
    SELECT
        person_key, started_day, start_us, end_us,
        max(end_us) OVER (
            PARTITION BY person_key ORDER BY start_us, end_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reach_us
    FROM session SEMI JOIN overlapping_person USING (person_key)
),
presence AS (
    SELECT
        person_key, signed_in_day AS first_day, signed_out_day AS last_day, epoch_us(signed_in_at) AS from_us,
        epoch_us(signed_out_at) AS until_us
    FROM attendance
    WHERE signed_out_at > signed_in_at
    UNION ALL
    SELECT person_key, started_day, ended_day, epoch_us(started_at), epoch_us(ended_at)
    FROM assessments
    WHERE ended_at > started_at
),
-- Both by every local day that they touch, with whole times: an overlap counts on the day on which it begins.
present AS (
    SELECT first_day AS local_day, person_key, from_us, until_us FROM presence
    UNION ALL
    SELECT unnest(generate_series(first_day + 1, least(last_day, {{as_of}}), INTERVAL 1 DAY))::DATE, person_key, from_us, until_us
    FROM presence
    WHERE last_day > first_day
),
touched AS (
    SELECT started_day AS local_day, person_key, start_us, end_us FROM session
    UNION ALL
    SELECT
        unnest(generate_series(started_day + 1, least(ended_day, {{as_of}}), INTERVAL 1 DAY))::DATE,
        person_key, epoch_us(started_at), epoch_us(ended_at)
    FROM study_logs
    WHERE ended_day > started_day AND epoch_us(ended_at) - epoch_us(started_at) > {{overlap_tolerance_seconds}}
),
overlap AS (
    SELECT person_key, started_day AS local_day, least(end_us, reach_us) - start_us AS overlap_us
    FROM reached
    WHERE reach_us > start_us
    UNION ALL
    SELECT person_key, local_day, least(end_us, until_us) - greatest(start_us, from_us) AS overlap_us
    FROM touched
    JOIN present USING (local_day, person_key)
    WHERE start_us < until_us AND from_us < end_us
      AND greatest(start_us, from_us) >= local_us(local_day) AND greatest(start_us, from_us) < local_us(local_day + 1)
)
SELECT {KEY} AS entity_id, local_day::VARCHAR AS period, 'S' AS strength, max(overlap_us) / 1000000 AS value
FROM overlap
WHERE overlap_us > {{overlap_tolerance_seconds}} AND local_day <= {{as_of}}
GROUP BY person_key, local_day
"""

# Without overlaps a union is a sum. Sessions of an enrolment can overlap only if those of one person do, or if several persons logged
# for it; only such enrolments are put in order.
C05 = """
WITH
session AS (
    SELECT
        enrolment_id, item_id, person_key, watched_seconds, epoch_us(started_at) AS start_us,
        least(greatest(epoch_us(ended_at), epoch_us(started_at)), local_us({as_of} + 1)) AS end_us
    FROM study_logs
    WHERE started_day <= {as_of}
),
logged AS MATERIALIZED (
    SELECT
        enrolment_id, sum(end_us - start_us) AS sum_us, sum(watched_seconds) AS watched_seconds,
        min(person_key) AS person_key, max(person_key) AS last_person_key
    FROM session
    GROUP BY enrolment_id
),
suspect AS MATERIALIZED (
    SELECT enrolment_id
    FROM logged
    WHERE last_person_key <> person_key OR person_key IN (FROM overlapping_person)
),
in_order AS (
    SELECT
        enrolment_id, item_id, start_us, end_us,
        max(end_us) OVER (
            PARTITION BY enrolment_id ORDER BY start_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reach_us,
        max(end_us) OVER (
            PARTITION BY enrolment_id, item_id ORDER BY start_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS item_reach_us
    FROM session SEMI JOIN suspect USING (enrolment_id)
),
wall_clock AS (
    SELECT enrolment_id, sum(greatest(end_us - greatest(start_us, coalesce(reach_us, start_us)), 0)) AS union_us
    FROM in_order
    GROUP BY enrolment_id
),
item AS (
    SELECT enrolment_id, item_id, sum(end_us - start_us) AS item_us
    FROM session ANTI JOIN suspect USING (enrolment_id)
    GROUP BY ALL
    UNION ALL
    SELECT enrolment_id, item_id, sum(greatest(end_us - greatest(start_us, coalesce(item_reach_us, start_us)), 0)) AS item_us
    FROM in_order
    GROUP BY ALL
),
capped AS (
    SELECT enrolment_id, sum(least(item_us, video_seconds * 1000000)) AS capped_us
    FROM item LEFT JOIN courseware USING (item_id)
    GROUP BY enrolment_id
),
support AS (
    SELECT
        enrolment_id, watched_seconds, coalesce(union_us, sum_us) AS union_us,
        least(coalesce(union_us, sum_us), capped_us) AS supported_us
    FROM logged
    JOIN capped USING (enrolment_id)
    LEFT JOIN wall_clock USING (enrolment_id)
),
judged AS (
    SELECT
        enrolment_id, online_seconds, coalesce(supported_us, 0) AS supported_us, watched_seconds, union_us,
        s.enrolment_id IS NULL AS without_log,
        coalesce(supported_us, 0) < online_seconds * {supported_share_minimum} AS unsupported,
        coalesce(watched_seconds * 1000000000000 > union_us * {watched_ratio_strong}, false) AS faster_strong,
        coalesce(watched_seconds * 1000000000000 > union_us * {watched_ratio_hard}, false) AS faster_hard
    FROM enrolments AS e
    LEFT JOIN support AS s USING (enrolment_id)
    WHERE e.enrolled_on <= {as_of} AND e.online_seconds > 0
)
SELECT
    enrolment_id AS entity_id, '' AS period, CASE WHEN without_log OR faster_hard THEN 'H' ELSE 'S' END AS strength,
    CASE
        WHEN without_log THEN 0.0::DOUBLE
        WHEN faster_hard OR NOT unsupported THEN CASE WHEN union_us > 0 THEN watched_seconds * 1000000 / union_us END
        ELSE supported_us / (online_seconds * 1000000)
    END AS value
FROM judged
WHERE without_log OR unsupported OR faster_strong OR faster_hard
"""

C07 = """
WITH
candidate AS MATERIALIZED (
    SELECT device_id
    FROM (SELECT DISTINCT device_id, person_key FROM study_logs WHERE device_id IS NOT NULL AND started_day <= {as_of})
    GROUP BY device_id
    -- As one CASE, so that the test of the text is not pushed below the grouping and made for every session.
    HAVING CASE WHEN count(*) * 1000000 >= least({device_persons_span}, {device_persons_hour}) THEN NOT is_placeholder(device_id) END
),
counted AS (
    SELECT
        device_id,
        count(DISTINCT person_key) OVER (
            PARTITION BY device_id ORDER BY epoch_us(started_at) RANGE BETWEEN {device_span_days} * 86400 - 1 PRECEDING AND CURRENT ROW
        ) AS span_persons,
        count(DISTINCT person_key) OVER (
            PARTITION BY device_id ORDER BY epoch_us(started_at) RANGE BETWEEN {device_hour_minutes} * 60 - 1 PRECEDING AND CURRENT ROW
        ) AS hour_persons
    FROM study_logs SEMI JOIN candidate USING (device_id)
    WHERE started_day <= {as_of}
),
peak AS (
    SELECT device_id, max(span_persons) AS span_persons, max(hour_persons) AS hour_persons FROM counted GROUP BY device_id
)
SELECT
    device_id AS entity_id, '' AS period, 'S' AS strength,
    CASE WHEN span_persons * 1000000 >= {device_persons_span} THEN span_persons ELSE hour_persons END::DOUBLE AS value
FROM peak
WHERE span_persons * 1000000 >= {device_persons_span} OR hour_persons * 1000000 >= {device_persons_hour}
"""

# Minutes with too few ends fall out first; the rate is worked out for items with a minute of many persons only.
C08 = """
WITH
ended AS (
    SELECT
        item_id, person_key, epoch_us(ended_at) // 3600000000 AS hour, epoch_us(ended_at) // 60000000 AS minute,
        epoch_us(ended_at) // 1000000 AS second
    FROM study_logs
    WHERE ended_at >= started_at AND ended_day <= {as_of}
),
dense_minute AS MATERIALIZED (
    SELECT item_id, minute
    FROM ended
    GROUP BY ALL
    HAVING count(*) * 1000000 >= least({same_second_persons}, {same_minute_persons})
),
crowd AS MATERIALIZED (
    SELECT item_id, minute, second, person_key FROM ended SEMI JOIN dense_minute USING (item_id, minute)
),
by_second AS (
    SELECT item_id, minute, max(persons) AS second_persons
    FROM (SELECT item_id, minute, second, count(DISTINCT person_key) AS persons FROM crowd GROUP BY ALL)
    GROUP BY ALL
),
by_minute AS (
    SELECT item_id, minute, count(DISTINCT person_key) AS minute_persons FROM crowd GROUP BY ALL
),
rate AS (
    SELECT item_id, count(*) / count(DISTINCT hour) / 60 AS mean
    FROM ended SEMI JOIN (FROM by_minute WHERE minute_persons * 1000000 >= {same_minute_persons}) USING (item_id)
    GROUP BY item_id
),
judged AS (
    SELECT
        item_id, minute, second_persons, minute_persons, second_persons * 1000000 >= {same_second_persons} AS in_second,
        coalesce(
            minute_persons * 1000000 >= {same_minute_persons}
            AND poisson_upper_tail(minute_persons, mean) * 1000000 < {same_minute_p}, false
        ) AS in_minute
    FROM by_minute
    JOIN by_second USING (item_id, minute)
    LEFT JOIN rate USING (item_id)
)
SELECT
    item_id AS entity_id, strftime(make_timestamp(minute * 60000000 + 28800000000), '%Y-%m-%d %H:%M') AS period, 'S' AS strength,
    CASE WHEN in_second THEN second_persons ELSE minute_persons END::DOUBLE AS value
FROM judged
WHERE in_second OR in_minute
"""

# Functions: local midnight as microseconds since 1970 UTC, and two that the program adds to its SQL.
MACROS = (
    "local_us(day) AS epoch_us(day::TIMESTAMP) - 28800000000",
    """is_placeholder(text) AS regexp_full_match(text, '[0-9]+') AND (
        text = '0' OR (length(text) > 1 AND replace(text, text[1], '') = '')
        OR (length(text) > 5 AND (
            contains(repeat('0123456789', length(text) // 10 + 2), text) OR contains(repeat('9876543210', length(text) // 10 + 2), text)
        ))
    )""",
    """poisson_upper_tail(least_count, mean) AS
        1 - list_sum(list_transform(range(least_count), lambda i: exp(i * ln(mean) - mean - lgamma(i + 1))))""",
)

#: Steps that several indicators share; they give no hits.
SHARED = {"claims": {"A05", "A06", "B01", "B05"}, "overlaps": {"C04", "C05"}}

#: Name of the step -> the program's table, if it has one, and the query.
STEPS = {
    "claims": ("claim_facts", CLAIMS),
    "A05": ("a05_over_yearly_limit", A05),
    "A06": ("a06_same_level_repeat", A06),
    "B01": ("b01_platform_share_over_cap", B01),
    "B05": ("b05_shared_account", B05),
    "C01": ("c01_online_share_over_cap", C01),
    "overlaps": ("", OVERLAPS),
    "C03": ("c03_impossible_load", C03),
    "C04": ("c04_time_conflict", C04),
    "C05": ("c05_unsupported_hours", C05),
    "C07": ("c07_shared_device", C07),
    "C08": ("c08_synchronous_completion", C08),
}


def live_files(table: Path) -> list[str]:
    """The live files of a Delta table; the program writes no checkpoints."""
    live: dict[str, None] = {}
    for version in sorted((table / "_delta_log").glob("*.json")):
        for line in version.read_text(encoding="utf-8").splitlines():
            action = json.loads(line) if line else {}
            if "add" in action:
                live[unquote(action["add"]["path"])] = None
            elif "remove" in action:
                live.pop(unquote(action["remove"]["path"]), None)
    return [str(table / path) for path in live]


def rows_of(table: Path) -> str:
    """A table's live rows as something to select from; empty text when it has none."""
    files = live_files(table)
    # the partition folders repeat a column that the files have
    return f"read_parquet({files!r}, hive_partitioning = false)" if files else ""


def open_lake(database: duckdb.DuckDBPyConnection, lake: Path) -> None:
    """Views of the feeds as they stand: revised rows left out, of snapshots the newest of each city."""
    revisions, loads = rows_of(lake / "system/revisions"), rows_of(lake / "system/loads")
    for feed in FEEDS:
        rows = rows_of(lake / "feeds" / feed)
        if not rows:
            raise SystemExit(f"{lake} has no rows of {feed}")
        query = f"SELECT * FROM {rows}"
        replaced = f"(SELECT _load_seq, _line FROM {revisions} WHERE feed = '{feed}')" if revisions else ""
        if replaced and database.execute(f"SELECT count(*) FROM {replaced}").fetchone() != (0,):
            query += f" ANTI JOIN {replaced} USING (_load_seq, _line)"
        contract = tomllib.loads((PROJECT / f"pipelines/feeds/{feed}.toml").read_text(encoding="utf-8"))
        if contract["mode"] == "snapshot":
            query = f"""
                FROM ({query}) SEMI JOIN (
                    SELECT city_code, max(load_seq) AS _load_seq FROM {loads} WHERE feed = '{feed}' AND rows_accepted > 0 GROUP BY ALL
                ) USING (city_code, _load_seq)
            """
        database.execute(f"CREATE VIEW {feed} AS {query}")


def parameters(as_of: datetime.date) -> dict[str, str]:
    """Policy parameters in millionths, and the as-of day, as SQL literals."""
    found = {"as_of": f"DATE '{as_of}'"}
    for path in sorted((PROJECT / "pipelines/policy").glob("*.toml")):
        for parameter in tomllib.loads(path.read_text(encoding="utf-8")).get("parameter", []):
            used = any(f"{{{parameter['name']}}}" in query for _, query in STEPS.values())
            if used and len(parameter["value"]) > 1:
                raise SystemExit(f"{parameter['name']} has several values: these queries know one for all cities and days")
            found[parameter["name"]] = f"{int(Decimal(parameter['value'][0]['value']) * 1_000_000)}::BIGINT"
    return found


def peak_rss_mb(reset: bool = False) -> float:
    """The process's peak memory since the last reset (Linux)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def run(lake: Path, out: Path, as_of: datetime.date, names: list[str], memory: str, answer: Any) -> None:
    """All timed queries, in a process of their own."""
    database = duckdb.connect()
    database.execute(f"SET threads = {THREADS}; SET preserve_insertion_order = false; SET enable_progress_bar = false")
    database.execute(f"SET memory_limit = '{memory}'; SET temp_directory = '{out / 'spill'}'")
    for macro in MACROS:
        database.execute(f"CREATE MACRO {macro}")
    open_lake(database, lake)
    limits, results = parameters(as_of), []
    for name in names:
        query = STEPS[name][1].format(**limits)
        if name not in SHARED:
            query = f"COPY ({query}) TO '{out / name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        peak_rss_mb(reset=True)
        started, worked = time.perf_counter(), time.process_time()
        (rows,) = database.execute(query).fetchone() or (0,)
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - worked
        hits = 0 if name in SHARED else rows
        results.append({"name": name, "seconds": seconds, "cpu_seconds": cpu_seconds, "peak_rss_mb": peak_rss_mb(), "hits": hits})
    answer.put(results)


def run_apart(*arguments: Any) -> list[dict[str, Any]]:
    """The run in a new process; its answer, or its failure."""
    context = multiprocessing.get_context("spawn")
    answer = context.SimpleQueue()
    process = context.Process(target=run, args=(*arguments, answer))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"the run failed with exit code {process.exitcode}")
    found: list[dict[str, Any]] = answer.get()
    return found


def compare_hits(lake: Path, name: str, hits: Path) -> dict[str, Any]:
    """How the hits differ from the program's; empty when the lake has no such table."""
    rows = rows_of(lake / "models" / STEPS[name][0])
    if not rows:
        return {}
    only = "WHERE entity_kind = 'device'" if name == "C07" else ""
    # A value is one division of two integers. The engine of the program multiplies by the inverse where the divisor is a constant, so
    # that the last bit may differ.
    counts = duckdb.connect().execute(f"""
        WITH pair AS (
            SELECT
                p.entity_id IS NULL AS only_duckdb, d.entity_id IS NULL AS only_program, p.strength <> d.strength AS other_strength,
                p.value IS DISTINCT FROM d.value AND NOT (only_duckdb OR only_program) AS other_value,
                coalesce(abs(p.value - d.value) <= {ROUNDING} * abs(p.value), false) AS near
            FROM (SELECT entity_id, period, strength, value FROM {rows} {only}) AS p
            FULL JOIN '{hits}' AS d ON d.entity_id = p.entity_id AND d.period = p.period
        )
        SELECT
            count_if(NOT only_duckdb), count_if(only_duckdb), count_if(only_program), count_if(other_strength),
            count_if(other_value AND NOT near), count_if(other_value AND near)
        FROM pair
    """).fetchone() or (0,) * 6
    return dict(zip(("program_hits", *DIFFERENCES, "last_bit"), counts, strict=True))


def run_records(lake: Path) -> list[dict[str, Any]]:
    """The lake's run records, newest first."""
    paths = sorted((lake / "system/run_records").glob("*.json"), reverse=True)
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def program_seconds(lake: Path, names: list[str]) -> dict[str, float]:
    """What the program took for each step, as its last records have it; a model that several need counts for the first."""
    took: dict[str, float] = {}
    for record in run_records(lake):
        for model in record.get("models", []):
            if model["computed"]:
                took.setdefault(model["name"], model["seconds"])
    reads: dict[str, set[str]] = {}
    for path in (PROJECT / "sql").rglob("*.sql"):
        query = path.read_text(encoding="utf-8").rpartition("*/")[2]
        own = set(re.findall(r"(\w+) AS \(", query))
        reads[path.stem.lower()] = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", query)) - own
    seconds, counted = {}, set()

    def count(model: str) -> float:
        if model in counted or model not in reads:
            return 0.0
        counted.add(model)
        return took.get(model, 0.0) + sum(count(source) for source in sorted(reads[model]))

    for name in names:
        table = STEPS[name][0]
        own = count(table)
        if table in took:
            seconds[name] = own
    return seconds


def table_of(results: list[dict[str, Any]]) -> str:
    """The results as text."""
    lines = [f"{'':8}{'seconds':>9}{'cpu':>8}{'peak MB':>9}{'hits':>9}  {'program: hits':>13}{'seconds':>9}  difference"]
    for row in results:
        program = f"{'-' if row.get('program_hits') is None else row['program_hits']:>13}" + (f"{row['program_seconds']:9.2f}" if "program_seconds" in row else f"{'-':>9}")
        if row.get("differs"):
            difference = ", ".join(f"{name} {row[name]}" for name in DIFFERENCES if row[name])
        else:
            difference = "none" if "program_hits" in row else ""
            difference += f" (last bit of {row['last_bit']} values)" if row.get("last_bit") else ""
        hits = row["hits"] if row["name"] not in SHARED else ""
        own = f"{row['name']:8}{row['seconds']:9.2f}{row['cpu_seconds']:8.2f}{row['peak_rss_mb']:9.0f}{hits:>9}"
        lines.append(f"{own}  {program}  {difference}".rstrip())
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lake", type=Path)
    parser.add_argument("--as-of", type=datetime.date.fromisoformat, help="default: that of the lake's last run")
    parser.add_argument("--only", default=",".join(STEPS), help="indicators, separated by commas")
    parser.add_argument("--memory", default="12GB", help="what DuckDB may use before it spills to disk")
    parser.add_argument("--keep", type=Path, help="where the hits stay")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    records = run_records(arguments.lake)
    as_of = arguments.as_of or datetime.date.fromisoformat(records[0]["as_of"])
    wanted = set(arguments.only.split(","))
    names = [name for name in STEPS if name in wanted or SHARED.get(name, set()) & wanted]
    with tempfile.TemporaryDirectory() as folder:
        out = arguments.keep or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        results = run_apart(arguments.lake, out, as_of, names, arguments.memory)
        seconds = program_seconds(arguments.lake, names)
        for row in results:
            if row["name"] not in SHARED:
                row.update(compare_hits(arguments.lake, row["name"], out / f"{row['name']}.parquet"))
            row["differs"] = any(row.get(key) for key in DIFFERENCES)
            if row["name"] in seconds:
                row["program_seconds"] = seconds[row["name"]]
    total = {key: sum(row[key] for row in results) for key in ("seconds", "cpu_seconds", "hits")}
    total |= {"name": "sum", "peak_rss_mb": max(row["peak_rss_mb"] for row in results)}
    if seconds:
        total["program_seconds"] = sum(seconds.values())
    if arguments.json:
        print(json.dumps({"duckdb_version": duckdb.__version__, "as_of": str(as_of), "steps": results, "sum": total}))
    else:
        print(table_of([*results, total]))
    sys.exit(any(row["differs"] for row in results))


if __name__ == "__main__":
    main()
