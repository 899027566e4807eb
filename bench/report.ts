import type { Figure } from "./engine.js";
import type { Measurement } from "./kindling.js";
import type { Workload } from "./workloads.js";

export interface ReportInput {
  readonly command: string;
  readonly machine: string;
  readonly workloads: readonly Workload[];
  readonly ours: readonly Measurement[];
  readonly spark: readonly Measurement[];
  readonly peers: readonly Measurement[];
  readonly figures: readonly Figure[];
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
const seconds = (m: Measurement | undefined): string =>
  m ? `${m.first.toFixed(3)} / ${median(m.warm).toFixed(3)}` : "not measured";

/** Largest relative difference of two results; `undefined` when one side is missing. */
function difference(a: Measurement | undefined, b: Measurement | undefined): number | undefined {
  if (!a || !b) return undefined;
  const [x, y] = [a, b].map((m) => (typeof m.result === "number" ? [m.result] : m.result));
  return Math.max(...x.map((value, i) => Math.abs(value - y[i]) / Math.max(1, Math.abs(y[i]))));
}
const exponent = (value: number | undefined): string => (value === undefined ? "" : value.toExponential(1));
const times = (other: Measurement | undefined, ours: Measurement | undefined): string =>
  other && ours ? (median(other.warm) / median(ours.warm)).toFixed(1) : "";
const aims = (w: Workload): string =>
  [w.aim.spark && `Spark x ${w.aim.spark}`, w.aim.peer && `peer x ${w.aim.peer}`].filter(Boolean).join(", ");

/** The page `RESULTS.md`: every number of it comes from the run that writes it. */
export function report(input: ReportInput): string {
  const of = (list: readonly Measurement[], name: string): Measurement | undefined => list.find((m) => m.name === name);
  const start = of(input.spark, "start");
  const rows = input.workloads.map((w) => {
    const [ours, spark, peer] = [input.ours, input.spark, input.peers].map((list) => of(list, w.name));
    const cells = [w.title, `${w.rows.toLocaleString("en")} x ${w.columns}`, seconds(ours), seconds(spark)];
    cells.push(w.peer ? `${seconds(peer)} (${w.peer})` : "", times(spark, ours), times(peer, ours), aims(w));
    return `| ${[...cells, exponent(difference(ours, spark))].join(" | ")} |`;
  });
  const figures = input.figures.map((f) => `| ${f.title} | ${f.value} | ${f.aim} | ${f.reached ? "yes" : "no"} |`);
  return `# Results

Command: \`${input.command}\`. Machine: ${input.machine}.
Seconds: first run / median of the warm runs. All sides ran one after the other in this run, on the same Parquet, with the input cached in memory
(Spark 4.3 \`local[2]\`, 8 GB driver, 4 shuffle partitions). Ratios compare warm runs.

| work | data | kindling | Spark | single-machine tool | times faster than Spark | than the tool | aim | objective: difference to Spark |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}

Spark's own start (process to first job): ${start ? `${start.first.toFixed(1)} s` : "not measured"}.

| engine | measured | aim | reached |
|---|---|---|---|
${figures.join("\n")}

The objective is the last value of the loss (logistic regression), the coefficients (linear regression), the within-cluster cost (k-means, random
initialisation with the same seed), the squared norms of both factor matrices (ALS) or the average metrics (cross-validation).
`;
}
