#!/usr/bin/env node
// Looks at a release page in headless Chromium as its readers do.
//
//   node check.mjs --page INDEX.html [--large LARGE.html] [--bare BARE.html] [--hostile HOSTILE.html] [--out SCREENSHOTS]
//
// --page     a release's page; its data may be few
// --large    a page with all tables over 36 months: size and load time are held to their bounds
// --bare     a page without months: charts and cards have nothing to show
// --hostile  a page whose texts hold markup and scripts that set `window.hostile`
//
// What it needs is installed into a cache folder (SKILLWATCH_PAGE_CACHE, else ~/.cache/skillwatch-page-check), by the hashes in
// package-lock.json; Chromium is the system's (CHROMIUM names another), installed with apt-get where there is none.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const MOST_BYTES = 2_000_000;
const MOST_LOAD_MS = Number(process.env.SKILLWATCH_PAGE_LOAD_MS ?? 1000);
const HERE = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

const options = Object.fromEntries(
  process.argv
    .slice(2)
    .join(" ")
    .split("--")
    .filter(Boolean)
    .map((part) => part.trim().split(/\s+/)),
);
if (!options.page) throw new Error("usage: check.mjs --page FILE [--large FILE] [--bare FILE] [--hostile FILE] [--out FOLDER]");
const OUT = path.resolve(options.out ?? "page-screenshots");
mkdirSync(OUT, { recursive: true });

function install() {
  const cache = process.env.SKILLWATCH_PAGE_CACHE ?? path.join(homedir(), ".cache/skillwatch-page-check");
  mkdirSync(cache, { recursive: true });
  for (const name of ["package.json", "package-lock.json", ".npmrc"]) copyFileSync(path.join(HERE, name), path.join(cache, name));
  const require = createRequire(path.join(cache, "package.json"));
  const wanted = require("./package.json").devDependencies;
  const has = ([name, version]) =>
    existsSync(path.join(cache, "node_modules", name)) && require(`${name}/package.json`).version === version;
  if (!Object.entries(wanted).every(has)) execFileSync("npm", ["ci", "--silent"], { cwd: cache, stdio: "inherit" });
  return require;
}

function findChromium() {
  const known = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = () => known.find((file) => file && existsSync(file));
  if (!found()) {
    execFileSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"], {
      stdio: "inherit",
    });
  }
  return found();
}

const require = install();
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });

let passed = 0;
const failures = [];

async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failures.push(name);
    console.log(`FAILED  ${name}\n        ${String(error.message).replaceAll("\n", "\n        ")}`);
  }
}

function equal(found, expected, what) {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`);
}

function sure(condition, what) {
  if (!condition) throw new Error(what);
}

/** Opens a page; whatever it says on the console, and each request but for itself, ends up in `troubles`. */
async function open(file, { hash = "", width = 1280, height = 900, scheme = "light", script = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, javaScriptEnabled: script });
  const page = await context.newPage();
  const address = pathToFileURL(path.resolve(file)).href;
  page.troubles = [];
  page.on("console", (message) => page.troubles.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => page.troubles.push(error.stack));
  page.on("dialog", (dialog) => page.troubles.push(`dialog: ${dialog.message()}`));
  page.on(
    "request",
    (request) =>
      request.url().split("#")[0] !== address &&
      !request.url().startsWith("data:") &&
      page.troubles.push(`request: ${request.url()}`),
  );
  await page.goto(address + hash);
  return page;
}

async function quiet(page) {
  equal(page.troubles, [], "console, errors, requests");
  await page.context().close();
}

async function axeViolations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map((node) => node.target.join(" "))
        .join(", ")} (${nodes.length})`,
  );
}

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const shot = (page, name, fullPage = true) => page.screenshot({ path: path.join(OUT, `${name}.png`), fullPage });

const LOOKS = [
  ["zh-light", { hash: "", scheme: "light" }],
  ["zh-dark", { hash: "", scheme: "dark" }],
  ["en-light", { hash: "#lang=en&theme=light", scheme: "dark" }],
  ["en-dark", { hash: "#lang=en&theme=dark", scheme: "light" }],
  ["zh-narrow", { width: 400 }],
  ["en-narrow-dark", { hash: "#lang=en", width: 400, scheme: "dark" }],
  ["zh-zoomed", { width: 640 }],
];

