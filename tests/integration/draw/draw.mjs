// An equal-chance draw in JavaScript, from the two frozen files and the seed: prints result.tsv. / 用 JavaScript 重算一次等概率抽取。
// node draw.mjs FOLDER SEED
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [folder, seed] = process.argv.slice(2);
const rows = (name) => readFileSync(`${folder}/${name}`, "utf8").split("\n").slice(0, -1).map((line) => line.split("\t"));
const rules = new Map(rows("rules.tsv").map(([kind, key, value]) => [`${kind}\t${key}`, value]));
const bytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)); // UTF-8, not UTF-16
const ticket = (id) => createHash("sha256").update(`${seed}|obj|${id}`).digest("hex");
const strata = new Map();
for (const [id, stratum] of rows("list.tsv")) strata.set(stratum, [...(strata.get(stratum) ?? []), id]);
for (const name of [...strata.keys()].sort(bytes)) {
  const quota = Number(rules.get(`quota\t${name}`));
  const most = quota + Math.ceil((quota * Number(rules.get("param\treserve_pct"))) / 100);
  const order = strata.get(name).map((id) => [ticket(id), id]).sort((a, b) => bytes(a[0], b[0]) || bytes(a[1], b[1]));
  order.slice(0, most).forEach(([hash, id], place) => {
    process.stdout.write(`${name}\t${place + 1}\t${place < quota ? "D" : "R"}\t${id}\t${hash}\n`);
  });
}
