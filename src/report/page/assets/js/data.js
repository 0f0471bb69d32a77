// The data island: tables by name, cells by row and column.

const DATA = JSON.parse(byId("data").textContent);
const PROVINCE = "370000";

/** Reads the cells of a column, however they were packed. */
function readerOf(cells) {
  if (cells.numbers) return (row) => cells.numbers[row];
  if (cells.places) return (row) => cells.places.texts[cells.places.at[row]];
  const { texts, run, cycle } = cells.cycle;
  return (row) => texts[cycle[Math.floor(row / run) % cycle.length]];
}

/** The different texts of a column, in the order of the rows. */
function textsIn({ cells }) {
  return (cells.places ?? cells.cycle).texts.filter((text) => text !== null);
}

const isNumeric = (column) => column.kind in PLACES;

class Table {
  constructor(data) {
    Object.assign(this, data);
    this.byName = new Map();
    for (const column of this.columns) {
      column.read = readerOf(column.cells);
      column.meanings = new Map(column.meanings ?? []);
      this.byName.set(column.name, column);
    }
    this.keys = null;
  }

  has(...names) {
    return names.every((name) => this.byName.has(name));
  }

  column(name) {
    return this.byName.get(name);
  }

  /** The rows of a month and an area. */
  rowsOf(month, area) {
    if (!this.keys) {
      this.keys = new Map();
      const [months, areas] = [this.column("month"), this.column("city_code")];
      for (let row = 0; row < this.rows; row += 1) {
        const key = `${months.read(row)} ${areas.read(row)}`;
        if (this.keys.has(key)) this.keys.get(key).push(row);
        else this.keys.set(key, [row]);
      }
    }
    return this.keys.get(`${month} ${area}`) ?? [];
  }

  /** Whether the page lacks a month that the table has: the page may hold the newest part only. */
  lacks(month) {
    return this.rows < this.all_rows && month < this.textsOf("month")[0];
  }

  /** The different texts of a column: in the order of their meanings, then by themselves. */
  textsOf(name) {
    const { meanings } = this.column(name);
    const place = new Map([...meanings.keys()].map((code, at) => [code, at]));
    const placeOf = (text) => place.get(text) ?? place.size;
    return textsIn(this.column(name)).sort((one, other) => placeOf(one) - placeOf(other) || (one < other ? -1 : 1));
  }
}

const TABLES = DATA.tables.map((data) => new Table(data));
const TABLE = new Map(TABLES.map((table) => [table.name, table]));

/** A published table by name, if it is here, has rows, and has these columns. */
function tableWith(name, ...columns) {
  const table = TABLE.get(name);
  return table && table.rows > 0 && table.has("month", "city_code", ...columns) ? table : null;
}

const CITIES = DATA.map.features.map(({ properties }) => ({ code: properties.name, zh: properties.zh, en: properties.en }));

/** Says that the page holds only the newest part of a table, where it does. */
function partText(table) {
  return table.rows < table.all_rows ? say("part_shown", pointed(table.rows, 0), pointed(table.all_rows, 0)) : "";
}

/** The name of a city or of the province. */
function areaName(code) {
  if (code === PROVINCE) return say("province");
  const city = CITIES.find((one) => one.code === code);
  return city ? choose(city) : code;
}

/** What a cell of text says: the meaning of its code, a city's English name, yes or no. */
function textOf(table, column, row) {
  const text = column.read(row);
  if (text === null) return MISSING;
  if (column.kind === "flag") return say(text === "true" ? "yes" : "no");
  if (column.meanings.has(text)) return choose(column.meanings.get(text));
  if (column.name === "city_name" && state.lang === "en" && table.has("city_code")) {
    const code = table.column("city_code").read(row);
    return code === PROVINCE || CITIES.some((city) => city.code === code) ? areaName(code) : text;
  }
  return text;
}

/** All months of the tables that the charts use, oldest first. */
const MONTHS = (() => {
  const months = new Set();
  for (const table of TABLES) {
    if (table.has("month", "city_code")) table.textsOf("month").forEach((month) => months.add(month));
  }
  return [...months].sort();
})();
