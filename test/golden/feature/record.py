"""Records further cases of the feature transformers from real Spark, in the format of shared/spark/goldens.

    PYSPARK_PYTHON=VENV/bin/python VENV/bin/python test/golden/feature/record.py test/golden/feature

VENV has pyspark 4.3.0 and numpy, and Java 17 is on the path. The data is random with a fixed seed.
"""

import decimal
import json
import math
import random
import sys

import pyspark.ml.feature as feature
from pyspark.ml.linalg import DenseMatrix, DenseVector, SparseVector, Vectors, VectorUDT
from pyspark.sql import SparkSession
from pyspark.sql.types import StructField, StructType, _parse_datatype_string

nan = float("nan")
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
random.seed(7)
cases = {}


def to_json(value):
    if isinstance(value, DenseVector):
        return {"type": 1, "values": to_json(list(map(float, value.values)))}
    if isinstance(value, SparseVector):
        indices = list(map(int, value.indices))
        return {"type": 0, "size": value.size, "indices": indices, "values": to_json(list(map(float, value.values)))}
    if isinstance(value, DenseMatrix):
        return {
            "type": 1,
            "numRows": value.numRows,
            "numCols": value.numCols,
            "values": to_json(list(map(float, value.values))),
            "isTransposed": bool(value.isTransposed),
        }
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, int) and abs(value) > 2**53:
        return {"$long": str(value)}
    return value


