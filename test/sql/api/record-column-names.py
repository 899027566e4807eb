from pyspark.sql import SparkSession, functions as F
from pyspark.sql.types import *
import json,sys
s=SparkSession.builder.master("local[1]").config("spark.ui.enabled","false").config("spark.sql.session.timeZone","UTC").config("spark.log.level","OFF").getOrCreate()
df=s.createDataFrame([(1,2.5,"x",True,None)],"a int, b double, s string, t boolean, arr array<int>")
c=F.col
ex={
"a+1":c("a")+1,"a-b":c("a")-c("b"),"a*2.5":c("a")*2.5,"a/2":c("a")/2,"a%2":c("a")%2,"-a":-c("a"),
"a==1":c("a")==1,"a!=1":c("a")!=1,"lt":c("a")<1,"ge":c("a")>=1,"eqns":c("a").eqNullSafe(1),
"and":c("t")&c("t"),"or":c("t")|(c("a")==1),"not":~c("t"),"isnull":c("a").isNull(),"isnotnull":c("a").isNotNull(),"isnan":F.isnan("b"),
"isin":c("a").isin(1,2),"between":c("a").between(1,2),"like":c("s").like("x%"),"rlike":c("s").rlike("x"),"ilike":c("s").ilike("x"),
"sw":c("s").startswith("x"),"ew":c("s").endswith("x"),"ct":c("s").contains("x"),"substr":c("s").substr(1,2),
"when":F.when(c("a")==1,"one").when(c("a")==2,"two").otherwise("z"),"when2":F.when(c("a")==1,"one"),
"cast":c("a").cast("string"),"cast2":(c("a")+1).cast("double"),"trycast":c("s").try_cast("int"),
"item":c("arr").getItem(0),"item2":c("arr")[1],"lit":F.lit(1),"litd":F.lit(1.5),"lits":F.lit("q"),"litn":F.lit(None),"litb":F.lit(True),
"upper":F.upper("s"),"concat":F.concat("s",F.lit("-")),"sum":F.sum("a"),"count":F.count("*"),"countlit":F.count(F.lit(1)),"cd":F.countDistinct("a"),"cd2":F.count_distinct("a","b"),"avg":F.avg("a"),"mean":F.mean("a"),"sd":F.stddev("b"),"min":F.min("a"),"first":F.first("a"),"firstin":F.first("a",True),"sumd":F.sum_distinct("a"),"cl":F.collect_list("a"),
"rand":F.rand(3),"round":F.round("b",1),"coalesce":F.coalesce("a",F.lit(0)),"date":F.to_date(F.lit("2020-01-01")),"log":F.log("b"),"log2":F.log(2.0,"b"),"sqrt":F.sqrt("b"),"pow":F.pow("b",2),"exp":F.exp("b"),"abs":F.abs("a"),"length":F.length("s"),"year":F.year(F.lit("2020-01-01").cast("date")),"isin1":c("s").isin("x"),"alias":c("a").alias("zz"),"litlong":F.lit(5000000000),"arr":F.array("a","a"),"struct":F.struct("a","b"),"expr":F.expr("a + 1 > 2 AND s LIKE 'x%'"),"expr2":F.expr("CASE WHEN a > 1 THEN 'x' ELSE 'y' END"),"expr3":F.expr("cast(a as double)"),"expr4":F.expr("s = 'x' or a is not null"),"expr5":F.expr("a between 1 and 3"),"expr6":F.expr("a in (1,2)"),"expr7":F.expr("-a"),"expr8":F.expr("not t"),"expr9":F.expr("a <> 1"),"e10":F.expr("substring(s, 1, 2)"),"e11":F.expr("1.5"),"e12":F.expr("s || 'a'"),"e13":F.expr("count(*)"),"e14":F.expr("count(distinct a)"),"e15":F.expr("if(a>1,1,0)"),"e16":F.expr("date '2020-01-01'"),"e17":F.expr("a div 2"),"e18":F.expr("percentile_approx(a, 0.5)"),"e19":F.expr("arr[0]"),"e20":F.expr("sum(a) filter (where a > 1)"),"nanvl":F.nanvl("b",F.lit(0.0)),"greatest":F.greatest("a","b"),"hash":F.hash("a"),"mono":F.monotonically_increasing_id(),"exprd":F.expr("1e3"),"bitand":c("a").bitwiseAND(1),"lit_neg":F.lit(-1),"aminusneg":c("a")+(-1),
}
for k,e in ex.items():
    try: 
        d=df.select(e); print(json.dumps([k,d.columns[0],d.schema[0].simpleString(),d.schema[0].nullable]))
    except Exception as x: print(json.dumps([k,"ERR",str(x)[:200]]))