async function checkLooks(label, file) {
  for (const [name, look] of LOOKS) {
    await check(`${label} ${name}: quiet, within its width, no accessibility violation`, async () => {
      const page = await open(file, look);
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
      sure(await fits(page), "the page is wider than its window");
      equal(await axeViolations(page), [], "axe");
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = false)));
      await shot(page, `${label}-${name}`);
      await quiet(page);
    });
  }
}

async function checkReading(label, file) {
  await check(`${label}: each chart is drawn and has words and a table of its data`, async () => {
    const page = await open(file);
    const figures = await page.$$eval("figure", (all) =>
      all.map((figure) => ({
        id: figure.id,
        shapes: figure.querySelectorAll(".canvas svg path").length,
        words: figure.querySelector(".canvas").getAttribute("aria-label"),
        rows: figure.querySelectorAll(".figure-data tbody tr").length,
      })),
    );
    sure(figures.length >= 3, `${figures.length} charts`);
    for (const figure of figures) sure(figure.shapes > 4 && figure.words.length > 10 && figure.rows > 0, JSON.stringify(figure));
    const cities = await page.$$eval("#map .figure-data tbody tr", (rows) => rows.length);
    equal(cities, 16, "cities of the map");
    await quiet(page);
  });

  await check(`${label}: every embedded row can be seen, and cells are shown by their kind`, async () => {
    const page = await open(file);
    const wrong = await page.evaluate(() => {
      const data = JSON.parse(document.getElementById("data").textContent);
      const problems = [];
      for (const table of data.tables) {
        const view = document.getElementById(`table-${table.name}`);
        view.querySelectorAll(".filters select").forEach((list) => {
          if (!list.id.endsWith("-size") && list.value !== "") {
            list.value = "";
            list.dispatchEvent(new Event("change"));
          }
        });
        const count = view.querySelector(".count").textContent.replaceAll(",", "");
        if (table.rows > 0 && !count.includes(`共 ${table.rows} 行`)) problems.push(`${table.name}: ${count}`);
        const shapes = { count: /^-?[\d,]+$/, fen: /^-?[\d,]+\.\d\d$/, share: /^-?[\d,]+\.\d%$/, decimal: /^-?[\d,]+\.\d$/ };
        view.querySelectorAll(".data tbody tr").forEach((row) => {
          table.columns.forEach((column, at) => {
            const text = row.children[at].textContent;
            if (shapes[column.kind] && !shapes[column.kind].test(text) && text !== "*" && text !== "—")
              problems.push(`${table.name}.${column.name}: ${text}`);
          });
        });
      }
      return problems.slice(0, 5);
    });
    equal(wrong, [], "cells");
    await quiet(page);
  });

  await check(`${label}: the language is in the address and nowhere else`, async () => {
    const page = await open(file);
    equal(await page.evaluate(() => document.documentElement.lang), "zh-CN", "language at first");
    await page.click("#language");
    equal(
      await page.evaluate(() => [document.documentElement.lang, location.hash, document.activeElement.id]),
      ["en", "#lang=en", "language"],
      "after the switch",
    );
    sure((await page.title()).includes("Shandong"), "the title is English");
    const left = await page.evaluate(
      () => document.body.innerText.replace(/[（(]?鲁人社字[^\n;]*/g, "").match(/.*[\u4e00-\u9fff].*/g) ?? [],
    );
    console.log(`        lines with Chinese in the English page: ${left.length}`);
    await page.reload();
    equal(
      await page.evaluate(() => [document.documentElement.lang, document.cookie, localStorage.length, sessionStorage.length]),
      ["en", "", 0, 0],
      "after loading again",
    );
    await quiet(page);
  });

  await check(`${label}: choices change the charts and stay in the address`, async () => {
    const page = await open(file);
    const words = () => page.$eval("#trend .canvas", (canvas) => canvas.getAttribute("aria-label"));
    const before = await words();
    await page.selectOption("#area", "370200");
    sure((await words()) !== before && (await words()).includes("青岛"), "the trend shows the area chosen");
    await page.selectOption("#map-measure", { index: 1 });
    const hash = await page.evaluate(() => location.hash);
    sure(/area=370200/.test(hash) && /measure=/.test(hash), hash);
    await page.reload();
    sure((await words()).includes("青岛"), "the choice is kept");
    await quiet(page);
  });

  await check(`${label}: without scripts there are words and links`, async () => {
    const page = await open(file, { script: false });
    sure((await page.innerText("noscript")).includes("JavaScript"), "the reader is told");
    sure((await page.locator("noscript a").count()) > 0, "files can be had");
    await page.context().close();
  });
}

async function checkKeyboard(label, file) {
  await check(`${label}: skip link, sorting, filtering and paging by keyboard`, async () => {
    const page = await open(file);
    const focused = (body) => page.evaluate(body);
    await page.keyboard.press("Tab");
    equal(await focused(() => document.activeElement.className), "skip", "first stop");
    await page.keyboard.press("Enter");
    equal(await focused(() => document.activeElement.id), "main", "after the skip link");

    const stop = async (selector) => {
      for (let presses = 0; presses < 300; presses += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
      }
      throw new Error(`${selector} is not reached`);
    };
    const table = "#table-city_progress_monthly";
    await stop(`${table} th[data-column="persons"] button`);
    const outlined = await focused(() => getComputedStyle(document.activeElement).outlineStyle);
    equal(outlined, "solid", "focus is seen");
    const column = () =>
      page.evaluate((selector) => {
        const head = document.querySelector(`${selector} th[data-column="persons"]`);
        const at = [...head.parentElement.children].indexOf(head);
        const cells = [...document.querySelectorAll(`${selector} .data tbody tr`)].map((row) => row.children[at].textContent);
        return {
          sort: head.getAttribute("aria-sort"),
          cells: cells.filter((text) => /\d/.test(text)).map((text) => Number(text.replaceAll(",", ""))),
        };
      }, table);
    const published = await column();
    for (const [key, sort, order] of [
      ["Enter", "ascending", (a, b) => a - b],
      ["Space", "descending", (a, b) => b - a],
    ]) {
      await page.keyboard.press(key);
      const now = await column();
      equal(now.sort, sort, "aria-sort");
      equal(now.cells, [...now.cells].sort(order), `${sort} order`);
      sure((await page.textContent("#status")).length > 5, "the order is announced");
    }
    await page.keyboard.press("Enter");
    equal(await column(), published, "the third press restores the published order");

    const large = await page.evaluate(
      () => [...document.querySelectorAll(".pager")].find((pager) => pager.children.length > 0)?.closest("section").id,
    );
    if (large) {
      await page.focus(`#${large} input[type=search]`);
      const rows = () => page.$$eval(`#${large} .data tbody tr`, (all) => all.map((row) => row.textContent));
      const first = await rows();
      await page.evaluate((id) => document.querySelector(`#${id} .scroll`).focus(), large);
      await stop(`#${large} [data-step="1"]`);
      await page.keyboard.press("Enter");
      sure((await rows())[0] !== first[0], "the next page has other rows");
      await page.focus(`#${large} input[type=search]`);
      await page.keyboard.type("济南");
      sure(
        (await rows()).every((row) => row.includes("济南")),
        "the filter holds",
      );
    }
    await page.evaluate(() => scrollTo(0, 0));
    await quiet(page);
  });

  await check(`${label}: the contents lead to their sections, also from the address`, async () => {
    const page = await open(file);
    await page.focus("#contents li:nth-child(3) a");
    await page.keyboard.press("Enter");
    equal(await page.evaluate(() => [location.hash, document.activeElement.id]), ["#tables", "tables"], "section");
    await page.click("#language");
    equal(await page.evaluate(() => location.hash), "#tables&lang=en", "address");
    await page.reload();
    equal(await page.evaluate(() => document.activeElement.id), "tables", "section after loading again");
    await quiet(page);
  });
}

async function checkPrint(label, file) {
  await check(`${label}: on paper, light, with charts and whole tables; on screen as before`, async () => {
    const page = await open(file, { scheme: "dark" });
    const rowsShown = () =>
      page.$$eval(".table-view", (views) => views.map((view) => view.querySelectorAll(".data tbody tr").length));
    const before = await rowsShown();
    await page.evaluate(() => {
      addEventListener("beforeprint", () => {
        window.printed = {
          ground: getComputedStyle(document.body).backgroundColor,
          whole: [...document.querySelectorAll(".table-view")].every(
            (view) => view.querySelector(".pager").children.length === 0 || view.querySelectorAll(".data tbody tr").length > 20,
          ),
          charts: document.querySelectorAll(".canvas svg[viewBox]").length,
        };
      });
    });
    await page.pdf({ path: path.join(OUT, `${label}.pdf`), preferCSSPageSize: true, printBackground: true });
    const printed = await page.evaluate(() => window.printed);
    equal([printed.ground, printed.whole], ["rgb(255, 255, 255)", true], "paper");
    sure(printed.charts >= 3, "charts are printed");
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)");
    equal(await rowsShown(), before, "rows after printing");
    await quiet(page);
  });
}

