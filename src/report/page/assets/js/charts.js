// The charts by month and by city: each function gives what a figure draws and says.

function buildTrend(style) {
  const table = tableWith("city_progress_monthly", "completions", "persons");
  const columns = ["completions", "persons"].map((name) => ({ name, ...describe(table, name) }));
  const figures = columns.map(({ name }) => MONTHS.map((month) => single(table, name, month, state.area)));
  if (MONTHS.length === 0) return null;
  const names = columns.map(({ heading }) => choose(heading));
  const [bars, line] = [style.series[0], style.series[1]];
  const units = columns.map(({ unit, kind }) => unitText(unit, kind));
  return {
    scope: areaName(state.area),
    legend: [
      { colour: bars, text: withUnit(names[0], units[0]) },
      { colour: line, text: withUnit(names[1], units[1]) },
    ],
    headings: [say("month"), ...names.map((name, at) => withUnit(name, units[at]))],
    rows: MONTHS.map((month, at) => [month, ...figures.map((series) => numberText(series[at].cell, "count"))]),
    alt: names
      .map((name, at) =>
        rangeText(
          name,
          figures[at].map(({ cell }, month) => ({ cell, at: MONTHS[month] })),
          "count",
        ),
      )
      .filter(Boolean)
      .join(say("stop")),
    option: {
      grid: GRID,
      tooltip: tooltip(style, (at) => [
        MONTHS[at],
        ...names.map((name, one) => `${name} ${numberText(figures[one][at].cell, "count")}`),
      ]),
      xAxis: categoryAxis(style, MONTHS),
      yAxis: valueAxis(style, "", "count"),
      series: [
        monthBars(names[0], figures[0], "count", bars, { soft: style.soft }),
        monthLine(
          names[1],
          figures[1].map(({ cell }) => cell),
          "count",
          line,
        ),
      ],
    },
  };
}

/** Cities with their figures of the measure chosen, in the order of the codes. */
function cityFigures(measure) {
  return CITIES.map((city) => ({ code: city.code, name: choose(city), ...measured(measure, state.month, city.code) }));
}

function measureScope(measure) {
  return `${choose(measure.heading)} · ${state.month}`;
}

function cityRows(measure, cities) {
  return {
    headings: [say("area"), withUnit(choose(measure.heading), unitText(measure.unit, measure.kind, true))],
    rows: cities.map((city) => [city.name, cellTexts([city], measure.kind)[0]]),
    alt: rangeText(
      choose(measure.heading),
      cities.map((city) => ({ cell: city.cell, at: city.name })),
      measure.kind,
    ),
  };
}

function buildCityBars(style) {
  const measure = chosenMeasure();
  const rank = (city) => (typeof city.cell === "number" ? city.cell : -Infinity);
  const cities = cityFigures(measure).sort((one, other) => rank(other) - rank(one));
  const label = (city) => figureText(city.cell, measure.kind) + (city.hidden > 0 ? SUPPRESSED : "");
  const colourOf = (city) => (city.code === state.area ? style.series[1] : style.series[0]);
  const series = {
    type: "bar",
    data: cities.map((city) => ({ value: drawn(city.cell, measure.kind) ?? 0, itemStyle: { color: colourOf(city) } })),
    barCategoryGap: "28%",
    label: {
      show: true,
      position: "right",
      color: style.text,
      fontSize: AXIS_FONT,
      formatter: ({ dataIndex }) => label(cities[dataIndex]),
    },
    emphasis: { disabled: true },
  };
  const hidden = cities.some((city) => city.hidden > 0) ? `${SUPPRESSED} ${say("hidden")}` : "";
  return {
    scope: measureScope(measure),
    ...cityRows(measure, cities),
    note: hidden,
    option: {
      grid: { ...GRID, right: 76, top: 4 },
      tooltip: tooltip(style, (at) => [
        cities[at].name,
        `${choose(measure.heading)} ${cellTexts([cities[at]], measure.kind)[0]}`,
      ]),
      yAxis: categoryAxis(
        style,
        cities.map((city) => city.name),
        { axis: { inverse: true }, axisLabel: { interval: 0 } },
      ),
      xAxis: valueAxis(style, unitText(measure.unit, measure.kind, true), measure.kind, {
        axis: { nameLocation: "end", name: "", splitNumber: 4 },
      }),
      series: [series],
    },
  };
}

