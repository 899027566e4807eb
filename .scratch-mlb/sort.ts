import { scoreRun, mergeRuns } from "../src/ml/evaluation/metrics/score-runs.js";
const n=500_000; const s=Float64Array.from({length:n},()=>Math.random()); const p=Float64Array.from(s,()=>Number(Math.random()<.5)); const q=p.map(v=>1-v);
for(let k=0;k<6;k++){const t=performance.now(); const r=scoreRun(s,p,q,n); console.log(r.length,(performance.now()-t).toFixed(1));
 const t2=performance.now(); const m=mergeRuns([r,r],[0,0],[60000,60000]); console.log("merge 120k",(performance.now()-t2).toFixed(1));}