async function checkPolicy(label, file) {
  await check(`${label}: the policy stops foreign scripts and every request`, async () => {
    const page = await open(file);
    const outcome = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "window.hostile = 1";
      document.body.append(script);
      const image = new Image();
      const refused = new Promise((resolve) => {
        image.onerror = () => resolve("refused");
        image.onload = () => resolve("loaded");
      });
      image.src = "http://127.0.0.1:9/x.png";
      const fetched = await fetch("http://127.0.0.1:9/").then(
        () => "fetched",
        () => "refused",
      );
      return [window.hostile ?? "not run", await refused, fetched];
    });
    equal(outcome, ["not run", "refused", "refused"], "script, image, fetch");
    const blocked = page.troubles.filter((trouble) => trouble.includes("Content Security Policy")).length;
    sure(blocked >= 3, `${blocked} refusals by the policy`);
    await page.context().close();
  });
}

async function checkSize(label, file) {
  await check(`${label}: size and load time`, async () => {
    const bytes = statSync(file).size;
    const times = [];
    for (let round = 0; round < 5; round += 1) {
      const page = await open(file);
      times.push(await page.evaluate(() => Math.round(performance.getEntriesByType("navigation")[0].loadEventEnd)));
      await page.context().close();
    }
    times.sort((one, other) => one - other);
    console.log(`        ${bytes} bytes; loaded in ${times.join(", ")} ms`);
    sure(bytes < MOST_BYTES, `${bytes} bytes`);
    sure(times[2] < MOST_LOAD_MS, `median load time ${times[2]} ms`);
  });
}