function buildShareTrend(style) {
  const table = tableWith("city_hours_monthly", "online_share");
  const figures = MONTHS.map((month) => single(table, "online_share", month, state.area));
  const caps = MONTHS.map((month) => capOf(month, state.area));
  const name = choose(table.column("online_share").heading);
  return {
    scope: areaName(state.area),
    legend: [
      { colour: style.series[0], text: name },
      { colour: style.alert, text: say("cap"), dashed: true },
    ],
    headings: [say("month"), name, say("cap")],
    rows: MONTHS.map((month, at) => [month, numberText(figures[at].cell, "share"), numberText(caps[at], "share")]),
    alt: rangeText(
      name,
      figures.map(({ cell }, at) => ({ cell, at: MONTHS[at] })),
      "share",
    ),
    option: {
      grid: GRID,
      tooltip: tooltip(style, (at) => [
        MONTHS[at],
        `${name} ${numberText(figures[at].cell, "share")}`,
        `${say("cap")} ${numberText(caps[at], "share")}`,
      ]),
      xAxis: categoryAxis(style, MONTHS),
      yAxis: valueAxis(style, "", "share", { axis: { min: 0 } }),
      series: [
        monthLine(
          name,
          figures.map(({ cell }) => cell),
          "share",
          style.series[0],
        ),
        monthLine(say("cap"), caps, "share", style.alert, {
          showSymbol: false,
          step: "middle",
          lineStyle: { color: style.alert, width: 1.5, type: "dashed" },
        }),
      ],
    },
  };
}

function buildShareCities(style, width) {
  const table = tableWith("city_hours_monthly", "online_share");
  const name = choose(table.column("online_share").heading);
  const cities = CITIES.map((city) => ({
    name: choose(city),
    cap: capOf(state.month, city.code),
    ...single(table, "online_share", state.month, city.code),
  }));
  const above = (city) => typeof city.cell === "number" && city.cap !== null && city.cell > city.cap;
  return {
    scope: state.month,
    legend: [
      { colour: style.series[0], text: name },
      { colour: style.alert, text: say("cap"), dashed: true },
    ],
    headings: [say("area"), name, say("cap")],
    rows: cities.map((city) => [city.name, numberText(city.cell, "share"), numberText(city.cap, "share")]),
    alt: rangeText(
      name,
      cities.map(({ cell, name: at }) => ({ cell, at })),
      "share",
    ),
    option: {
      grid: GRID,
      tooltip: tooltip(style, (at) => [
        cities[at].name,
        `${name} ${numberText(cities[at].cell, "share")}`,
        `${say("cap")} ${numberText(cities[at].cap, "share")}`,
      ]),
      xAxis: categoryAxis(
        style,
        cities.map((city) => city.name),
        { axisLabel: { interval: 0, rotate: state.lang === "en" || width < 480 ? 50 : 0 } },
      ),
      yAxis: valueAxis(style, "", "share", { axis: { min: 0 } }),
      series: [
        {
          type: "bar",
          name,
          data: cities.map((city) => ({
            value: drawn(city.cell, "share"),
            itemStyle: { color: above(city) ? style.alert : style.series[0] },
          })),
          barCategoryGap: "35%",
          emphasis: { disabled: true },
        },
        monthLine(
          say("cap"),
          cities.map((city) => city.cap),
          "share",
          style.alert,
          { showSymbol: false, step: "middle", lineStyle: { color: style.alert, width: 1.5, type: "dashed" } },
        ),
      ],
    },
  };
}

