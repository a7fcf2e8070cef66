// Build src/evenhand/web/static/vendor/ from node_modules/: the bundle of ECharts, the style sheet of Tabler, their licences, and
// vendor.json (file, package, version, licence, sha256). Started by tools/vendor.py; the same input gives the same bytes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const OUT = "src/evenhand/web/static/vendor";
const ASIDE = `${OUT}.partial`; // built aside and moved: an interrupted run leaves the old folder whole
const LICENCES = ["LICENSE", "LICENSE.txt", "NOTICE", "licenses/LICENSE-d3"];

const about = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
const files = [];
const put = (file, name, bytes) => {
  const { version, license } = about(name);
  writeFileSync(`${ASIDE}/${file}`, bytes);
  files.push({ file, package: name, version, licence: license, sha256: createHash("sha256").update(bytes).digest("hex") });
};
const putLicences = (name) => {
  const found = LICENCES.filter((text) => existsSync(`node_modules/${name}/${text}`));
  for (const text of found) put(`${name.replace("@", "").replace("/", "-")}.${text.replace("licenses/", "").replace(".txt", "")}.txt`, name, readFileSync(`node_modules/${name}/${text}`));
  return found.length > 0;
};

rmSync(ASIDE, { recursive: true, force: true });
mkdirSync(ASIDE, { recursive: true });

const bundle = await build({
  entryPoints: ["tools/vendor.echarts.mjs"],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "echarts",
  target: "es2018",
  legalComments: "inline",
  write: false,
  logLevel: "warning",
});
put("echarts.min.js", "echarts", Buffer.from(bundle.outputFiles[0].contents));

// A source-map comment left behind would make the static-files storage look for a file that is not shipped.
const style = readFileSync("node_modules/@tabler/core/dist/css/tabler.min.css", "utf8").replace(/\/\*# sourceMappingURL=.*?\*\//g, "");
put("tabler.min.css", "@tabler/core", Buffer.from(style));

for (const name of ["echarts", "zrender", "tslib", "@tabler/core"]) {
  // Tabler's package ships no licence file: its notice stands at the head of the style sheet.
  if (!putLicences(name) && name !== "@tabler/core") throw new Error(`${name}: no licence text found in its package`);
}

files.sort((one, other) => (one.file < other.file ? -1 : 1));
writeFileSync(`${ASIDE}/vendor.json`, `${JSON.stringify({ files }, null, 2)}\n`);
rmSync(OUT, { recursive: true, force: true });
renameSync(ASIDE, OUT);
const size = Math.round(files.reduce((sum, { file }) => sum + readFileSync(`${OUT}/${file}`).length, 0) / 1024);
console.log(`✓ 前端文件 ${files.length} 个，${size} KB：${OUT}`);
