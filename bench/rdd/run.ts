import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `npm run bench:rdd`: 10M (int, double) pairs through shuffles and word count of 200 MB, in kindling and then in Spark's Scala shell
 * (`local[2]`, 8 GB driver) in the same run. Python with pyspark comes from `KINDLING_SPARK_PYTHON`, else `.venv-spark`.
 */
interface Measured {
  readonly name: string;
  /** The text that words were counted in. */
  readonly path?: string;
  readonly answer: number;
  readonly first: number;
  readonly warm: number;
}

const here = import.meta.dirname;
const own = join(here, "../../.venv-spark/bin/python");
const python = process.env.KINDLING_SPARK_PYTHON ?? (existsSync(own) ? own : undefined);

/** The JSON lines of a program's output. */
const measured = (output: string): Measured[] =>
  output.split("\n").flatMap((line) => {
    const at = line.indexOf('{"name"');
    return at < 0 ? [] : [JSON.parse(line.slice(at)) as Measured];
  });

function spark(script: string, path = ""): Measured[] {
  if (python === undefined) return [];
  const home = execFileSync(python, ["-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"], {
    encoding: "utf8",
  }).trim();
  const options = ["--master", "local[2]", "--driver-memory", "8g", "--conf", "spark.ui.enabled=false"];
  return measured(
    execFileSync(join(home, "bin/spark-shell"), [...options, "-i", join(here, script)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, SPARK_HOME: home, WORDS: path },
    }),
  );
}

const tsx = fileURLToPath(import.meta.resolve("tsx/cli"));
const rows: Record<string, unknown>[] = [];
for (const name of ["shuffle", "word-count"]) {
  const ours = measured(
    execFileSync(process.execPath, [tsx, join(here, `${name}.bench.ts`)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  const theirs = spark(`${name}.scala`, ours[0].path);
  for (const { name: work, answer, first, warm } of ours) {
    const other = theirs.find((row) => row.name === work);
    if (other && other.answer !== answer) throw new Error(`${work}: ${answer} here, ${other.answer} in Spark`);
    rows.push({
      work,
      "kindling ms": `${first} / ${warm}`,
      "Spark ms": other ? `${other.first} / ${other.warm}` : "not measured",
      "times faster": other ? (other.warm / warm).toFixed(1) : "",
    });
    console.log(JSON.stringify(rows.at(-1)));
  }
}
console.table(rows);
