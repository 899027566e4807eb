import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Column, F } from "../../../src/index.js";
import { testSession } from "../session.js";

const c = F.col;
/** The expressions of `record-column-names.py`, by their names there. */
const expressions: Record<string, () => Column> = {
  "a+1": () => c("a").plus(1),
  "a-b": () => c("a").minus(c("b")),
  "a*2.5": () => c("a").multiply(2.5),
  "a/2": () => c("a").divide(2),
  "a%2": () => c("a").mod(2),
  "-a": () => c("a").negate(),
  "a==1": () => c("a").eq(1),
  "a!=1": () => c("a").notEqual(1),
  lt: () => c("a").lt(1),
  ge: () => c("a").geq(1),
  eqns: () => c("a").eqNullSafe(1),
  and: () => c("t").and(c("t")),
  or: () => c("t").or(c("a").eq(1)),
  not: () => c("t").not(),
  isnull: () => c("a").isNull(),
  isnotnull: () => c("a").isNotNull(),
  isin: () => c("a").isin(1, 2),
  between: () => c("a").between(1, 2),
  like: () => c("s").like("x%"),
  rlike: () => c("s").rlike("x"),
  sw: () => c("s").startsWith("x"),
  ct: () => c("s").contains("x"),
  when: () => F.when(c("a").eq(1), "one").when(c("a").eq(2), "two").otherwise("z"),
  when2: () => F.when(c("a").eq(1), "one"),
  cast: () => c("a").cast("string"),
  cast2: () => c("a").plus(1).cast("double"),
  lit: () => F.lit(1),
  litd: () => F.lit(1.5),
  lits: () => F.lit("q"),
  litn: () => F.lit(null),
  litb: () => F.lit(true),
  upper: () => F.upper("s"),
  concat: () => F.concat("s", F.lit("-")),
  sum: () => F.sum("a"),
  count: () => F.count("*"),
  cd: () => F.countDistinct("a"),
  cd2: () => F.countDistinct("a", "b"),
  avg: () => F.avg("a"),
  mean: () => F.mean("a"),
  sd: () => F.stddev("b"),
  min: () => F.min("a"),
  sumd: () => F.sumDistinct("a"),
  round: () => F.round("b", 1),
  coalesce: () => F.coalesce("a", F.lit(0)),
  log: () => F.log("b"),
  log2: () => F.log(2, "b"),
  sqrt: () => F.sqrt("b"),
  pow: () => F.pow("b", 2),
  exp: () => F.exp("b"),
  abs: () => F.abs("a"),
  length: () => F.length("s"),
  alias: () => c("a").alias("zz"),
  litlong: () => F.lit(5000000000),
  expr: () => F.expr("a + 1 > 2 AND s LIKE 'x%'"),
  expr2: () => F.expr("CASE WHEN a > 1 THEN 'x' ELSE 'y' END"),
  expr3: () => F.expr("cast(a as double)"),
  expr4: () => F.expr("s = 'x' or a is not null"),
  expr6: () => F.expr("a in (1,2)"),
  e11: () => F.expr("1.5"),
  e13: () => F.expr("count(*)"),
  e14: () => F.expr("count(distinct a)"),
  lit_neg: () => F.lit(-1),
};
const recorded = new Map(
  readFileSync(new URL("column-names.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line): [string, [string, string]] => {
      const [key, name, field] = JSON.parse(line) as [string, string, string];
      return [key, [name, field]];
    }),
);
const spark = testSession();
const df = spark.createDataFrame([[1, 2.5, "x", true, null]], "a INT, b DOUBLE, s STRING, t BOOLEAN, arr ARRAY<INT>");

it.each(Object.keys(expressions))("column of %s has Spark's name and type", async (key) => {
  const [field] = (await df.select(expressions[key]()).schema()).fields;
  expect([field.name, `${field.name}:${field.dataType.simpleString()}`]).toEqual(recorded.get(key));
});
