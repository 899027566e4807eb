"""Asks real Spark to parse and format timestamps in several zones and patterns; writes dates.json beside this file.

Usage: python record_dates.py   (pyspark 4.3.0)
"""
import json, os
from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
TEXTS = ["2024-03-10 02:30:00", "2024-03-10 03:00:00", "2024-11-03 01:30:00", "2024-11-03 00:59:59.5", "1883-11-18 12:00:00", "1900-01-01", "0001-01-01",
         "2024-02-29T12:34:56.789+01:00", "2024-06-01 Europe/Paris", "2024-06-01 10:00:00 Europe/Paris", "9999-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999", "2024-01-01 00:00:00Z"]
ZONES = ["UTC", "America/New_York", "Asia/Seoul", "+05:30", "Europe/Berlin", "America/St_Johns"]
PATTERNS = ["yyyy-MM-dd HH:mm:ss.SSSSSS", "y/M/d H:m:s", "yy MMM dd", "EEE, MMMM d yyyy", "EEEE hh:mm a", "D 'of' yyyy", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
            "HH:mmX", "HH:mm:ssXXXXX", "HH:mm xx", "HH:mm Z", "VV", "O", "G yyyy", "kk K", "''yyyy''", "SSS", "HH:mm[:ss]"]
parsed, formatted = {}, {}
for zone in ZONES:
    spark.conf.set("spark.sql.session.timeZone", zone)
    df = spark.createDataFrame([(t,) for t in TEXTS], "t string")
    parsed[zone] = [None if r[0] is None else str(r[0]) for r in df.selectExpr("unix_micros(try_cast(t as timestamp))").collect()]
    micros = [1709210096789012, -500001, 0, 253402300799999999, -62135596800000000, 1730610000000000]
    m = spark.createDataFrame([(x,) for x in micros], "m bigint")
    formatted[zone] = {p: [r[0] for r in m.selectExpr("date_format(timestamp_micros(m), \"%s\")" % p).collect()] for p in PATTERNS}
    formatted[zone]["cast"] = [r[0] for r in m.selectExpr("cast(timestamp_micros(m) as string)").collect()]
json.dump({"sparkVersion": spark.version, "texts": TEXTS, "parsed": parsed, "micros": [str(x) for x in micros], "formatted": formatted},
          open(os.path.join(HERE, "dates.json"), "w"), ensure_ascii=False, indent=0)
spark.stop()
