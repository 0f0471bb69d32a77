// A published table: description, columns, filters, sorting, pages, downloads.

const MOST_CHOICES = 400;
const MANY_ROWS = 200;
const MOST_ROWS_PRINTED = 3000;
const PAGE_SIZES = [20, 50, 100, 500];

class TableView {
  constructor(table) {
    this.table = table;
    this.choice = new RowChoice(table);
    this.element = make("section", { id: `table-${table.name}`, class: "table-view" });
    const canFilter = (column) =>
      !isNumeric(column) && column.name !== "city_code" && (column.kind !== "date" || table.grain.includes(column.name));
    this.filterable = table.columns.filter((column) => canFilter(column) && this.choices(column).length > 1);
    this.chooseNewest();
  }

  /** Begins with the newest month or day; with the province alone where that is many rows still. */
  chooseNewest() {
    const { table, choice } = this;
    const period = table.columns.find((column) => ["month", "date"].includes(column.kind) && table.grain.includes(column.name));
    const first = (column) => {
      const [newest, ...others] = column ? this.choices(column) : [];
      if (others.length > 0) choice.filter(column.name, newest);
    };
    first(period);
    if (choice.rows().length > MANY_ROWS) first(table.column("city_name"));
  }

  /** What can be chosen in a column; the newest month first. */
  choices(column) {
    const texts = textsIn(column);
    if (texts.length > MOST_CHOICES) return [];
    return column.kind === "month" || column.kind === "date" ? [...texts].sort().reverse() : texts;
  }

  draw() {
    const { table } = this;
    const id = `${table.name}-title`;
    this.element.setAttribute("aria-labelledby", id);
    this.body = make("tbody");
    this.caption = make("caption");
    this.count = make("p", { class: "count" });
    this.pager = make("div", { class: "pager" });
    this.head = make(
      "tr",
      {},
      table.columns.map((column) => this.heading(column)),
    );
    const frame = make(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": choose(table.title) },
      make("table", { class: "data" }, this.caption, make("thead", {}, this.head), this.body),
    );
    this.element.replaceChildren(
      make("h3", { id }, choose(table.title), " ", make("code", {}, table.name)),
      worded("p", table.description, { class: "description" }),
      make("p", { class: "facts" }, this.facts()),
      this.definitions(),
      this.filters(),
      frame,
      make("div", { class: "below" }, this.count, this.pager),
      this.downloads(),
    );
    this.fill();
  }

  facts() {
    const { table } = this;
    const grain = table.grain.map((name) => choose(table.column(name).heading)).join(say("comma"));
    const parts = [say("named", say("grain"), grain)];
    if (table.sources.length > 0) parts.push(say("named", say("basis"), table.sources.map(sourceText).join(say("stop"))));
    return parts.join("　");
  }

