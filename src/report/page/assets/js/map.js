// The map of the 16 cities, coloured by the measure chosen in five classes of about equal numbers of cities.

const MAP_NAME = "shandong";

/** Up to five classes: each { from, to, cities }, from the lowest values up. Equal values are never parted. */
function classesOf(cities) {
  const known = cities.filter((city) => typeof city.cell === "number").sort((one, other) => one.cell - other.cell);
  const classes = [];
  known.forEach((city, at) => {
    const last = classes[classes.length - 1];
    const place = Math.floor((at * 5) / known.length);
    if (last && (last.place === place || last.to === city.cell)) {
      last.to = city.cell;
      last.cities.push(city.code);
    } else classes.push({ place, from: city.cell, to: city.cell, cities: [city.code] });
  });
  return classes;
}

/** Black or white, whichever reads better on a colour given as #rrggbb. */
function inkOn(colour) {
  const channel = (at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const light = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return light > 0.2 ? "#111111" : "#ffffff";
}

function buildMap(style, width) {
  const measure = chosenMeasure();
  const cities = cityFigures(measure);
  const classes = classesOf(cities);
  const colourAt = (at) => style.classes[classes.length === 1 ? 2 : Math.round((at * 4) / (classes.length - 1))];
  const colourOf = (code) => {
    const at = classes.findIndex((one) => one.cities.includes(code));
    return at < 0 ? style.empty : colourAt(at);
  };
  const range = ({ from, to }) =>
    from === to ? figureText(from, measure.kind) : `${figureText(from, measure.kind)} – ${figureText(to, measure.kind)}`;
  const empty = cities.filter((city) => typeof city.cell !== "number").length;
  const legend = classes.map((one, at) => ({
    colour: colourAt(at),
    text: `${range(one)} ${say("cities_count", one.cities.length)}`,
  }));
  if (empty > 0) legend.push({ colour: style.empty, text: `${say("no_data")} / ${say("hidden")} ${say("cities_count", empty)}` });
  const cityOf = new Map(cities.map((city) => [city.code, city]));
  const regions = cities.map((city) => {
    const colour = colourOf(city.code);
    const chosen = city.code === state.area;
    return {
      name: city.code,
      itemStyle: { areaColor: colour, borderColor: chosen ? style.series[1] : style.ground, borderWidth: chosen ? 2.5 : 1 },
      label: { color: inkOn(colour), textBorderColor: colour, textBorderWidth: 2 },
    };
  });
  const shown = tooltip(style, () => []);
  return {
    scope: measureScope(measure),
    legend,
    ...cityRows(measure, cities),
    note: say("map_note"),
    option: {
      tooltip: {
        ...shown,
        trigger: "item",
        formatter: ({ name }) => {
          const city = cityOf.get(name);
          return city
            ? [city.name, `${choose(measure.heading)} ${cellTexts([city], measure.kind)[0]}`].map(escaped).join("<br>")
            : "";
        },
      },
      series: [
        {
          type: "map",
          map: MAP_NAME,
          aspectScale: 0.81,
          preserveAspect: "contain",
          roam: false,
          selectedMode: false,
          left: 4,
          right: 4,
          top: 4,
          bottom: 4,
          label: { show: true, fontSize: width < 420 ? 9 : 11, formatter: ({ name }) => cityOf.get(name)?.name ?? "" },
          emphasis: { disabled: true },
          data: regions,
        },
      ],
    },
  };
}
