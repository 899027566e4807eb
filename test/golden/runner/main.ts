import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { discover, type Found } from "./discover.js";
import { describeOutcome, summarize } from "./report.js";
import { GoldenRunner, type Outcome } from "./run.js";

const USAGE = `npm run golden -- PATH... [--datasets DIR]... [--partitions N] [--only TEXT] [--verbose]

Runs every recorded case below the paths: golden files, errors.json, saved models with their .expect.json.
Data files are looked up in the project's datasets/ and in each DIR. --partitions N overrides the number of partitions,
--only runs the cases whose file or id contains TEXT, --verbose lists passed and skipped cases, too.`;

/** Exit codes: 0 all passed or skipped, 1 a case failed or nothing was found, 2 bad usage. */
async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      datasets: { type: "string", multiple: true, default: [] },
      partitions: { type: "string" },
      only: { type: "string" },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || positionals.length === 0) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const partitions = values.partitions === undefined ? undefined : Number(values.partitions);
  if (partitions !== undefined && !(Number.isInteger(partitions) && partitions > 0)) {
    throw new RangeError(`--partitions takes a positive integer, not ${values.partitions}`);
  }
  const datasets = [
    fileURLToPath(new URL("../../../datasets", import.meta.url)),
    ...values.datasets.map((d) => resolve(d)),
  ];
  const wanted = (found: Found): boolean =>
    values.only === undefined || `${found.file} ${found.kind === "case" ? found.spec.id : ""}`.includes(values.only);
  const cases = discover(positionals.map((path) => resolve(path))).filter(wanted);
  const outcomes: Outcome[] = [];
  const runner = await GoldenRunner.start({ datasets, partitions });
  try {
    for (const found of cases) {
      const outcome = await runner.run(found);
      outcomes.push(outcome);
      if (outcome.status === "failed" || values.verbose) console.log(describeOutcome(outcome));
    }
  } finally {
    await runner.stop();
  }
  console.log(summarize(outcomes));
  if (outcomes.length === 0) console.error(`no recorded cases below ${positionals.join(", ")}`);
  return outcomes.length === 0 || outcomes.some((outcome) => outcome.status === "failed") ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof RangeError || error instanceof TypeError ? `${error.message}\n\n${USAGE}` : error);
    process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
  },
);
