import { describe, expect, test } from "vitest";
import { checkExpression } from "../expressions/check-expression.js";
import { type GoldenLine, goldenLines, parse, usesKnown } from "./golden-lines.js";
import { goldenValue, sameGolden } from "./golden-value.js";

/** Answers that differ from Spark's, and why. */
const known: Readonly<Record<string, string>> = {
  "SELECT -2147483648 - 1 AS r": "the parser reads a sign and a number as two things",
  "SELECT DATE'2024-03-01' - DATE'2024-02-01' AS r": "no interval types yet",
  "SELECT TIMESTAMP'2024-03-01 00:00:00' - TIMESTAMP'2024-02-28 12:30:00' AS r": "no interval types yet",
  "SELECT TIMESTAMP'2024-03-01 00:00:00' - DATE'2024-02-28' AS r": "no interval types yet",
  "SELECT CASE WHEN true THEN 1 WHEN true THEN 'a' END AS r": "nullability does not follow constant conditions",
  "SELECT CASE WHEN true THEN 1 ELSE 1/0 END AS r": "nullability does not follow constant conditions",
  "SELECT CAST('epoch' AS DATE) AS r": "special dates are not folded",
  "SELECT TRY_CAST(map('1','x') AS MAP<INT,INT>) AS r": "nulls that a nested try_cast makes are not foreseen",
  "SELECT current_timestamp('x') AS r": "the parser of Spark refuses this with its own condition",
  "SELECT now('x') AS r": "the parser of Spark refuses this with its own condition",
  "SELECT from_unixtime(0, 'bad pattern q') AS r": "letters that were legal in Spark 2 have a condition of their own",
  "SELECT 1.5D & 1 AS r": "which of two type errors is reported first",
  "SELECT ~ NULL AS r": "a bare null counts as a long, not as an int",
  "SELECT try_element_at(array(1, 2, 3), 2) AS r": "nullability does not look into array constructors",
  "SELECT get(array(1, 2, 3), 0) AS r": "nullability does not look into array constructors",
};
const units = /^SELECT (datediff|date_diff|dateadd)\((MONTH|YEAR|WEEK|'DAY')/;
const reasonOf = ({ sql }: GoldenLine): string | undefined =>
  known[sql] ?? (units.test(sql) ? "functions of three arguments with a unit are a matter of the parser" : undefined);

const scalar = goldenLines.filter(({ sql }) => !sql.includes(" FROM VALUES "));
const groups = [...new Set(scalar.map(({ f }) => f))].map((f) => [f, scalar.filter((line) => line.f === f)] as const);

function failure(line: GoldenLine): string | undefined {
  const e = parse(/^SELECT ([^]*) AS r$/.exec(line.sql)![1]);
  if (!usesKnown(e, false)) return "uses a function that does not exist";
  const outcome = checkExpression(e);
  if ("error" in outcome)
    return outcome.error === line.error || line.error?.startsWith("java:") ? undefined : outcome.error;
  const schema = `r ${outcome.type.sql()}${outcome.nullable ? "" : " NOT NULL"}`;
  if (schema !== line.schema) return `${schema} instead of ${line.schema ?? line.error}`;
  const value = goldenValue(outcome.type, outcome.value);
  const [expected] = line.rows![0];
  return sameGolden(expected, value, outcome.type.typeName() === "float") ? undefined : JSON.stringify(value);
}

describe("functions answer as Spark does", () => {
  test.each(groups)("%s", (_, lines) => {
    const failures: string[] = [];
    for (const line of lines) {
      const reason = reasonOf(line);
      const wrong = failure(line);
      if (reason && !wrong) failures.push(`${line.sql}: listed as different ("${reason}") but is right`);
      if (!reason && wrong) failures.push(`${line.sql}: ${wrong}`);
    }
    expect(failures).toEqual([]);
  });

  test("a wrong expectation fails", () => {
    const right = scalar.find((line) => line.sql === "SELECT sqrt(1) AS r")!;
    expect(failure(right)).toBeUndefined();
    expect(failure({ ...right, rows: [[2 as never]] })).toBeDefined();
    expect(failure({ ...right, schema: "r FLOAT" })).toBeDefined();
  });
});
