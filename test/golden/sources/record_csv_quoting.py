"""Asks real Spark how CSV writes awkward strings; writes csv-quoting.json beside this file.

Usage: python record_csv_quoting.py   (pyspark 4.3.0)
"""
import glob, json, os, tempfile
from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(tempfile.mkdtemp(), "out")
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled","false").config("spark.sql.session.timeZone","UTC").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
vals = ['a\\,b', 'a\\"b', '"q', 'q"', '#c', 'a#', 'a\nb', 'a\rb', 'a\tb', '\\', '\\\\', ',', ' ,', '"', '""', 'a"b\\', 'x\\y"z', ' "a', 'é', "'", 'a|b', '\u00a0x', '  ', '\t', 'NA', 'a\\\\"b']
df = spark.createDataFrame([(v, 1) for v in vals], "s string, i int").coalesce(1)
out = []
for o in [{}, {"comment": "#"}, {"escapeQuotes": "false"}, {"quoteAll": "true"}, {"escape": '"'}, {"quote": ""}, {"sep": "|"}, {"sep": "||"}, {"ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"}, {"charToEscapeQuoteEscaping": "~"}, {"charToEscapeQuoteEscaping": "\\"}, {"escape": ""}, {"emptyValue": "x,y", "nullValue": "n,l"}, {"nullValue": "NA"}, {"lineSep": "\r\n"}, {"header": "true", "quoteAll": "true"}]:
    df.write.mode("overwrite").options(**o).csv(OUT)
    out.append({"options": o, "text": open(glob.glob(OUT + "/*.csv")[0], newline="").read()})
json.dump({"sparkVersion": spark.version, "values": vals, "cases": out}, open(os.path.join(HERE, "csv-quoting.json"), "w"), ensure_ascii=False, indent=0)
spark.stop()
