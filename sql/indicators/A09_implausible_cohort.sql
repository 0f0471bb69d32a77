/*
title_zh = "学员结构异常"
title_en = "Implausible cohort of a class"
description_zh = """
人数达到下限的班级中，学员过于相似、难以自然形成的：开班时年龄相差极小且平均年龄偏低；几乎全部出生于同一时间窗内（按月计，\
首尾均含）；几乎全部身份号码出自本市以外的同一个县（市、区）；或有一串连续号码。样本标准差和平均年龄按已知年龄计算，\
年龄为天数除以365.2425；各占比的分母为班级全部人员。区划按现属的市确定，不明区划按其前四位所指的市确定。有多个原因的，\
指标值和阈值依次取：年龄离散程度、时间窗内占比、同县占比、最长连号的长度。统计基准日之后开班的班级不检验。"""
description_en = """
Classes of enough persons whose learners are too much alike to have come together by chance: ages at class start that hardly differ around a \
low mean; nearly all born within a window of months (closed at both ends); nearly all citizen numbers from one county outside the class's \
city; or a run of consecutive numbers. The sample standard deviation and mean are of the ages that are known, in days over 365.2425; the \
shares are of all persons of the class. A division is of the city that holds it today, an unknown one of the city that its first four digits \
name. Of several reasons value and threshold show the first in this order: spread of ages, share in the window, share of the county, length \
of the longest run. Classes that start after the as-of day are not tested."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（一）", "notice 三（三）"]
policy = [
    "cohort_minimum_persons",
    "cohort_age_spread",
    "cohort_mean_age",
    "cohort_birth_window",
    "cohort_birth_share",
    "cohort_division_share",
    "cohort_number_run",
]

[indicator]
id = "A09"
key = "implausible_cohort"
names_enrolments = true
title_zh = "学员结构异常"
title_en = "Implausible cohort of a class"
scheme_zh = "学校交来一届学生，或中介交来一箱身份证复印件，充作失业人员的班级"
scheme = "a school hands over a year's pupils, or an agent a box of copied identity cards, as a class of the unemployed"
strength = "S"
grain_zh = "班级"
grain = "class"
threshold_zh = "不少于cohort_minimum_persons（15）人，且：年龄标准差低于cohort_age_spread（1.5岁）而平均年龄低于cohort_mean_age（20岁）；或cohort_birth_share（0.9）及以上的人出生在cohort_birth_window（24个月）之内；或cohort_division_share（0.9）及以上的人身份号码出自本市以外同一县（市、区）；或有cohort_number_run（5）个及以上连续号码"
threshold = "of cohort_minimum_persons (15) or more: sd of ages below cohort_age_spread (1.5 years) and mean below cohort_mean_age (20); cohort_birth_share (0.9) born within cohort_birth_window (24 months); cohort_division_share (0.9) of one county outside the city; cohort_number_run (5) or more consecutive numbers"
policy_reference = "default; 鲁人社字〔2020〕72号 三（三）补贴实名制管理"
false_positives_zh = "依法享受补贴的技工院校班；同一届毕业生；从同一县招来工人的用人单位；同一批编号的村庄；号码中的区划是首次登记地而非现住地"
false_positives = "classes of technical schools that are legally funded; graduates of one year; an employer that brings workers from one county; villages whose numbers were issued in one round; the division in a number is that of first registration, not of today's home"
ask_for_zh = "学籍、与学校签订的合同、居住证或劳动合同，以及随机抽取学员走访或电话核实"
ask_for = "the school roll and the contract with the school, residence permits or labour contracts, and a visit or calls to learners drawn at random"
*/
WITH
member AS (
    SELECT
        e.class_id,
        e.person_key,
        MAX(e.birth_on) AS birth_on,
        MAX(e.id_division) AS id_division
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    WHERE e.enrolled_on <= r.as_of
    GROUP BY e.class_id, e.person_key
),
size AS (
    SELECT class_id, COUNT(*) AS persons FROM member GROUP BY class_id
),
started AS (
    SELECT
        z.class_id,
        z.persons,
        k.city_code,
        k.org_id,
        k.platform_id,
        k.start_on,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM size AS z
    CROSS JOIN run_context AS r
    INNER JOIN classes AS k ON k.class_id = z.class_id
    LEFT JOIN cities AS a ON a.city_code = k.city_code
    WHERE k.start_on <= r.as_of
),
cohort AS (
    SELECT s.class_id, s.persons, s.city_code, s.org_id, s.platform_id, s.start_on, s.policy_city_code
    FROM started AS s
    INNER JOIN policy AS p ON p.city_code = s.policy_city_code
    WHERE p.parameter = 'cohort_minimum_persons'
      AND s.start_on >= p.valid_from
      AND s.start_on <= p.valid_until
      AND s.persons * 1000000 >= p.value_e6
),
tested AS (
    SELECT COUNT(*) AS population FROM cohort
),
limited AS (
    SELECT
        c.class_id,
        MAX(CASE WHEN p.parameter = 'cohort_age_spread' THEN p.value END) AS age_spread,
        MAX(CASE WHEN p.parameter = 'cohort_mean_age' THEN p.value END) AS mean_age,
        MAX(CASE WHEN p.parameter = 'cohort_birth_window' THEN p.value_e6 END) AS birth_window_e6,
        MAX(CASE WHEN p.parameter = 'cohort_birth_share' THEN p.value END) AS birth_share,
        MAX(CASE WHEN p.parameter = 'cohort_birth_share' THEN p.value_e6 END) AS birth_share_e6,
        MAX(CASE WHEN p.parameter = 'cohort_division_share' THEN p.value END) AS division_share,
        MAX(CASE WHEN p.parameter = 'cohort_division_share' THEN p.value_e6 END) AS division_share_e6,
        MAX(CASE WHEN p.parameter = 'cohort_number_run' THEN p.value END) AS number_run,
        MAX(CASE WHEN p.parameter = 'cohort_number_run' THEN p.value_e6 END) AS number_run_e6
    FROM cohort AS c
    INNER JOIN policy AS p ON p.city_code = c.policy_city_code
    WHERE p.parameter LIKE 'cohort_%' AND c.start_on >= p.valid_from AND c.start_on <= p.valid_until
    GROUP BY c.class_id
),
-- Dates as parts for the day number (March is the first month of its year, so that the leap day is the last).
dated AS (
    SELECT
        m.class_id,
        m.person_key,
        m.birth_on,
        CAST(EXTRACT(YEAR FROM m.birth_on) AS BIGINT) AS birth_year,
        CAST(EXTRACT(MONTH FROM m.birth_on) AS BIGINT) AS birth_month,
        CAST(EXTRACT(DAY FROM m.birth_on) AS BIGINT) AS birth_day,
        CAST(EXTRACT(YEAR FROM c.start_on) AS BIGINT) AS start_year,
        CAST(EXTRACT(MONTH FROM c.start_on) AS BIGINT) AS start_month,
        CAST(EXTRACT(DAY FROM c.start_on) AS BIGINT) AS start_day
    FROM member AS m
    INNER JOIN cohort AS c ON c.class_id = m.class_id
    WHERE m.birth_on IS NOT NULL
),
shifted AS (
    SELECT
        class_id,
        person_key,
        -- Whole months and the day: two dates are at most n months apart where these differ by at most 32 n.
        (birth_year * 12 + birth_month) * 32 + birth_day AS birth_serial,
        birth_day,
        start_day,
        CASE WHEN birth_month > 2 THEN birth_year ELSE birth_year - 1 END AS birth_year,
        CASE WHEN birth_month > 2 THEN birth_month - 3 ELSE birth_month + 9 END AS birth_month,
        CASE WHEN start_month > 2 THEN start_year ELSE start_year - 1 END AS start_year,
        CASE WHEN start_month > 2 THEN start_month - 3 ELSE start_month + 9 END AS start_month
    FROM dated
),
aged AS (
    SELECT
        class_id,
        person_key,
        birth_serial,
        CAST(
            start_year * 365 + FLOOR(start_year / 4) - FLOOR(start_year / 100) + FLOOR(start_year / 400)
            + FLOOR((start_month * 153 + 2) / 5) + start_day
            - birth_year * 365 - FLOOR(birth_year / 4) + FLOOR(birth_year / 100) - FLOOR(birth_year / 400)
            - FLOOR((birth_month * 153 + 2) / 5) - birth_day
            AS BIGINT
        ) AS age_days
    FROM shifted
),
-- Sums of integers are the same in whatever order rows come; the last digit of STDDEV and AVG is not.
age_sum AS (
    SELECT
        class_id,
        COUNT(age_days) AS persons,
        SUM(age_days) AS days,
        SUM(age_days * age_days) AS square_days
    FROM aged
    GROUP BY class_id
),
spread AS (
    SELECT
        class_id,
        SQRT(CAST(persons * square_days - days * days AS DOUBLE) / CAST(persons * (persons - 1) AS DOUBLE)) / 365.2425 AS age_sd,
        CAST(days AS DOUBLE) / CAST(persons AS DOUBLE) / 365.2425 AS age_mean
    FROM age_sum
    WHERE persons > 1
),
of_one_age AS (
    SELECT s.class_id, s.age_sd AS value, l.age_spread AS threshold
    FROM spread AS s
    INNER JOIN limited AS l ON l.class_id = s.class_id
    WHERE s.age_sd < l.age_spread AND s.age_mean < l.mean_age
),
-- Enough learners lie within a window where, in order of birth, one and the last of the needed number from it on do.
ranked AS (
    SELECT
        g.class_id,
        g.birth_serial,
        ROW_NUMBER() OVER (PARTITION BY g.class_id ORDER BY g.birth_serial, g.person_key) AS place,
        CAST(CEIL(c.persons * l.birth_share_e6 / 1000000) AS BIGINT) AS needed,
        l.birth_window_e6
    FROM aged AS g
    INNER JOIN cohort AS c ON c.class_id = g.class_id
    INNER JOIN limited AS l ON l.class_id = g.class_id
),
first_born AS (
    SELECT class_id, birth_serial, place + needed - 1 AS last_place, birth_window_e6 FROM ranked
),
windowed AS (
    SELECT DISTINCT f.class_id
    FROM first_born AS f
    INNER JOIN ranked AS l ON l.class_id = f.class_id AND l.place = f.last_place
    WHERE (l.birth_serial - f.birth_serial) * 1000000 <= f.birth_window_e6 * 32
),
-- The fullest window of such a class, to show.
filled AS (
    SELECT f.class_id, f.place, COUNT(*) AS born
    FROM ranked AS f
    LEFT SEMI JOIN windowed AS w ON w.class_id = f.class_id
    INNER JOIN ranked AS l ON l.class_id = f.class_id
    WHERE l.birth_serial >= f.birth_serial AND (l.birth_serial - f.birth_serial) * 1000000 <= f.birth_window_e6 * 32
    GROUP BY f.class_id, f.place
),
born_together AS (
    SELECT f.class_id, MAX(f.born) / MAX(c.persons) AS value, MAX(l.birth_share) AS threshold
    FROM filled AS f
    INNER JOIN cohort AS c ON c.class_id = f.class_id
    INNER JOIN limited AS l ON l.class_id = f.class_id
    GROUP BY f.class_id
),
registered AS (
    SELECT m.class_id, m.id_division, SUBSTR(m.id_division, 1, 4) || '00' AS named_city_code, COUNT(*) AS persons
    FROM member AS m
    WHERE m.id_division IS NOT NULL
    GROUP BY m.class_id, m.id_division
),
from_one_county AS (
    SELECT g.class_id, MAX(g.persons) / MAX(c.persons) AS value, MAX(l.division_share) AS threshold
    FROM registered AS g
    INNER JOIN cohort AS c ON c.class_id = g.class_id
    INNER JOIN limited AS l ON l.class_id = g.class_id
    LEFT JOIN divisions AS d ON d.code = g.id_division
    LEFT JOIN divisions AS f ON f.code = g.named_city_code
    WHERE g.persons * 1000000 >= c.persons * l.division_share_e6
      AND COALESCE(d.city_code, f.city_code, g.named_city_code) <> c.city_code
    GROUP BY g.class_id
),
-- A node is the class, a bar and 16 hex digits.
in_run AS (
    SELECT LEFT(g.node, LENGTH(g.node) - 17) AS class_id, RIGHT(g.node, 16) AS person_hex, g.group_id
    FROM a09_number_runs AS g
),
run AS (
    SELECT class_id, group_id, COUNT(*) AS numbers FROM in_run GROUP BY class_id, group_id
),
long_run AS (
    SELECT r.class_id, r.group_id, r.numbers, l.number_run
    FROM run AS r
    INNER JOIN limited AS l ON l.class_id = r.class_id
    WHERE r.numbers * 1000000 >= l.number_run_e6
),
reason AS (
    SELECT class_id, 1 AS place, value, threshold, '年龄集中' AS rule_ref FROM of_one_age
    UNION ALL
    SELECT class_id, 2 AS place, value, threshold, '出生时间集中' AS rule_ref FROM born_together
    UNION ALL
    SELECT class_id, 3 AS place, value, threshold, '证件区划集中于外地一县' AS rule_ref FROM from_one_county
    UNION ALL
    SELECT class_id, 4 AS place, CAST(MAX(numbers) AS DOUBLE) AS value, MAX(number_run) AS threshold, '身份号码连续' AS rule_ref
    FROM long_run
    GROUP BY class_id
),
hit AS (
    SELECT r.class_id, r.value, r.threshold, r.rule_ref
    FROM reason AS r
    INNER JOIN (SELECT class_id, MIN(place) AS place FROM reason GROUP BY class_id) AS f
        ON f.class_id = r.class_id AND f.place = r.place
),
in_long_run AS (
    SELECT i.class_id, h.person_key
    FROM in_run AS i
    INNER JOIN long_run AS l ON l.class_id = i.class_id AND l.group_id = i.group_id
    INNER JOIN learner_keys AS h ON h.person_hex = i.person_hex
),
hit_enrolment AS (
    SELECT e.class_id, e.enrolment_id, CASE WHEN i.person_key IS NULL THEN 3 ELSE 2 END AS place
    FROM hit AS h
    INNER JOIN enrolments AS e ON e.class_id = h.class_id
    CROSS JOIN run_context AS r
    LEFT JOIN in_long_run AS i ON i.class_id = e.class_id AND i.person_key = e.person_key
    WHERE e.enrolled_on <= r.as_of
),
risk AS (
    SELECT
        e.class_id,
        COALESCE(SUM(x.at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM hit_enrolment AS e
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY e.class_id
),
record AS (
    SELECT class_id, 1 AS place, 'classes:' || class_id AS record FROM hit
    UNION ALL
    SELECT class_id, place, 'enrolments:' || enrolment_id AS record FROM hit_enrolment
),
evidence AS (
    SELECT class_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY class_id
)
SELECT
    'class' AS entity_kind,
    h.class_id AS entity_id,
    '' AS period,
    c.city_code,
    c.org_id,
    c.platform_id,
    h.value,
    h.threshold,
    t.population,
    x.amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    '默认值：' || h.rule_ref AS rule_ref
FROM hit AS h
INNER JOIN cohort AS c ON c.class_id = h.class_id
INNER JOIN evidence AS e ON e.class_id = h.class_id
INNER JOIN risk AS x ON x.class_id = h.class_id
CROSS JOIN tested AS t