def number(text):
    return {"NaN": nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(text, text) if isinstance(text, str) else text


def cell(value, kind):
    if value is None:
        return None
    if kind == "vector":
        values = [number(x) for x in value["values"]]
        return Vectors.dense(values) if value["type"] == 1 else Vectors.sparse(value["size"], value["indices"], values)
    if kind in ("double", "float"):
        return float(number(value))
    if kind.startswith("decimal"):
        return decimal.Decimal(value)
    return value


def frame(data, partitions):
    kinds = [kind for _, kind in data["schema"]]
    schema = StructType(
        [StructField(n, VectorUDT() if k == "vector" else _parse_datatype_string(k)) for n, k in data["schema"]]
    )
    rows = [tuple(cell(value, kind) for value, kind in zip(row, kinds)) for row in data["rows"]]
    if not rows:
        return spark.createDataFrame([], schema)
    parts = [[] for _ in range(partitions)]
    for i, row in enumerate(rows):
        parts[i * partitions // len(rows)].append(row)
    # Not a union of frames: Spark 4.3 unions single partitions into one.
    return spark.createDataFrame(spark.sparkContext.parallelize(parts, partitions).flatMap(lambda part: part), schema)


def param(value):
    return [param(item) for item in value] if isinstance(value, list) else number(value) if value in ("-Infinity", "Infinity") else value


def table(df, columns):
    fields = {field.name: field for field in df.schema.fields}
    rows = [to_json([row[c] for c in columns]) for row in df.select(*columns).collect()]
    types = [fields[c].dataType.simpleString() for c in columns]
    metadata = {c: fields[c].metadata for c in columns if fields[c].metadata}
    result = {"columns": columns, "types": types, "numRows": len(rows), "rows": rows}
    return {**result, "metadata": metadata} if metadata else result


def case(cls, name, data, params, partitions=1, then=None, attributes=(), tolerance=1e-9):
    entry = {"id": name, "data": data, "params": params, "deterministic": True}
    if partitions != 1:
        entry["partitions"] = partitions
    if then:
        entry["transformData"] = then
    stage = getattr(feature, cls)(**{key: param(value) for key, value in params.items()})
    df = frame(data, partitions)
    model = stage.fit(df) if hasattr(stage, "fit") else stage
    expect = {}
    if attributes:
        expect["model"] = {
            a: table(model.surrogateDF, model.surrogateDF.columns) if a == "surrogateDF" else to_json(getattr(model, a))
            for a in attributes
        }
    outputs = params.get("outputCols") or [params["outputCol"]]
    expect["transform"] = table(model.transform(frame(then, 1) if then else df), outputs)
    cases.setdefault(cls, []).append({**entry, "expect": expect, "tolerance": tolerance})


WORDS = "alpha beta gamma delta Ωmega épsilon zeta 日本 a A b B".split()
MIXED = [["id", "int"], ["s", "string"], ["x", "double"], ["i", "int"], ["l", "bigint"], ["f", "float"], ["d", "decimal(10,2)"]]


def mixed(n):
    pick = random.choice
    rows = [
        [
            i,
            pick(WORDS + [None, ""]),
            pick([1.0, 2.5, -0.0, 0.0, 1e10, 1e-5, nan, None]),
            pick([0, 1, 2, 3, None]),
            pick([1, 2**40, -5, None]),
            pick([0.1, 1.5, None, 3.0]),
            pick(["1.50", "2.25", "-3.00", None]),
        ]
        for i in range(n)
    ]
    return {"schema": MIXED, "rows": rows}


def vector(n, density, dense=None):
    values = [round(random.gauss(0, 3), 3) if random.random() < density else 0.0 for _ in range(n)]
    if random.random() < 0.5 if dense is None else dense:
        return {"type": 1, "values": values}
    indices = [i for i in range(n) if values[i]]
    return {"type": 0, "size": n, "indices": indices, "values": [values[i] for i in indices]}


def vectors(n, rows, density=0.6, dense=None):
    return {"schema": [["v", "vector"]], "rows": [[vector(n, density, dense)] for _ in range(rows)]}


def index_cases():
    data, other = mixed(40), mixed(15)
    for order in ("frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"):
        for p in (1, 3):
            columns = {"inputCols": ["s", "x", "i", "l", "f", "d"], "outputCols": ["a", "b", "c", "e", "g", "h"]}
            params = {**columns, "stringOrderType": order, "handleInvalid": "keep"}
            case("StringIndexer", f"{order}-{p}", data, params, p, None, ["labelsArray"])
    skip = {"inputCols": ["s", "i"], "outputCols": ["a", "b"], "handleInvalid": "skip"}
    case("StringIndexer", "skip", data, skip, 2, other, ["labelsArray"])
    keep = {"inputCol": "s", "outputCol": "a", "handleInvalid": "keep"}
    case("StringIndexer", "empty", {"schema": MIXED, "rows": []}, keep, 1, other, ["labels"])
    indices = {"schema": [["x", "double"]], "rows": [[0.0], [1.9], [2.0], [-0.3]]}
    case("IndexToString", "fractions", indices, {"inputCol": "x", "outputCol": "o", "labels": ["a", "", "日本"]})
    schema = [["a", "double"], ["b", "int"]]
    seen = {"schema": schema, "rows": [[float(random.randint(0, 6)), random.randint(0, 3)] for _ in range(30)]}
    unseen = [[float(random.randint(0, 9)), random.randint(-1, 5)] for _ in range(12)] + [[None, None], [0.5, 1]]
    for invalid in ("error", "keep"):
        for drop in (True, False):
            params = {"inputCols": ["a", "b"], "outputCols": ["x", "y"], "handleInvalid": invalid, "dropLast": drop}
            then = {"schema": schema, "rows": unseen} if invalid == "keep" else None
            case("OneHotEncoder", f"{invalid}-{drop}", seen, params, 3, then, ["categorySizes"])


def vector_cases():
    io = {"inputCol": "v", "outputCol": "o"}
    data = {
        "mixed": (6, vectors(6, 25)),
        "sparse": (12, vectors(12, 30, 0.15, False)),
        "dense": (4, vectors(4, 20, 1, True)),
        "one": (1, vectors(1, 5, 1, True)),
        "wide": (40, vectors(40, 60, 0.4)),
    }
    close = {"relative": 1e-7, "absolute": 1e-8}
    for name, (n, d) in data.items():
        for p in (1, 3):
            case("IDF", f"{name}-{p}", d, {**io, "minDocFreq": 2}, p, None, ["idf", "docFreq", "numDocs"])
            case("PCA", f"{name}-{p}", d, {**io, "k": n}, p, None, ["pc", "explainedVariance"], close)
            if name == "wide":
                continue
            for mean in (True, False):
                for std in (True, False):
                    params = {**io, "withMean": mean, "withStd": std}
                    case("StandardScaler", f"{name}-{p}-{mean}-{std}", d, params, p, None, ["mean", "std"])
            for bounds in ({}, {"min": -5.0, "max": -1.0}):
                label = f"{name}-{p}{'-bounds' if bounds else ''}"
                case("MinMaxScaler", label, d, {**io, **bounds}, p, None, ["originalMin", "originalMax"])
    deficient = vectors(30, 12, 1, True)
    case("PCA", "rank-deficient", deficient, {**io, "k": 11}, 1, None, ["pc", "explainedVariance"], close)


def assembler_cases():
    pick = random.choice
    schema = [
        *[["a", "double"], ["i", "int"], ["l", "bigint"], ["f", "float"], ["b", "boolean"], ["d", "decimal(6,2)"]],
        *[["v", "vector"], ["w", "vector"]],
    ]
    full = [
        [pick([0.0, 1.5, -0.0]), pick([0, 3]), pick([0, 7]), pick([0.0, 0.5]), pick([True, False]), pick(["0.00", "1.25"]), vector(3, 0.4), vector(2, 0.5)]
        for _ in range(25)
    ]
    gaps = [
        [pick([0.0, None, nan, 2.0]), pick([0, 3, None]), pick([1, 1, None]), 1.0, pick([True, None]), pick(["1.25", None]), vector(3, 0.4), vector(2, 0.5)]
        for _ in range(25)
    ]
    everything = {"inputCols": ["a", "i", "l", "f", "b", "d", "v", "w"], "outputCol": "o"}
    case("VectorAssembler", "all", {"schema": schema, "rows": full}, everything, 3)
    case("VectorAssembler", "twice", {"schema": schema, "rows": full}, {"inputCols": ["a", "a", "v", "v"], "outputCol": "o"})
    for invalid, columns in (("skip", ["a", "i", "b", "d", "v"]), ("keep", ["a", "i", "l", "b", "d"])):
        params = {"inputCols": columns, "outputCol": "o", "handleInvalid": invalid}
        case("VectorAssembler", invalid, {"schema": schema, "rows": gaps}, params)


def number_cases():
    pick = random.choice
    data = mixed(60)
    for strategy in ("mean", "median", "mode"):
        for p in (1, 3):
            params = {"inputCols": ["x", "i", "l", "f", "d"], "outputCols": ["a", "b", "c", "e", "g"], "strategy": strategy}
            case("Imputer", f"{strategy}-{p}", data, params, p, None, ["surrogateDF"])
            params = {"inputCols": ["x", "i", "l", "f"], "outputCols": ["a", "b", "c", "e"], "strategy": strategy, "missingValue": 1.0}
            case("Imputer", f"{strategy}-{p}-missing-1", data, params, p, None, ["surrogateDF"])
    many = {"schema": [["x", "double"]], "rows": [[round(random.gauss(5, 2), 4)] for _ in range(2500)]}
    missing = {"schema": many["schema"], "rows": [[nan]]}
    for p in (1, 2, 3):
        for error in (0.0, 0.003, 0.05):
            params = {"inputCol": "x", "outputCol": "o", "strategy": "median", "relativeError": error}
            case("Imputer", f"many-{p}-{error}", many, params, p, missing, ["surrogateDF"])
    schema = [["x", "double"], ["i", "int"], ["l", "bigint"], ["f", "float"]]
    values = [-1.0, 0.0, -0.0, 0.5, 1.0, 2.0, nan, None]
    rows = [[pick(values), pick([0, 1, 2, None]), pick([0, 1, None]), pick([0.1, 0.5, 1.0])] for _ in range(40)]
    splits = [["-Infinity", -0.0, 0.5, 1.0, 2.0], [0.0, 1.0, 2.0], [-1.0, 0.5, 1.0], [0.1, 0.5, 1.0]]
    for invalid in ("keep", "skip"):
        columns = {"inputCols": ["x", "i", "l", "f"], "outputCols": ["a", "b", "c", "e"]}
        case("Bucketizer", invalid, {"schema": schema, "rows": rows}, {**columns, "splitsArray": splits, "handleInvalid": invalid}, 2)


TEXTS = [
    *["Hello, World! it's  A-test", "", "  ", "ÀÉÎ ß\u00a0x\u2003y", "a\tb\nc\x0bd", "1,2;;3", "foo123bar45"],
    *["UPPER lower MiXeD", "日本 語 😀 x", "trailing  ", "a.b.c...", "I'm you're THE the"],
]
PATTERNS = [
    *[("\\s+", True), ("\\W+", True), ("[a-z]+", False), ("\\d", True), (",|;", True), ("\\p{L}+", False)],
    *[("(?i)[AEIOU]", True), ("\\b", True), ("[^\\p{Alnum}]+", True), (".", False), ("\\.", True), ("(\\w)(\\w)", False)],
    *[("[\\p{Punct}&&[^']]+", True), ("\\p{IsAlphabetic}+", False), ("x*", True), ("\\s", True), ("a|e|i", True)],
]


def text_cases():
    texts = {"schema": [["s", "string"]], "rows": [[text] for text in TEXTS]}
    case("Tokenizer", "texts", texts, {"inputCol": "s", "outputCol": "o"})
    for i, (pattern, gaps) in enumerate(PATTERNS):
        for lower in (True, False):
            params = {"inputCol": "s", "outputCol": "o", "pattern": pattern, "gaps": gaps, "toLowercase": lower}
            case("RegexTokenizer", f"{i}-{lower}", texts, {**params, "minTokenLength": i % 3})
    vocabulary = WORDS + ["the", "The", "I", "is", "not", "it's", "ÉPSILON", "İ"]
    words = {"schema": [["w", "array<string>"]], "rows": [[random.choices(vocabulary, k=random.randint(0, 9))] for _ in range(30)]}
    io = {"inputCol": "w", "outputCol": "o"}
    case("StopWordsRemover", "english", words, io)
    case("StopWordsRemover", "case-sensitive", words, {**io, "caseSensitive": True, "stopWords": ["alpha", "I", "B"]})
    for locale in ("tr", "de_DE", "lt_LT", "el"):
        case("StopWordsRemover", locale, words, {**io, "stopWords": ["i", "épsilon", "ωmega", "b", "ı"], "locale": locale})
    for features in (7, 1000, 262144, 2**31 - 1):
        for binary in (True, False):
            case("HashingTF", f"{features}-{binary}", words, {**io, "numFeatures": features, "binary": binary})
    terms = {
        "int": lambda: random.randint(-5, 5),
        "bigint": lambda: random.randint(-(2**60), 2**60),
        "double": lambda: random.choice([0.0, -0.0, 1.5, nan, 3.0]),
        "float": lambda: random.choice([0.0, 1.5, 2.25]),
        "boolean": lambda: random.random() < 0.5,
        "smallint": lambda: random.randint(-3, 3),
    }
    for kind, term in terms.items():
        rows = [[[term() if random.random() < 0.9 else None for _ in range(random.randint(0, 6))]] for _ in range(12)]
        case("HashingTF", kind, {"schema": [["w", f"array<{kind}>"]], "rows": rows}, {**io, "numFeatures": 50})
    settings = [
        *[{}, {"minDF": 2.0}, {"minDF": 0.1, "maxDF": 0.5}, {"minTF": 2.0}, {"minTF": 0.3}, {"binary": True}],
        *[{"vocabSize": 4}, {"maxDF": 6.0, "minTF": 1.5, "binary": True}],
    ]
    for i, extra in enumerate(settings):
        for p in (1, 3):
            case("CountVectorizer", f"{i}-{p}", words, {**io, **extra}, p, None, ["vocabulary"])


index_cases()
vector_cases()
assembler_cases()
number_cases()
text_cases()
for cls, entries in cases.items():
    lines = ",\n".join(json.dumps(to_json(entry), ensure_ascii=False, allow_nan=False) for entry in entries)
    with open(f"{sys.argv[1]}/{cls}.json", "w", encoding="utf-8") as file:
        file.write(f'{{"class": "{cls}",\n"sparkVersion": "{spark.version}",\n"cases": [\n{lines}\n]}}\n')
spark.stop()
