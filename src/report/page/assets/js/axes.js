// Axes, bars and lines as all charts have them.

const AXIS_FONT = 12;

function categoryAxis(style, names, more = {}) {
  return {
    type: "category",
    data: names,
    axisLine: { lineStyle: { color: style.muted } },
    axisTick: { show: false },
    axisLabel: { color: style.text, fontSize: AXIS_FONT, ...more.axisLabel },
    ...more.axis,
  };
}

function valueAxis(style, name, kind, more = {}) {
  return {
    type: "value",
    name,
    nameTextStyle: { color: style.muted, fontSize: AXIS_FONT, align: more.align ?? "left" },
    axisLabel: { color: style.text, fontSize: AXIS_FONT, hideOverlap: true, formatter: (value) => axisText(value, kind) },
    splitLine: { lineStyle: { color: style.line } },
    ...more.axis,
  };
}

function axisText(value, kind) {
  const text = String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return kind === "share" ? `${text}%` : text;
}

const GRID = { left: 4, right: 14, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "all" };

/** Bars by month; with a softer colour for all but the month chosen. */
function monthBars(name, figures, kind, colour, more = {}) {
  const data = figures.map((figure, at) => ({
    value: drawn(figure.cell, kind),
    itemStyle: { color: MONTHS[at] === state.month ? colour : (more.soft ?? colour) },
  }));
  return { type: "bar", name, data, stack: more.stack, barMaxWidth: 28, emphasis: { disabled: true } };
}

function monthLine(name, cells, kind, colour, more = {}) {
  const data = cells.map((cell) => drawn(cell, kind));
  return {
    type: "line",
    name,
    data,
    showSymbol: data.length < 25,
    symbol: "circle",
    symbolSize: 5,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2 },
    emphasis: { disabled: true },
    ...more,
  };
}

const cellTexts = (figures, kind) =>
  figures.map((figure) => [figureText(figure.cell, kind), hiddenText(figure)].filter(Boolean).join(" "));

/** A code in words. */
const meaningOf = (column, code) => (column.meanings.has(code) ? choose(column.meanings.get(code)) : code);

/** A name with its unit, if that says more. */
const withUnit = (name, unit) => (unit && unit !== name.toLowerCase() ? say("with_unit", name, unit) : name);
