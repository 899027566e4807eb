import * as K from "../src/index.js";
const spark = K.SparkSession.builder.master("local[2]").getOrCreate();
const n=200_000,d=28;
let st=12345; const rnd=()=>{st=(Math.imul(st,1664525)+1013904223)>>>0; return st/2**32;};
const w=Array.from({length:d},()=>rnd()*2-1);
const cols:any = {}; 
const xs=Array.from({length:d},()=>new Float64Array(n)); const y=new Float64Array(n);
for(let i=0;i<n;i++){let s=0; for(let j=0;j<d;j++){const v=rnd()*2-1; xs[j][i]=v; s+=w[j]*v;} y[i]=rnd()<1/(1+Math.exp(-s))?1:0;}
const rows=function*(){for(let i=0;i<n;i++) yield [...xs.map(x=>x[i]), y[i]];};
const names=Array.from({length:d},(_,j)=>`f${j}`);
const base=spark.createDataFrame(rows() as any, [...names.map(x=>`${x} double`),"label double"].join(", "), 2);
const frame=new K.VectorAssembler({inputCols:names,outputCol:"features"}).transform(base).select("features","label").cache();
console.log(await frame.count());
for (let k=0;k<3;k++){
 const lr=new K.LogisticRegression({maxIter:10});
 const grid=new K.ParamGridBuilder().addGrid(lr.regParam,[0,0.01,0.1]).addGrid(lr.elasticNetParam,[0,0.5,1]).build();
 const jobs=new Map<string,[number,number]>(); const open=new Map<number,[string,number]>();
 const off=spark.events.on((e:any)=>{ if(e.type==="jobStart") open.set(e.jobId,[e.description,performance.now()]); if(e.type==="jobEnd"){const [dsc,t]=open.get(e.jobId)!; const q=jobs.get(dsc)??[0,0]; jobs.set(dsc,[q[0]+1,q[1]+performance.now()-t]);}});
 const t=performance.now(); const c0=process.cpuUsage();
 const m=await new K.CrossValidator({estimator:lr,estimatorParamMaps:grid,evaluator:new K.BinaryClassificationEvaluator(),numFolds:3,seed:7,parallelism:2}).fit(frame);
 console.log("cv",((performance.now()-t)/1000).toFixed(2)+"s", m.avgMetrics.map(v=>v.toFixed(5)).join(" "), JSON.stringify([...jobs].map(([k,v])=>[k,v[0],Math.round(v[1])])));
 const c1=process.cpuUsage(c0); console.log("cpu s",(c1.user/1e6).toFixed(2),(c1.system/1e6).toFixed(2)); off();
 const t2=performance.now(); const lm=await lr.fit(frame); console.log("one fit",(performance.now()-t2).toFixed(0)+"ms"); const t3=performance.now(); await new K.BinaryClassificationEvaluator().evaluate(lm.transform(frame)); console.log("one eval 200k",(performance.now()-t3).toFixed(0)+"ms");
}
await spark.stop();
