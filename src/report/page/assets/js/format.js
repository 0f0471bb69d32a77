// Numbers as people read them. Cells are whole numbers: fen, tenths of a percent, tenths.

const MISSING = "—";
const SUPPRESSED = "*";
const PLACES = { count: 0, fen: 2, share: 1, decimal: 1 };
const FEN_A_STEP_OF_TEN_THOUSAND_YUAN = 10000; // a hundredth of 万元

/** A whole number with its last `places` digits after the point, and thousands set apart. */
function pointed(whole, places) {
  const digits = String(Math.abs(whole)).padStart(places + 1, "0");
  const cut = digits.length - places;
  const grouped = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
  return (whole < 0 ? "-" : "") + grouped + (places > 0 ? `.${digits.slice(cut)}` : "");
}

/** Division of whole numbers, rounded half to even. */
function dividedEven(whole, by) {
  const quotient = Math.floor(whole / by);
  const twice = 2 * (whole - quotient * by);
  const up = twice > by || (twice === by && quotient % 2 !== 0);
  return up ? quotient + 1 : quotient;
}

/** A cell of a column of numbers. */
function numberText(cell, kind) {
  if (cell === null || cell === undefined) return MISSING;
  if (cell === SUPPRESSED) return SUPPRESSED;
  return pointed(cell, PLACES[kind]) + (kind === "share" ? "%" : "");
}

/** A number in a chart or card: money in 万元, everything else as in the tables. */
function figureText(cell, kind) {
  if (kind !== "fen" || typeof cell !== "number") return numberText(cell, kind);
  return pointed(dividedEven(cell, FEN_A_STEP_OF_TEN_THOUSAND_YUAN), 2);
}

/** A change with its sign. */
function changeText(cell) {
  const text = numberText(cell, "share");
  return typeof cell === "number" && cell > 0 ? `+${text}` : text;
}

/** The value that a chart draws, in the unit of its axis. */
function drawn(cell, kind) {
  if (typeof cell !== "number") return null;
  if (kind === "fen") return dividedEven(cell, FEN_A_STEP_OF_TEN_THOUSAND_YUAN) / 100;
  return cell / 10 ** PLACES[kind];
}

/** The name of a unit; charts and cards count money in 万元. */
function unitText(unit, kind, inFigure) {
  if (kind === "fen") return say(inFigure ? "ten_thousand_yuan" : "yuan");
  if (kind === "share") return "%";
  return TEXT[state.lang].units[unit] ?? unit;
}

/** A file's size. */
function sizeText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${pointed(Math.round(bytes / 102.4), 1)} KB`;
  return `${pointed(Math.round(bytes / 104857.6), 1)} MB`;
}

/** Text for HTML: the charts' tooltips alone are given as HTML. */
function escaped(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}
