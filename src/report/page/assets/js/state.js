// What the reader has chosen. It is kept in the address, after the #, and nowhere else.

const LANGUAGES = ["zh", "en"];
const THEMES = ["auto", "light", "dark"];

const state = { lang: "zh", theme: "auto", month: "", area: PROVINCE, measure: "", section: "" };

const defaultMonth = () => MONTHS[MONTHS.length - 1] ?? "";

/** Takes what the address asks for; anything unknown is left at its default. */
function readAddress() {
  const parts = location.hash.slice(1).split("&");
  const asked = Object.fromEntries(parts.filter((part) => part.includes("=")).map((part) => part.split("=").map(decoded)));
  const one = (value, known, otherwise) => (known.includes(value) ? value : otherwise);
  state.lang = one(asked.lang, LANGUAGES, "zh");
  state.theme = one(asked.theme, THEMES, "auto");
  state.month = one(asked.month, MONTHS, defaultMonth());
  state.area = one(asked.area, [PROVINCE, ...CITIES.map((city) => city.code)], PROVINCE);
  state.measure = asked.measure ?? "";
  state.section = parts[0].includes("=") ? "" : decoded(parts[0]);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** Writes what differs from the defaults into the address. */
function writeAddress() {
  const parts = [];
  if (state.section) parts.push(state.section);
  if (state.lang !== "zh") parts.push(`lang=${state.lang}`);
  if (state.theme !== "auto") parts.push(`theme=${state.theme}`);
  if (state.month !== defaultMonth()) parts.push(`month=${state.month}`);
  if (state.area !== PROVINCE) parts.push(`area=${state.area}`);
  if (state.measure) parts.push(`measure=${state.measure}`);
  const hash = parts.join("&");
  history.replaceState(null, "", `${location.href.split("#")[0]}${hash && `#${hash}`}`);
}

/** Moves to a section and says so in the address. */
function goTo(id) {
  const target = byId(id);
  if (!target) return;
  state.section = id === "main" ? "" : id;
  writeAddress();
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView();
}
