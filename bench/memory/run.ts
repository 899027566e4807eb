import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesOf, tableData, trainingData } from "./data.js";
import { watched } from "./watch.js";

/**
 * `npm run bench:memory [-- --gigabytes=2] [NAME...]`: sort, groupBy, join and a cached logistic regression with
 * `spark.executor.memory=512m`, over so much data and over half of it. Each runs in a process of its own, whose tree must
 * stay below 512 MB + 350 MB and which may take at most 2.2 times as long for twice the data. Linux only (/proc).
 */
const LIMIT_MB = 512 + 350;
const MOST_GROWTH = 2.2;

const args = process.argv.slice(2);
const size = Number(args.find((arg) => arg.startsWith("--gigabytes="))?.split("=")[1] ?? 2);
const named = args.filter((arg) => !arg.startsWith("--"));
const names = named.length > 0 ? named : ["sort", "groupBy", "join", "logistic"];
const directory = join(tmpdir(), "kindling-bench-memory");
mkdirSync(directory, { recursive: true });

const rows: Record<string, unknown>[] = [];
let failed = false;
for (const name of names) {
  const times: number[] = [];
  for (const gigabytes of [size / 2, size]) {
    const path = await (name === "logistic" ? trainingData : tableData)(directory, gigabytes);
    const { output, peakBytes } = await watched(join(import.meta.dirname, "workload.ts"), [name, path]);
    const { seconds, result } = JSON.parse(output.trim().split("\n").at(-1)!) as { seconds: number; result: string };
    times.push(seconds);
    const peakMb = Math.round(peakBytes / 1e6);
    const growth = times.length > 1 ? times[1] / times[0] : undefined;
    const within = peakMb <= LIMIT_MB && (growth === undefined || growth <= MOST_GROWTH);
    failed ||= !within;
    rows.push({
      workload: name,
      "data MB": Math.round(bytesOf(path) / 1e6),
      seconds: Number(seconds.toFixed(1)),
      "times half": growth === undefined ? "" : growth.toFixed(2),
      "peak RSS MB": peakMb,
      result,
      within,
    });
    console.log(JSON.stringify(rows.at(-1)));
  }
}
console.table(rows);
if (failed) {
  console.error(
    `A workload took more than ${LIMIT_MB} MB, or more than ${MOST_GROWTH} times as long for twice the data.`,
  );
  process.exitCode = 1;
}