function buildFund(style) {
  const table = tableWith("city_fund_monthly", "fund", "paid_fen");
  const funds = table.textsOf("fund");
  const column = table.column("fund");
  const names = funds.map((fund) => meaningOf(column, fund));
  const figures = funds.map((fund) =>
    MONTHS.map((month) => summed(table, "paid_fen", [month], state.area, (row) => column.read(row) === fund)),
  );
  const totals = MONTHS.map((month) => summed(table, "paid_fen", [month], state.area));
  const texts = (at) => figures.map((series) => cellTexts([series[at]], "fen")[0]);
  return {
    scope: `${areaName(state.area)} · ${say("ten_thousand_yuan")}`,
    legend: names.map((text, at) => ({ text, colour: style.series[at % style.series.length] })),
    headings: [say("month"), ...names],
    rows: MONTHS.map((month, at) => [month, ...texts(at)]),
    alt: rangeText(
      say("ten_thousand_yuan"),
      totals.map(({ cell }, at) => ({ cell, at: MONTHS[at] })),
      "fen",
    ),
    note: figures.flat().some((figure) => figure.hidden > 0 || figure.cell === SUPPRESSED)
      ? say("without_hidden", hiddenAmong(figures))
      : "",
    option: {
      grid: GRID,
      tooltip: tooltip(style, (at) => [MONTHS[at], ...names.map((name, one) => `${name} ${texts(at)[one]}`)]),
      xAxis: categoryAxis(style, MONTHS),
      yAxis: valueAxis(style, "", "count"),
      series: names.map((name, at) =>
        monthBars(name, figures[at], "fen", style.series[at % style.series.length], { stack: "funds" }),
      ),
    },
  };
}

/** Suppressed cells among figures: those left out of sums, and sums of nothing else. */
function hiddenAmong(figures) {
  return figures.flat().reduce((sum, figure) => sum + figure.hidden + (figure.cell === SUPPRESSED ? 1 : 0), 0);
}

function buildLevels(style) {
  const table = tableWith("city_certificate_monthly", "skill_level", "certificates");
  const column = table.column("skill_level");
  const levels = table.textsOf("skill_level");
  const names = levels.map((level) => meaningOf(column, level));
  const spans = [
    [say("this_month"), [state.month]],
    [say("this_year"), yearToDate(state.month)],
  ];
  const figures = spans.map(([, months]) =>
    levels.map((level) => summed(table, "certificates", months, state.area, (row) => column.read(row) === level)),
  );
  const hidden = hiddenAmong(figures);
  const colours = [style.series[0], style.series[2]];
  return {
    scope: `${areaName(state.area)} · ${state.month} · ${unitText("certificates", "count")}`,
    legend: spans.map(([text], at) => ({ text, colour: colours[at] })),
    headings: [choose(column.heading), ...spans.map(([text]) => text)],
    rows: levels.map((_, at) => [names[at], ...figures.map((series) => cellTexts([series[at]], "count")[0])]),
    alt: spans
      .map(([text], at) =>
        rangeText(
          text,
          figures[at].map(({ cell }, level) => ({ cell, at: names[level] })),
          "count",
        ),
      )
      .filter(Boolean)
      .join(say("stop")),
    note: hidden > 0 ? say("without_hidden", hidden) : "",
    option: {
      grid: { ...GRID, right: 64, top: 4 },
      tooltip: tooltip(style, (at) => [
        names[at],
        ...spans.map(([text], one) => `${text} ${cellTexts([figures[one][at]], "count")[0]}`),
      ]),
      yAxis: categoryAxis(style, names, { axis: { inverse: true } }),
      xAxis: valueAxis(style, "", "count", { axis: { splitNumber: 4 } }),
      series: spans.map(([text], at) => ({
        type: "bar",
        name: text,
        data: figures[at].map(({ cell }) => drawn(cell, "count")),
        itemStyle: { color: colours[at] },
        label: {
          show: true,
          position: "right",
          color: style.text,
          fontSize: AXIS_FONT,
          formatter: ({ dataIndex }) => numberText(figures[at][dataIndex].cell, "count"),
        },
        emphasis: { disabled: true },
      })),
    },
  };
}
