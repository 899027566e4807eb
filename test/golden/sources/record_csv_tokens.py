"""Asks real Spark how it cuts random lines into fields; writes csv-tokens.json beside this file.

Usage: python record_csv_tokens.py   (pyspark 4.3.0)
"""
import json, os, random, shutil, tempfile
from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
random.seed(7)
spark = (SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
         .config("spark.sql.session.timeZone", "UTC").getOrCreate())
spark.sparkContext.setLogLevel("OFF")
work = tempfile.mkdtemp()


def line(alphabet, weights, longest):
    return "".join(random.choices(alphabet, weights, k=random.randint(1, longest)))


def lines(n, alphabet, weights, longest):
    out = []
    while len(out) < n:
        text = line(alphabet, weights, longest)
        if text.strip() and text not in out:
            out.append(text)
    return out


SCHEMA = "a STRING, b STRING, c STRING, _corrupt_record STRING"
VISIBLE = {"nullValue": "NUL", "emptyValue": "EMP"}
plain = (list('ab", \\'), [4, 2, 6, 4, 2, 3], 12)
optionSets = [
    ({}, plain),
    (VISIBLE, plain),
    ({**VISIBLE, "escape": '"'}, plain),
    ({**VISIBLE, "ignoreLeadingWhiteSpace": "true", "ignoreTrailingWhiteSpace": "true"}, plain),
    ({**VISIBLE, "ignoreLeadingWhiteSpace": "true"}, plain),
    ({**VISIBLE, "ignoreTrailingWhiteSpace": "true"}, plain),
    ({**VISIBLE, "unescapedQuoteHandling": "STOP_AT_CLOSING_QUOTE"}, plain),
    ({**VISIBLE, "unescapedQuoteHandling": "STOP_AT_CLOSING_QUOTE", "escape": '"'}, plain),
    ({**VISIBLE, "unescapedQuoteHandling": "BACK_TO_DELIMITER"}, plain),
    ({**VISIBLE, "unescapedQuoteHandling": "SKIP_VALUE"}, plain),
    ({**VISIBLE, "unescapedQuoteHandling": "RAISE_ERROR"}, plain),
    ({**VISIBLE, "quote": ""}, plain),
    ({**VISIBLE, "escape": ""}, plain),
    ({**VISIBLE, "sep": "||"}, (list('ab"| \\'), [4, 2, 6, 8, 2, 3], 14)),
    ({**VISIBLE, "sep": "\t", "quote": "'"}, (list("ab'\t \\"), [4, 2, 6, 4, 2, 3], 12)),
    ({**VISIBLE, "escape": "^", "charToEscapeQuoteEscaping": "~"}, (list('ab",^~ '), [3, 2, 6, 4, 4, 4, 2], 12)),
    ({**VISIBLE, "comment": "a"}, plain),
]
cases = []
for k, (options, shape) in enumerate(optionSets):
    texts = lines(250, *shape)
    path = os.path.join(work, f"s{k}.csv")
    with open(path, "w") as f:
        f.write("\n".join(texts) + "\n")
    answers = []
    rows = spark.read.schema(SCHEMA).options(**options).csv(path)
    try:
        got = [list(r) for r in rows.collect()]
        cases.append({"options": options, "lines": texts, "rows": got})
    except Exception as e:
        per = []
        for text in texts:
            with open(path, "w") as f:
                f.write(text + "\n")
            try:
                per.append([list(r) for r in spark.read.schema(SCHEMA).options(**options).csv(path).collect()])
            except Exception as inner:
                per.append({"error": inner.getCondition() if hasattr(inner, "getCondition") else str(inner)[:80]})
        cases.append({"options": options, "lines": texts, "perLine": per})
multi = []
for k, options in enumerate([VISIBLE, {**VISIBLE, "escape": '"'}, {**VISIBLE, "ignoreLeadingWhiteSpace": "true", "ignoreTrailingWhiteSpace": "true"}]):
    folder = os.path.join(work, f"m{k}")
    os.mkdir(folder)
    texts = lines(200, list('ab", \\\n'), [4, 2, 6, 4, 2, 2, 4], 16)
    for i, text in enumerate(texts):
        with open(os.path.join(folder, f"{i:03}.csv"), "w") as f:
            f.write(text)
    rows = spark.read.schema(SCHEMA).options(multiLine="true", **options).csv(folder)
    got = [[] for _ in texts]
    for r in rows.selectExpr("regexp_extract(_metadata.file_name, '([0-9]+)', 1) AS f", "a", "b", "c", "_corrupt_record").collect():
        got[int(r[0])].append(list(r)[1:])
    multi.append({"options": {**options, "multiLine": "true"}, "files": texts, "rows": got})
with open(os.path.join(HERE, "csv-tokens.json"), "w") as f:
    json.dump({"sparkVersion": spark.version, "schema": SCHEMA, "singleLine": cases, "multiLine": multi}, f, ensure_ascii=False, indent=0)
spark.stop()
shutil.rmtree(work)
