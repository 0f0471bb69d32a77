// Puts the page together and follows the reader's choices.

const SECTIONS = ["summary", "figures", "tables", "notes"];

const measureChooser = (id) => () => [
  chooser(
    `${id}-measure`,
    say("measure"),
    MEASURES.map((one) => [one.id, choose(one.table.column(one.column).heading)]),
    chosenMeasure().id,
    (measure) => {
      state.measure = measure;
      choiceChanged();
      byId(`${id}-measure`).focus();
    },
  ),
];

const fixed = (height) => () => height;

/** The charts for which the release has tables. */
function makeFigures() {
  const figures = [
    [
      "trend",
      tableWith("city_progress_monthly", "completions", "persons"),
      { build: buildTrend, height: fixed(260), wide: true },
    ],
    [
      "map",
      MEASURES.length > 0,
      {
        build: buildMap,
        height: (width) => Math.min(430, Math.round(width / 1.5)),
        controls: measureChooser("map"),
        source: () => chosenMeasure().table.name,
      },
    ],
    [
      "by_city",
      MEASURES.length > 0,
      {
        build: buildCityBars,
        height: (width) => (width < 400 ? 370 : 460),
        controls: measureChooser("by_city"),
        source: () => chosenMeasure().table.name,
      },
    ],
    ["share_trend", tableWith("city_hours_monthly", "online_share"), { build: buildShareTrend, height: fixed(260) }],
    ["share_city", tableWith("city_hours_monthly", "online_share"), { build: buildShareCities, height: fixed(260) }],
    ["fund", tableWith("city_fund_monthly", "fund", "paid_fen"), { build: buildFund, height: fixed(280) }],
    ["levels", tableWith("city_certificate_monthly", "skill_level", "certificates"), { build: buildLevels, height: fixed(280) }],
  ];
  for (const [id, known, more] of figures) {
    if (!known) continue;
    const source = more.source ?? (() => known.name);
    byId("figure-grid").append(new Figure({ ...more, id, title: id, source }).element);
  }
  byId("figures").hidden = FIGURES.length === 0;
}

let VIEWS = [];

/** Everything in words: the frame, the controls, the tables, the notes. */
function drawWords() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.lang = state.lang;
  document.title = `${say("title")} ${DATA.release.as_of}`;
  document.querySelectorAll("[data-t]").forEach((element) => (element.textContent = say(element.dataset.t)));
  document.querySelectorAll("[data-label]").forEach((element) => element.setAttribute("aria-label", say(element.dataset.label)));
  drawRelease();
  byId("contents").replaceChildren(...SECTIONS.filter((id) => !byId(id).hidden).map((id) => make("li", {}, jump(id, say(id)))));
  byId("table-index").replaceChildren(...TABLES.map((table) => make("li", {}, jump(`table-${table.name}`, choose(table.title)))));
  drawControls();
  VIEWS.forEach((view) => view.draw());
  byId("note-list").replaceChildren(
    ...NOTES[state.lang](DATA.disclosure).map(([title, lines]) =>
      make(
        "section",
        {},
        make("h3", {}, title),
        make(
          "ul",
          {},
          lines.map((line) => make("li", {}, line)),
        ),
      ),
    ),
  );
  byId("colophon").textContent = say("colophon", DATA.release.program);
}

function drawRelease() {
  const { release } = DATA;
  const pair = (key, ...value) => make("div", {}, make("dt", {}, say(key)), make("dd", {}, value));
  const files = release.downloads.map((file) => downloadLink(file, say("whole")));
  byId("release").replaceChildren(
    pair("as_of", release.as_of),
    pair("release", make("code", {}, release.id)),
    pair("audience", say(`audience_${release.audience}`)),
    ...(files.length > 0 ? [pair("whole", ...files)] : []),
  );
}

function jump(id, text) {
  const go = (event) => {
    event.preventDefault();
    goTo(id);
  };
  return make("a", { href: `#${id}`, onclick: go }, text);
}

function drawControls() {
  const areas = [[PROVINCE, say("province")], ...CITIES.map((city) => [city.code, choose(city)])];
  const months = [...MONTHS].reverse().map((month) => [month, month]);
  const choosing = (key) => (value) => {
    state[key] = value;
    choiceChanged();
  };
  const theme = chooser(
    "theme",
    say("theme"),
    THEMES.map((name) => [name, say(`theme_${name}`)]),
    state.theme,
    (value) => {
      state.theme = value;
      writeAddress();
      applyTheme();
    },
  );
  const language = make(
    "button",
    { type: "button", id: "language", lang: state.lang === "zh" ? "en" : "zh-CN", onclick: switchLanguage },
    say("language"),
  );
  byId("controls").replaceChildren(
    ...(months.length > 0
      ? [
          chooser("area", say("area"), areas, state.area, choosing("area")),
          chooser("month", say("month"), months, state.month, choosing("month")),
        ]
      : []),
    theme,
    language,
    make("button", { type: "button", id: "print", onclick: () => window.print() }, say("print")),
  );
}

function switchLanguage() {
  state.lang = state.lang === "zh" ? "en" : "zh";
  writeAddress();
  drawAll();
  byId("language").focus();
}

function drawCharts() {
  drawSummary();
  FIGURES.forEach((figure) => figure.draw());
}

function choiceChanged() {
  writeAddress();
  drawCharts();
  announce(`${areaName(state.area)} ${state.month}`);
}

function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function applyTheme() {
  setTheme(state.theme);
  FIGURES.forEach((figure) => figure.draw());
}

function drawAll() {
  drawWords();
  drawCharts();
}

/** On paper: the light colours, and the tables whole. */
function followPrinting() {
  addEventListener("beforeprint", () => {
    setTheme("light");
    FIGURES.forEach((figure) => figure.drawForPrint());
    VIEWS.forEach((view) => view.fill(true));
  });
  addEventListener("afterprint", () => {
    applyTheme();
    VIEWS.forEach((view) => view.fill());
  });
}

function start() {
  readAddress();
  echarts.registerMap(MAP_NAME, DATA.map);
  makeFigures();
  VIEWS = TABLES.map((table) => new TableView(table));
  byId("table-list").append(...VIEWS.map((view) => view.element));
  setTheme(state.theme);
  drawAll();
  followPrinting();
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    goTo("main");
  });
  addEventListener("hashchange", () => {
    readAddress();
    setTheme(state.theme);
    drawAll();
    if (state.section) goTo(state.section);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
  let waiting = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => FIGURES.forEach((figure) => figure.resize()));
  });
  if (state.section) goTo(state.section);
}

start();
