// The summary: one card a figure, for the month and area chosen.

/** A card; `unit` stands behind the value, `notes` below it. */
function card(label, value, unit, notes) {
  const lines = notes.filter((note) => note).map((note) => make("dd", { class: "note" }, note));
  return make(
    "div",
    { class: "card" },
    make("dt", {}, label),
    make("dd", { class: "value" }, value, unit ? make("span", { class: "unit" }, ` ${unit}`) : null),
    lines,
  );
}

function progressCards() {
  const table = tableWith(
    "city_progress_monthly",
    "completions",
    "persons",
    "completions_ytd",
    "persons_ytd",
    "target_completions",
    "target_pct",
  );
  if (!table) return [];
  const figure = (column) => single(table, column, state.month, state.area).cell;
  const count = (column) => numberText(figure(column), "count");
  const change = (key, column) => (table.has(column) ? `${say(key)} ${changeText(figure(column))}` : "");
  const changes = `${change("yoy", "completions_yoy")}　${change("mom", "completions_mom")}`.trim();
  const unit = (column) => unitText(table.column(column).unit, "count");
  const target = figure("target_completions") === null ? say("no_target") : say("target_of", count("target_completions"));
  return [
    card(say("month_completions"), count("completions"), unit("completions"), [changes]),
    card(say("month_persons"), count("persons"), unit("persons"), [say("deduplicated")]),
    card(say("ytd_completions"), count("completions_ytd"), unit("completions_ytd"), []),
    card(say("ytd_persons"), count("persons_ytd"), unit("persons_ytd"), [say("deduplicated")]),
    card(say("target"), numberText(figure("target_pct"), "share"), "", [target]),
  ];
}

function hoursCard() {
  const table = tableWith("city_hours_monthly", "online_share");
  if (!table) return [];
  const share = single(table, "online_share", state.month, state.area).cell;
  const cap = capOf(state.month, state.area);
  const notes = [cap === null ? "" : say("cap_of", numberText(cap, "share"))];
  if (table.has("over_cap_completions")) {
    notes.push(say("over_cap", numberText(single(table, "over_cap_completions", state.month, state.area).cell, "count")));
  }
  return [card(say("online_share"), numberText(share, "share"), "", notes)];
}

/** A card of a column that adds up over a month's rows, with the year to date. */
function sumCard(key, name, column) {
  const table = tableWith(name, column);
  if (!table) return [];
  const { kind, unit } = table.column(column);
  const month = summed(table, column, [state.month], state.area);
  const year = summed(table, column, yearToDate(state.month), state.area);
  const notes = [hiddenText(month), [say("ytd", figureText(year.cell, kind)), hiddenText(year)].filter(Boolean).join(" ")];
  return [card(say(key), figureText(month.cell, kind), unitText(unit, kind, true), notes)];
}

function booksCards() {
  const { rows_read: read, rows_quarantined: refused } = DATA.release;
  const cards = [];
  if (refused !== null) {
    const share = read ? numberText(dividedEven(refused * 1000, read), "share") : MISSING;
    const note = read === null ? "" : say("of_rows", pointed(read, 0), share);
    cards.push(card(say("quarantined"), pointed(refused, 0), unitText("rows", "count"), [note]));
  }
  const rule = DATA.disclosure ? say("suppressed_rule", DATA.disclosure.fewest_persons) : say("suppressed_none");
  cards.push(card(say("suppressed"), pointed(DATA.suppressed_cells, 0), unitText("cells", "count"), [rule]));
  return cards;
}

function drawSummary() {
  byId("summary-scope").textContent = [areaName(state.area), state.month].filter(Boolean).join(" · ");
  byId("cards").replaceChildren(
    ...progressCards(),
    ...hoursCard(),
    ...sumCard("paid", "city_fund_monthly", "paid_fen"),
    ...sumCard("certificates", "city_certificate_monthly", "certificates"),
    ...booksCards(),
  );
}
