// Figures for cards and charts, picked from the tables. A figure is a cell and the number of suppressed cells that a
// sum leaves out: { cell, hidden }.

const NO_FIGURE = { cell: null, hidden: 0 };

/** The one cell of a month and an area. */
function single(table, column, month, area) {
  const [row] = table.rowsOf(month, area);
  return row === undefined ? NO_FIGURE : { cell: table.column(column).read(row), hidden: 0 };
}

/** The sum over the rows of months and an area that `pick` lets through. Only for columns that add up; nothing where a month is missing. */
function summed(table, column, months, area, pick = () => true) {
  if (months.some((month) => table.lacks(month))) return NO_FIGURE;
  const read = table.column(column).read;
  let [sum, shown, hidden] = [0, 0, 0];
  for (const row of months.flatMap((month) => table.rowsOf(month, area)).filter(pick)) {
    const cell = read(row);
    if (cell === SUPPRESSED) hidden += 1;
    else if (typeof cell === "number") {
      sum += cell;
      shown += 1;
    }
  }
  if (shown > 0) return { cell: sum, hidden };
  return hidden > 0 ? { cell: SUPPRESSED, hidden: 0 } : NO_FIGURE;
}

/** January to the month. */
function yearToDate(month) {
  return MONTHS.filter((one) => one.slice(0, 4) === month.slice(0, 4) && one <= month);
}

/** The cap on the online share of a city in a month, in thousandths. */
function capOf(month, area) {
  const inForce = (code) => DATA.online_caps.filter((cap) => cap.city_code === code && cap.from_month <= month);
  const newest = (caps) => [...caps].sort((one, other) => (one.from_month < other.from_month ? 1 : -1))[0];
  return (newest(inForce(area)) ?? newest(inForce(PROVINCE)))?.per_mille ?? null;
}

/** Measures by city, as columns of tables; `adds` where the figure is the sum of a month's rows. */
const MEASURES = [
  ["city_progress_monthly", "completions", false],
  ["city_progress_monthly", "persons", false],
  ["city_progress_monthly", "completions_ytd", false],
  ["city_progress_monthly", "persons_ytd", false],
  ["city_progress_monthly", "target_pct", false],
  ["city_hours_monthly", "online_share", false],
  ["city_hours_monthly", "over_cap_completions", false],
  ["city_fund_monthly", "paid_fen", true],
  ["city_certificate_monthly", "certificates", true],
  ["city_assessment_monthly", "pass_rate", false],
  ["city_assessment_monthly", "certified_rate", false],
  ["archive_coverage_monthly", "complete_archives", false],
]
  .map(([name, column, adds]) => ({ id: `${name}.${column}`, table: tableWith(name, column), column, adds }))
  .filter((measure) => measure.table !== null);

/** The measure chosen, with its column's heading, kind and unit. */
function chosenMeasure() {
  const measure = MEASURES.find((one) => one.id === state.measure) ?? MEASURES[0];
  return { ...measure, ...describe(measure.table, measure.column) };
}

function describe(table, name) {
  const { heading, kind, unit } = table.column(name);
  return { heading, kind, unit };
}

/** A measure's figure for a month and an area. */
function measured(measure, month, area) {
  return measure.adds ? summed(measure.table, measure.column, [month], area) : single(measure.table, measure.column, month, area);
}

/** What a figure leaves out, in words. */
function hiddenText({ hidden }) {
  return hidden > 0 ? say("without_hidden", hidden) : "";
}