print(df.groupBy("s").agg(F.sum("a"),F.max("b")).columns, df.groupBy("s").count().columns, df.groupBy("s").agg({"a":"sum","*":"count"}).columns, df.groupBy((c("a")+1)).count().columns, df.groupBy("s").mean().columns)
print(df.selectExpr("a+1","cast(a as double)","a as q","*").columns)
def err(f):
    try: f(); print("OK")
    except Exception as x: print(type(x).__name__, getattr(x,'getCondition',lambda:None)(), str(x)[:400].replace("\n"," | "))
err(lambda: df.select("zz"))
err(lambda: df.select("aa"))
err(lambda: df.filter(c("A1")>1))
err(lambda: df.filter(c("s")))
err(lambda: df.filter("a +"))
err(lambda: df.groupBy("s").agg(c("a")))
err(lambda: df.select(F.sum("a"),"s"))
err(lambda: df.filter(F.sum("a")>1))
d2=df.withColumn("q",F.lit(1))
err(lambda: df.join(d2,df.a==d2.a).select("a"))
err(lambda: df.join(d2,"nope"))
err(lambda: df.join(d2,df.a==d2.q,"weird"))
err(lambda: df.union(df.select("a")))
err(lambda: df.union(df.select("a","b","s","t",F.lit("u"))))
err(lambda: df.withColumn("x",F.upper("nope")))
err(lambda: df.drop("nope"))
err(lambda: df.select(c("s")+c("t")))
err(lambda: df.select(c("arr")+1))
err(lambda: df.select(c("s.x")))
err(lambda: df.select("*","zz.*"))
err(lambda: df.select(F.expr("nofunc(a)")))
err(lambda: df.limit(-1))
err(lambda: df.sample(1.5))
err(lambda: df.repartition(0))
err(lambda: df.unionByName(df.select("a")))
err(lambda: df.orderBy("nope"))
err(lambda: df.dropDuplicates(["nope"]))
err(lambda: s.read.csv("/nope/x"))
err(lambda: s.read.format("nofmt").load("/nope"))
err(lambda: df.write.mode("zzz").csv("/tmp/qq"))
err(lambda: df.write.csv("/tmp"))
err(lambda: df.select("a","a").write.parquet("/tmp/qq1"))
err(lambda: df.randomSplit([-1.0,2.0]))
err(lambda: df.agg({"a":"nofn"}))
err(lambda: df.replace(1,"x"))
err(lambda: df.approxQuantile("s",[0.5],0.1))
err(lambda: df.toDF("x"))
err(lambda: df.withColumnRenamed("nope","x"))
err(lambda: df.select(F.count(F.sum("a"))))
err(lambda: df.crosstab("a","nope"))
err(lambda: df.intersect(df.select("a")))
err(lambda: df.select(df.a, d2.q))
err(lambda: df.join(df,df.a==df.a).collect())
err(lambda: df.na.fill({"nope":1}))
err(lambda: df.dropna(subset=["nope"]))
err(lambda: df.coalesce(0))
df.join(d2.select("a","q"),"a","left").explain(True)
df.groupBy("s").agg(F.sum("a").alias("x")).orderBy(F.desc("x")).limit(3).explain(True)
df.filter(c("a")>1).select("a",(c("a")+1).alias("y")).explain()
s.range(10).explain(True)
df.describe().show(); df.summary().show()
df.show(); df.show(vertical=True); 
from pyspark.ml.linalg import Vectors
import datetime
s.createDataFrame([(1,[1,2],{"k":1},(1,"z"),datetime.date(2020,1,1),datetime.datetime(2020,1,1,1,2,3),Vectors.dense(1.0,2.5),Vectors.sparse(3,[1],[2.0]),bytearray(b"ab"),None,float("nan"),"한글テスト","a\nb\tc")],"i int,a array<int>,m map<string,int>,st struct<x:int,y:string>,d date,ts timestamp,v vector,sv vector,bin binary,n string,f float,u string,nl string" ) if False else None
d3=s.createDataFrame([(1,[1,None],{"k":1},(1,None),datetime.date(2020,1,1),datetime.datetime(2020,1,1,1,2,3,120000),bytearray(b"ab"),None,float("nan"),"한글テスト","a\nb\tc","x"*30,1e20,1.0E-5)],"i int,a array<int>,m map<string,int>,st struct<x:int,y:string>,d date,ts timestamp,bin binary,n string,f float,u string,nl string,lg string,e double,e2 double")
d3.show(); d3.show(truncate=False); d3.show(truncate=5); d3.show(vertical=True); d3.show(vertical=True,truncate=3)
s.createDataFrame([(Vectors.dense(1.0,2.5),Vectors.sparse(3,[1],[2.0]))],["v","sv"]).show(truncate=False)
s.range(30).show(3); s.range(0).show(); df.select().show()
s.range(30).show(0)
print(s.range(3).selectExpr("sum(id)").schema)
