// Which rows of a table are shown, and in which order.

/** Compares two cells; missing and suppressed ones come last in either direction. */
function compareCells(one, other, descending) {
  const isKnown = (cell) => cell !== null && cell !== SUPPRESSED;
  if (!isKnown(one) || !isKnown(other)) return Number(isKnown(other)) - Number(isKnown(one));
  if (one === other) return 0;
  const order = typeof one === "number" ? one - other : one < other ? -1 : 1;
  return descending ? -order : order;
}

class RowChoice {
  constructor(table) {
    this.table = table;
    this.equals = new Map(); // column name → text that it must have
    this.words = "";
    this.sortBy = null;
    this.descending = false;
    this.page = 0;
    this.pageSize = 20;
  }

  /** Rows that pass the filters, in order. */
  rows() {
    const { table } = this;
    const tests = [...this.equals].map(([name, text]) => {
      const { read } = table.column(name);
      return (row) => read(row) === text;
    });
    const words = this.words.trim().toLowerCase();
    const texts = table.columns.filter((column) => !isNumeric(column));
    if (words)
      tests.push((row) =>
        texts.some((column) => `${textOf(table, column, row)} ${column.read(row)}`.toLowerCase().includes(words)),
      );
    const rows = [];
    for (let row = 0; row < table.rows; row += 1) {
      if (tests.every((test) => test(row))) rows.push(row);
    }
    if (this.sortBy !== null) {
      const { read } = table.column(this.sortBy);
      rows.sort((one, other) => compareCells(read(one), read(other), this.descending) || one - other);
    }
    return rows;
  }

  /** Ascending, descending, and back to the published order. */
  sortNext(name) {
    if (this.sortBy !== name) [this.sortBy, this.descending] = [name, false];
    else if (!this.descending) this.descending = true;
    else [this.sortBy, this.descending] = [null, false];
    this.page = 0;
  }

  filter(name, text) {
    if (text === null) this.equals.delete(name);
    else this.equals.set(name, text);
    this.page = 0;
  }
}
