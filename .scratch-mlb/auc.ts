import { readFileSync } from "node:fs";
import { scoreRun } from "../src/ml/evaluation/metrics/score-runs.js";
import { SparkSession } from "../src/index.js";
import * as E from "../src/ml/evaluation/index.js";
const spark = SparkSession.builder.master("local[2]").getOrCreate();
const rows = JSON.parse(readFileSync("/tmp/mlb/rows.json","utf8"));
const df = spark.createDataFrame(rows, "label double, score double", 1);
for (const numBins of [0,10,100,1000,2000]) for (const metricName of ["areaUnderROC","areaUnderPR"]) console.log(numBins, metricName, await new E.BinaryClassificationEvaluator({rawPredictionCol:"score",numBins,metricName}).evaluate(df));
const c = JSON.parse(readFileSync("/work/shared/spark/goldens/BinaryClassificationEvaluator.json","utf8")).cases[1];
const pts = c.data.rows.map((r:any)=>[r[1],r[0]]);
const m = new Map<number,[number,number]>();
for (const [s,l] of pts) { const k=s+0; const e=m.get(k)??[0,0]; if(l>0.5)e[0]++; else e[1]++; m.set(k,e); }
const sorted=[...m].sort((a,b)=>b[0]-a[0]);
console.log("distinct",sorted.length, sorted.map(x=>x[0]).join(" "));
const P=sorted.reduce((a,x)=>a+x[1][0],0), N=sorted.reduce((a,x)=>a+x[1][1],0);
function auc(groups:[number,number][]) { let tp=0,fp=0,a=0; for(const [p,n] of groups){const t2=tp+p,f2=fp+n; a+=(f2-fp)/N*(tp+t2)/P/2; tp=t2;fp=f2;} return a; }
for (const g of [2,3,4,5,6,7,8,9,10]) for (let cut=0; cut<=sorted.length; cut++) {
  const groups:[number,number][]=[];
  for (const part of [sorted.slice(0,cut), sorted.slice(cut)]) for (let i=0;i<part.length;i+=g) groups.push(part.slice(i,i+g).reduce((a,x)=>[a[0]+x[1][0],a[1]+x[1][1]] as any,[0,0]) as any);
  if (Math.abs(auc(groups)-0.3529411764705882)<1e-9) console.log("match g",g,"cut",cut);
}
await spark.stop();
