import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));
const REQUIREMENTS = ["pyspark==4.3.0", "numpy"];

/** Python with PySpark: `KINDLING_SPARK_PYTHON`, else `.venv-spark`, which is made when it is not there. */
export function sparkPython(): string {
  const given = process.env.KINDLING_SPARK_PYTHON;
  if (given) {
    if (!existsSync(given)) throw new Error(`KINDLING_SPARK_PYTHON is ${given}, which does not exist`);
    return given;
  }
  const environment = join(project, ".venv-spark");
  const python = join(environment, "bin/python");
  if (!existsSync(python)) execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
  try {
    execFileSync(python, ["-c", "import numpy, pyspark; assert pyspark.__version__ == '4.3.0'"], { stdio: "ignore" });
  } catch {
    execFileSync(python, ["-m", "pip", "install", "--quiet", ...REQUIREMENTS], { stdio: "inherit" });
  }
  return python;
}
