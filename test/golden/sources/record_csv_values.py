"""Asks real Spark which type CSV infers for single values, and what each value becomes under each type.

Usage: python record_csv_values.py   (pyspark 4.3.0); writes csv-values.json beside this file.
"""
import csv, json, math, os, tempfile
from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
         .config("spark.sql.session.timeZone", "UTC").getOrCreate())
spark.sparkContext.setLogLevel("OFF")
VALUES = """1|-1|+1|007|2147483647|2147483648|-2147483648|-2147483649|9223372036854775807|9223372036854775808
99999999999999999999|12345678901234567890123456789012345678|123456789012345678901234567890123456789|1.0|1.|.5|-.5|+.5|.|1e3|1E-3|1e|1e400
0.1|3.141592653589793238|1d|1f|1D|1L|0x10|0x1p3|NaN|nan|Infinity|-Infinity|+Infinity|Inf|-Inf|inf|1,000|1,0.5|,1|1_000|1 000
true|TRUE|False|t|yes|1.5.2|--1|+-1|a|null|NULL|127|128|-129|32767|32768|1.005|1.995|123456789.999|99999999.99|99999999.995
2024|2024-01|2024-1-2|2024-01-02|2024-02-30|2024-13-01|20240102|2024/01/02|02/01/2024|12345-01-01|0001-01-01|-0001-01-01|2024-01-02Z|2024-01-02T|2024-01-02 |24-01-02
2024-01-02 |2024-01-02 10|2024-01-02 10:11|2024-01-02 10:11:12|2024-01-02T10:11:12|2024-01-02T10:11:12.1|2024-01-02T10:11:12.123456|2024-01-02T10:11:12.1234567
2024-01-02T10:11:12Z|2024-01-02T10:11:12+09:00|2024-01-02T10:11:12.5+09:00|2024-01-02 10:11:12 America/New_York|2024-01-02T25:00:00|2024-01-02T10:61:00|10:11:12|T10:11:12|2024-01-02T10:11:12.123+0900
2024-01-02T10:11:12.123-08|2024-1-2 3:4:5|2024-01-02T10:11|2024-01-02t10:11:12|2024-01-02T10:11:12UTC|2024-01-02 10:11:12.999999 +01:30|2024/01/02 10:11|2024-01-02x""".replace("\n", "|").split("|")
VALUES = list(dict.fromkeys(VALUES)) + [" 1", "1 ", " 1.5 ", " true", " 2024-01-02", "2024-01-02 10:11:12 ", "٣", "１"]
folder = tempfile.mkdtemp()
path = os.path.join(folder, "one.csv")
with open(path, "w", newline="") as f:
    w = csv.writer(f, lineterminator="\n", quoting=csv.QUOTE_ALL)
    w.writerow([f"c{i}" for i in range(len(VALUES))])
    w.writerow(VALUES)
optionSets = [{}, {"preferDate": "false"}, {"dateFormat": "dd/MM/yyyy"}, {"timestampFormat": "yyyy/MM/dd HH:mm"},
              {"dateFormat": "yyyy-MM-dd"}, {"timestampFormat": "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]"}, {"dateFormat": "yyyyMMdd", "timestampFormat": "yyyy-MM-dd HH:mm:ss"},
              {"inferSchema": "true", "locale": "de-DE"}, {"nanValue": "nan", "positiveInf": "inf"}]
TYPES = ["BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(10,2)", "DECIMAL(38,0)", "DATE", "TIMESTAMP", "TIMESTAMP_NTZ", "BINARY"]


def text(v):
    if v is None or isinstance(v, (bool, int)):
        return v
    if isinstance(v, float):
        return repr(v)
    if isinstance(v, (bytes, bytearray)):
        return v.hex()
    return str(v)


cases = []
for options in optionSets:
    inferred = spark.read.options(header="true", inferSchema="true", **{k: v for k, v in options.items() if k != "inferSchema"}).csv(path).schema
    case = {"options": options, "inferred": [f.dataType.simpleString() for f in inferred.fields], "read": {}}
    for t in TYPES:
        schema = ", ".join(f"c{i} {t}" for i in range(len(VALUES)))
        df = spark.read.schema(schema).options(header="true", **options).csv(path)
        if t in ("DATE", "TIMESTAMP", "TIMESTAMP_NTZ", "DECIMAL(10,2)", "DECIMAL(38,0)"):
            df = df.selectExpr(*[f"cast(c{i} as string) c{i}" for i in range(len(VALUES))])
        case["read"][t] = [text(v) for v in df.collect()[0]]
    cases.append(case)
# Pairs: the type of a column that holds both values.
PAIRS = ["1", "3000000000", "99999999999999999999", "1.5", "true", "2024-01-02", "2024-01-02T10:11:12", "a", "", "12345678901234567890123456789012345678", "NaN"]
with open(path, "w") as f:
    cols = [(a, b) for a in PAIRS for b in PAIRS]
    f.write(",".join(f"c{i}" for i in range(len(cols))) + "\n")
    f.write(",".join(a for a, _ in cols) + "\n" + ",".join(b for _, b in cols) + "\n")
pairs = [[a, b, f.dataType.simpleString()] for (a, b), f in zip(cols, spark.read.options(header="true", inferSchema="true").csv(path).schema.fields)]
with open(os.path.join(HERE, "csv-values.json"), "w") as f:
    json.dump({"sparkVersion": spark.version, "values": VALUES, "cases": cases, "pairs": pairs}, f, ensure_ascii=False, indent=0)
spark.stop()
