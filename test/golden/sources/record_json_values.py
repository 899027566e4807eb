"""Asks real Spark how it reads odd JSON records; writes json-records.json beside this file.

Usage: python record_json_values.py   (pyspark 4.3.0)
"""
import json, os, tempfile
from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
path = os.path.join(tempfile.mkdtemp(), "in.json")
spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
         .config("spark.sql.session.timeZone", "UTC").getOrCreate())
spark.sparkContext.setLogLevel("OFF")
LINES = r'''
{"a":1}
{"a":1.0}
{"a":"1"}
{"a":""}
{"a":2147483648}
{"a":9223372036854775808}
{"a":true}
{"a":null}
{"a":[1,2]}
{"a":{"b":1}}
{"a":1,"a":2}
{"a":NaN}
{"a":-Infinity}
{"a":"NaN"}
{"a":"INF"}
{"a":"Infinity"}
{"a":1e3}
{"a":-0}
{"a":-0.0}
{"a":1E400}
{"a":0.1}
{"a":1.10}
{"a":12345678901234567890.12}
{"a":"2024-01-02"}
{"a":"2024-01-02T03:04:05Z"}
{"a":"AQID"}
{"a":" 1 "}
{"a":"true"}
{"a":[]}
{"a":{}}
{}
[]
[{"a":1},{"a":2}]
[{"a":1},{"a":"x"}]
[{"a":1},3]
[1]
1
"x"
null
true
{"a":1}{"a":2}
{"a":1} x
{"a":1
{"a":
{"a"
{
{"a":1,}
{"a":01}
{"a":.5}
{"a":5.}
{"a":+1}
{'a':1}
{"a":'x'}
{a:1}
{"a":"\x"}
{"a":"\u00e9\n\/"}
{"a":"\ud83d\ude00"}
{"b":1}
{"A":1}
{"a":[1,null,"x"]}
{"a":[[1],[2,3]]}
{"a":{"b":"x","c":[1]}}
{"a":{"b":1,"c":"y"}}
{ "a" : [ 1 , 2 ] }
{"a":undefined}
{"a":tru}
{"a":nullx}
x
'''.strip("\n").split("\n")
TYPES = ["STRING", "INT", "BIGINT", "DOUBLE", "FLOAT", "DECIMAL(10,2)", "BOOLEAN", "DATE", "TIMESTAMP", "BINARY", "TINYINT",
         "ARRAY<INT>", "ARRAY<STRING>", "ARRAY<ARRAY<INT>>", "MAP<STRING, INT>", "STRUCT<b: INT, c: STRING>", "STRUCT<b: STRING, c: ARRAY<INT>>"]


def plain(v):
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, (bytes, bytearray)):
        return v.hex().upper()
    if isinstance(v, float):
        return repr(v)
    if isinstance(v, int):
        return str(v)
    if isinstance(v, dict):
        return [[k, plain(x)] for k, x in v.items()]
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    return str(v)


reads, inferred = {}, []
with open(path, "w") as f:
    f.write("\n".join(LINES) + "\n")
for t in TYPES:
    df = spark.read.schema(f"a {t}, _corrupt_record STRING").json(path)
    if t in ("DATE", "TIMESTAMP", "DECIMAL(10,2)"):
        df = df.selectExpr("cast(a as string) a", "_corrupt_record")
    reads[t] = [plain(tuple(r)) for r in df.collect()]
PAIRS = ['1', '3000000000', '9223372036854775808', '1.5', '"x"', '""', 'true', 'null', '[1]', '[]', '{"b":1}', '{}', '["x"]', '{"b":"y","c":1}', '12345678901234567890123456789012345678901']
pairs = []
for options in [{}, {"prefersDecimal": "true"}, {"primitivesAsString": "true"}, {"dropFieldIfAllNull": "true"}]:
    with open(path, "w") as f:
        for x in PAIRS:
            f.write("{" + ",".join(f'"c{i:02}_{j:02}":{x}' for i, x2 in enumerate(PAIRS) for j, _ in enumerate(PAIRS) if x2 == x) + "}\n")
        for j, y in enumerate(PAIRS):
            f.write("{" + ",".join(f'"c{i:02}_{j:02}":{y}' for i, _ in enumerate(PAIRS)) + "}\n")
    schema = spark.read.options(**options).json(path).schema
    pairs.append({"options": options, "types": {f.name: f.dataType.simpleString() for f in schema.fields}})
with open(os.path.join(HERE, "json-records.json"), "w") as f:
    json.dump({"sparkVersion": spark.version, "lines": LINES, "reads": reads, "pairValues": PAIRS, "pairs": pairs}, f, ensure_ascii=False, indent=0)
spark.stop()