async function checkHostile(file) {
  for (const hash of ["", "#lang=en", "#<script>window.hostile=1</script>&measure=%3Cimg%20onerror=1%3E&area=%E0%A4%A"]) {
    await check(`hostile texts stay texts (${hash || "as opened"})`, async () => {
      const page = await open(file, { hash });
      for (const canvas of await page.$$("figure .canvas")) {
        const box = await canvas.boundingBox();
        if (!box) continue;
        await canvas.scrollIntoViewIfNeeded();
        const { x, y, width, height } = await canvas.boundingBox();
        for (const at of [0.3, 0.5, 0.7]) await page.mouse.move(x + width * at, y + height * 0.5);
      }
      await page.selectOption("#map-measure", { index: 2 });
      const found = await page.evaluate(() => [
        window.hostile ?? "not run",
        document.querySelectorAll("img, [onerror]").length,
        document.scripts.length,
      ]);
      equal(found, ["not run", 0, 4], "run, elements, scripts");
      sure((await page.innerText("#tables")).includes("</script>"), "the text is shown as it is");
      await quiet(page);
    });
  }
}

for (const label of ["page", "large"]) {
  const file = options[label];
  if (!file) continue;
  await checkSize(label, file);
  await checkReading(label, file);
  await checkKeyboard(label, file);
  await checkPrint(label, file);
  await checkPolicy(label, file);
  await checkLooks(label, file);
}
if (options.bare) await checkLooks("bare", options.bare);
if (options.hostile) await checkHostile(options.hostile);
await browser.close();
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
