// A chart with its title, legend, text alternative and the table of its data.

const FIGURES = [];

/** Colours and fonts of the charts, from the style sheet, so that both themes and print have their own. */
function chartStyle() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return {
    text: value("--text"),
    muted: value("--muted"),
    line: value("--line"),
    ground: value("--ground"),
    series: [1, 2, 3, 4, 5, 6].map((at) => value(`--series-${at}`)),
    classes: [1, 2, 3, 4, 5].map((at) => value(`--class-${at}`)),
    soft: value("--soft"),
    empty: value("--empty"),
    alert: value("--alert"),
    font: value("--sans"),
  };
}

/**
 * A figure on the page.
 *
 * `build(style, width)` gives what to draw for the choices in force, or null where there is nothing:
 * { scope, option, legend, headings, rows, alt, note }.
 */
class Figure {
  constructor({ id, title, source, build, height, wide, controls }) {
    Object.assign(this, { id, title, source, build, height, controls });
    this.heading = make("h3", { id: `${id}-title` });
    this.tools = make("div", { class: "figure-tools" });
    this.canvas = make("div", { class: "canvas", role: "img" });
    this.legend = make("ul", { class: "legend" });
    this.note = make("p", { class: "figure-note" });
    this.data = make("details", { class: "figure-data" });
    this.element = make(
      "figure",
      { id, class: wide ? "figure wide-figure" : "figure", "aria-labelledby": `${id}-title` },
      make("figcaption", {}, this.heading, this.tools),
      this.legend,
      this.canvas,
      this.note,
      this.data,
    );
    this.chart = null;
    FIGURES.push(this);
  }

  draw(width = this.canvas.clientWidth) {
    const style = chartStyle();
    this.width = width;
    const height = this.height(this.width);
    this.canvas.style.height = `${height}px`;
    const built = this.build(style, this.width);
    this.heading.replaceChildren(say(this.title), built ? make("small", {}, ` ${built.scope}`) : "");
    this.tools.replaceChildren(...(this.controls ? this.controls() : []));
    this.chart?.dispose();
    this.chart = null;
    if (!built) {
      this.canvas.replaceChildren(make("p", { class: "nothing" }, say("nothing")));
      this.canvas.setAttribute("aria-label", say("alt_none"));
      [this.legend, this.note, this.data].forEach((part) => part.replaceChildren());
      return;
    }
    this.canvas.replaceChildren();
    this.canvas.setAttribute("aria-label", say("alt_series", say(this.title), built.scope, built.alt || say("alt_none")));
    this.legend.replaceChildren(...(built.legend ?? []).map(legendItem));
    const table = TABLE.get(this.source());
    const source = table ? say("named", say("source"), choose(table.title)) : "";
    this.note.replaceChildren([built.note, source, table ? partText(table) : ""].filter(Boolean).join("　"));
    this.drawData(built);
    this.chart = echarts.init(this.canvas, null, { renderer: "svg", width, height });
    this.chart.setOption({ animation: false, textStyle: { fontFamily: style.font, color: style.text }, ...built.option });
    this.fitWhenPrinted();
  }

  /** Lets the style sheet stretch or shrink the drawing on paper. */
  fitWhenPrinted() {
    const drawing = this.canvas.querySelector("svg");
    drawing?.setAttribute("viewBox", `0 0 ${this.chart.getWidth()} ${this.chart.getHeight()}`);
    drawing?.setAttribute("aria-hidden", "true");
  }

  drawData({ headings, rows, scope }) {
    const head = make(
      "tr",
      {},
      headings.map((text) => make("th", { scope: "col" }, text)),
    );
    const body = rows.map(([name, ...cells]) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, name),
        cells.map((cell) => make("td", {}, cell)),
      ),
    );
    const caption = make("caption", { class: "visually-hidden" }, `${say(this.title)} ${scope}`);
    const table = make("table", { class: "plain" }, caption, make("thead", {}, head), make("tbody", {}, body));
    const frame = make(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": say("named", say("chart_table"), say(this.title)) },
      table,
    );
    this.data.replaceChildren(make("summary", {}, say("chart_table")), frame);
  }

  /** Draws for a sheet of A4, so that the text keeps its size. */
  drawForPrint() {
    const alone = this.element.matches(".wide-figure, .figure:last-child:nth-child(even)");
    this.draw(alone ? 670 : 330);
  }

  resize() {
    if (this.canvas.clientWidth !== this.width) this.draw();
  }
}

function legendItem({ colour, text, dashed }) {
  const mark = make("span", { class: dashed ? "swatch dashed" : "swatch" });
  if (colour) mark.style.color = colour;
  return make("li", {}, mark, text);
}

/** The tooltip of the charts: a heading and a line for each series. */
function tooltip(style, lines) {
  return {
    trigger: "axis",
    axisPointer: { type: "shadow", shadowStyle: { color: style.line, opacity: 0.35 } },
    confine: true,
    backgroundColor: style.ground,
    borderColor: style.line,
    borderWidth: 1,
    padding: [6, 10],
    extraCssText: "box-shadow:none;white-space:normal;max-width:24rem;overflow-wrap:anywhere",
    textStyle: { color: style.text, fontSize: 13, fontFamily: style.font },
    formatter: (points) => lines(points[0].dataIndex).map(escaped).join("<br>"),
  };
}

/** The text alternative of a series: its range and its latest value. */
function rangeText(name, points, kind) {
  const known = points.filter((point) => typeof point.cell === "number");
  if (known.length === 0) return "";
  const by = [...known].sort((one, other) => one.cell - other.cell);
  const [low, high] = [by[0], by[by.length - 1]];
  return say("alt_range", name, figureText(low.cell, kind), low.at, figureText(high.cell, kind), high.at);
}
