import { readFileSync } from "node:fs";
import { SparkSession, F } from "../src/index.js";
import * as E from "../src/ml/evaluation/index.js";
import { Vectors } from "../src/linalg/index.js";
import * as T from "../src/sql/types/index.js";
const spark = SparkSession.builder.master("local[2]").config("spark.default.parallelism","2").config("spark.sql.session.timeZone","UTC").getOrCreate();
const ty = (t: string): any => t.startsWith("array<") ? new T.ArrayType(ty(t.slice(6,-1)), true) : t==="vector"? T.vectorType : ({double:T.doubleType,int:T.integerType,float:T.floatType,string:T.stringType,bigint:T.longType} as any)[t];
const val = (v: any): any => v==="NaN"?NaN: v==="Infinity"?Infinity: v==="-Infinity"?-Infinity: v&&typeof v==="object"&&!Array.isArray(v)&&"type" in v ? Vectors.fromJson(v): Array.isArray(v)? v.map(val): v;
let pass=0, fail=0;
for (const cls of ["BinaryClassificationEvaluator","MulticlassClassificationEvaluator","RegressionEvaluator","ClusteringEvaluator","RankingEvaluator","MultilabelClassificationEvaluator"]) {
  const {cases} = JSON.parse(readFileSync(`/work/shared/spark/goldens/${cls}.json`,"utf8"));
  for (const c of cases) {
    if (c.data.file) { console.log("skip", cls, c.id); continue; }
    for (const parts of [1,3,7]) {
    const schema = new T.StructType(c.data.schema.map(([n,t]: any)=>new T.StructField(n,ty(t))));
    const df = spark.createDataFrame(c.data.rows.map((r: any)=>r.map(val)), schema, parts);
    for (const e of c.expect.evaluations) {
      const ev = new (E as any)[cls]({...c.params, ...e.params});
      try {
        const v = await ev.evaluate(df);
        const want = val(e.value);
        const ok = (Object.is(v,want) || Math.abs(v-want) <= 1e-9*Math.max(1,Math.abs(want))) && ev.isLargerBetter()===e.isLargerBetter;
        if (ok) pass++; else { fail++; console.log("FAIL",cls,c.id,parts,JSON.stringify(e),v); }
      } catch (err) { fail++; console.log("ERR",cls,c.id,parts,JSON.stringify(e.params),err); }
    }}
  }
}
console.log({pass,fail});
await spark.stop();