  definitions() {
    const head = ["column", "definition", "unit"].map((key) => make("th", { scope: "col" }, say(key)));
    const rows = this.table.columns.map((column) => {
      const meanings = [...column.meanings].map(([code, text]) => `${code} ${choose(text)}`);
      const codes =
        meanings.length > 0 ? make("p", { class: "codes" }, say("named", say("codes"), meanings.join(say("stop")))) : null;
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, choose(column.heading), " ", make("code", {}, column.name)),
        make("td", {}, worded("span", column.definition), codes),
        make("td", {}, unitText(column.unit, column.kind)),
      );
    });
    const table = make(
      "table",
      { class: "plain definitions" },
      make("caption", { class: "visually-hidden" }, say("named", choose(this.table.title), say("definitions"))),
      make("thead", {}, make("tr", {}, head)),
      make("tbody", {}, rows),
    );
    const frame = make(
      "div",
      {
        class: "scroll",
        tabindex: "0",
        role: "region",
        "aria-label": say("named", choose(this.table.title), say("definitions")),
      },
      table,
    );
    return make("details", {}, make("summary", {}, say("definitions")), frame);
  }

  filters() {
    const { table } = this;
    const fields = this.filterable.map((column) => {
      const options = this.choices(column).map((text) => [text, this.choiceText(column, text)]);
      const value = this.choice.equals.get(column.name) ?? "";
      return chooser(`${table.name}-${column.name}`, choose(column.heading), [["", say("all")], ...options], value, (text) => {
        this.choice.filter(column.name, text === "" ? null : text);
        this.fill();
      });
    });
    const id = `${table.name}-words`;
    const words = make("input", { id, type: "search", autocomplete: "off" });
    words.value = this.choice.words;
    words.addEventListener("input", () => {
      this.choice.words = words.value;
      this.choice.page = 0;
      this.fill();
    });
    const search = make("div", { class: "field" }, make("label", { for: id }, say("search")), words);
    const sizes = chooser(
      `${table.name}-size`,
      say("rows_per_page"),
      PAGE_SIZES.map((size) => [String(size), String(size)]),
      String(this.choice.pageSize),
      (size) => {
        this.choice.pageSize = Number(size);
        this.choice.page = 0;
        this.fill();
      },
    );
    return make("div", { class: "filters" }, fields, search, sizes);
  }

  choiceText(column, text) {
    if (column.meanings.has(text)) return choose(column.meanings.get(text));
    if (column.kind === "flag") return say(text === "true" ? "yes" : "no");
    const city = CITIES.find((one) => text === `${one.zh}市`);
    if (column.name === "city_name" && state.lang === "en")
      return city ? city.en : text === TEXT.zh.province ? say("province") : text;
    return text;
  }

  heading(column) {
    const unit = column.kind === "share" ? "" : unitText(column.unit, column.kind);
    const button = make(
      "button",
      { type: "button", onclick: () => this.sort(column) },
      headingParts(choose(column.heading)),
      make("span", { class: "mark", "aria-hidden": "true" }),
      unit ? make("span", { class: "unit" }, unit) : null,
    );
    return make("th", { scope: "col", class: isNumeric(column) ? "number" : null, "data-column": column.name }, button);
  }

  sort(column) {
    this.choice.sortNext(column.name);
    this.fill();
    announce(this.choice.sortBy === null ? say("unsorted") : say("sorted", choose(column.heading), this.choice.descending));
  }

  /** The rows in force, on the page chosen; all of them when the page is printed. */
  fill(whole = false) {
    const { choice, table } = this;
    const rows = choice.rows();
    const pages = Math.max(1, Math.ceil(rows.length / choice.pageSize));
    choice.page = Math.min(choice.page, pages - 1);
    const from = whole ? 0 : choice.page * choice.pageSize;
    const to = Math.min(rows.length, whole ? MOST_ROWS_PRINTED : from + choice.pageSize);
    this.body.replaceChildren(...rows.slice(from, to).map((row) => this.row(row)));
    for (const cell of this.head.children) {
      const sorted = cell.dataset.column === choice.sortBy;
      cell.setAttribute("aria-sort", sorted ? (choice.descending ? "descending" : "ascending") : "none");
    }
    const part = partText(table);
    const cut = whole && to < rows.length ? say("print_cut", pointed(to, 0), pointed(rows.length, 0)) : "";
    const shown = say("rows_shown", pointed(from + 1, 0), pointed(to, 0), rows.length === 0 ? 0 : pointed(rows.length, 0));
    this.count.textContent = [shown, part, cut].filter(Boolean).join(" ");
    this.caption.replaceChildren(make("span", { class: "caption-title" }, choose(table.title)), this.filterText());
    this.drawPager(pages);
  }

  filterText() {
    const filters = [...this.choice.equals].map(
      ([name, text]) => `${choose(this.table.column(name).heading)} ${this.choiceText(this.table.column(name), text)}`,
    );
    if (this.choice.words.trim()) filters.push(`“${this.choice.words.trim()}”`);
    return filters.length > 0 ? make("span", { class: "caption-filter" }, ` ${say("print_filter", filters.join(" · "))}`) : "";
  }

  row(row) {
    const { table } = this;
    const head = table.has("city_name") ? "city_name" : null;
    return make(
      "tr",
      {},
      table.columns.map((column) => {
        if (isNumeric(column)) return make("td", { class: "number" }, numberText(column.read(row), column.kind));
        const text = textOf(table, column, row);
        return column.name === head ? make("th", { scope: "row" }, text) : make("td", {}, text);
      }),
    );
  }

  drawPager(pages) {
    const { choice } = this;
    if (pages === 1) {
      this.pager.replaceChildren();
      return;
    }
    const step = (key, by) => {
      const last = by < 0 ? choice.page === 0 : choice.page === pages - 1;
      const turn = () => {
        choice.page += by;
        this.fill();
        this.pager.querySelector(`[data-step="${by}"]:not(:disabled), button:not(:disabled)`)?.focus();
        announce(this.count.textContent);
      };
      return make(
        "button",
        {
          type: "button",
          "data-step": by,
          disabled: last,
          onclick: turn,
          "aria-label": say("named", say(key), choose(this.table.title)),
        },
        say(key),
      );
    };
    this.pager.replaceChildren(step("previous", -1), make("span", {}, say("page_of", choice.page + 1, pages)), step("next", 1));
  }

  downloads() {
    const links = this.table.downloads.map((file) => downloadLink(file, choose(this.table.title)));
    const back = make("a", { href: "#tables", onclick: (event) => (event.preventDefault(), goTo("tables")) }, say("back"));
    return make("p", { class: "downloads" }, links.length > 0 ? [make("span", {}, say("downloads")), links] : null, back);
  }
}

/** A heading, which may break before a parenthesis; short parts of Chinese keep together. */
function headingParts(text) {
  return text.split(/(?=（)/).map((part) => make("span", { class: part.length <= 6 ? "short" : null }, part));
}

/** A link to a file; what it holds is said to those who do not see where the link stands. */
function downloadLink({ label, href, bytes }, title) {
  const size = bytes === undefined ? "" : ` (${sizeText(bytes)})`;
  return make("a", { href, download: true, "aria-label": `${title} ${label}${size}` }, `${label}${size}`);
}

/** `notice 三（一）` in words. */
function sourceText(source) {
  const article = /^notice (.+)$/.exec(source);
  return article ? `鲁人社字〔2020〕72号 ${article[1]}` : source;
}
