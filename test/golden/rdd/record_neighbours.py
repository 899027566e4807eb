"""Asks Spark's RDD API (through its Java classes) for neighbours of the programs in rdd.jsonl: other sizes, seeds and keys.
Writes neighbours.json beside this file. Usage: record_neighbours.py"""

import base64
import gzip
import json
import tempfile
from pathlib import Path

import pyspark
from py4j.java_collections import JavaArray, JavaList
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.log.level", "OFF").getOrCreate()
)
context, jvm = spark.sparkContext._jsc, spark._jvm
Tuple2, HashPartitioner = jvm.scala.Tuple2, jvm.org.apache.spark.HashPartitioner
PairRDD, StatCounter = jvm.org.apache.spark.api.java.JavaPairRDD, jvm.org.apache.spark.util.StatCounter

FILES = {
    "crlf.txt": b"one\r\ntwo\r\n\r\nthree\rfour\nfive\r",
    "bom.txt": b"\xef\xbb\xbfhello\nworld",
    "utf.txt": "héllo\n한글\n😀x\n".encode() + b"\xff\xfe bad\n",
    "noeol.txt": b"a\nb\nc",
    "long.txt": b"".join(b"line %d\n" % i for i in range(40)),
    "zipped.txt.gz": gzip.compress(b"g1\ng2\ng3\n", mtime=0),
    "d/a.txt": b"1\n2\n3\n",
    "d/b.txt": b"4\n",
    "d/c.csv": b"5\n6\n",
    "d/_hidden": b"x\n",
    "d/.hidden": b"y\n",
    "w/0": b"a" * 30,
}


def java_list(values):
    made = jvm.java.util.ArrayList()
    for value in values:
        made.add(value)
    return made


def parallelize(values, slices):
    return context.parallelize(java_list(values), slices)


def pairs(values, slices):
    return PairRDD.fromJavaRDD(parallelize([Tuple2(*value) for value in values], slices))


def plain(value):
    if value is None or isinstance(value, (int, float, str, bool)):
        return value
    if isinstance(value, (JavaArray, JavaList)):
        return [plain(item) for item in value]
    return [plain(value._1()), plain(value._2())]


def glom(rdd):
    return [[plain(value) for value in part] for part in rdd.glom().collect()]


def doubles(values):
    made = spark.sparkContext._gateway.new_array(jvm.double, len(values))
    for i, value in enumerate(values):
        made[i] = float(value)
    return made


def numbers(count, seed, modulus):
    made = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        made.append(seed % modulus)
    return made


def sample(n, slices, replace, fraction, seed):
    return glom(parallelize(range(n), slices).sample(replace, fraction, seed))


def take_sample(n, slices, replace, count, seed):
    return plain(parallelize(range(n), slices).takeSample(replace, count, seed))


def random_split(n, slices, weights, seed):
    return [plain(part.collect()) for part in parallelize(range(n), slices).randomSplit(doubles(weights), seed)]


def sample_by_key(replace, fractions, seed, exact):
    wanted = jvm.java.util.HashMap()
    for key, fraction in fractions.items():
        wanted.put(key, fraction)
    rdd = pairs([("a" if i % 3 == 0 else "b", i) for i in range(60)], 3)
    return glom(rdd.sampleByKeyExact(replace, wanted, seed) if exact else rdd.sampleByKey(replace, wanted, seed))


def sort_by_key(n, slices, ascending, partitions, seed, modulus):
    rdd = pairs([(key, i) for i, key in enumerate(numbers(n, seed, modulus))], slices)
    return glom(rdd.sortByKey(ascending, partitions))


def hash_partition(partitions, keys):
    own = HashPartitioner(partitions)
    return [own.getPartition(Tuple2(*key) if isinstance(key, list) else key) for key in keys]


def list_hash(values):
    return jvm.scala.jdk.javaapi.CollectionConverters.asScala(java_list(values)).toList().hashCode()


def estimate(kind, total, confidence, partitions):
    evaluator = getattr(jvm.org.apache.spark.partial, kind)(total, confidence)
    for i, values in enumerate(partitions):
        counter = StatCounter()
        for value in values:
            counter.merge(float(value))
        evaluator.merge(i, counter)
    bounds = evaluator.currentResult()
    return [str(x) if x in (float("inf"), float("-inf")) else x for x in (bounds.mean(), bounds.confidence(), bounds.low(), bounds.high())]


def save_text(values):
    with tempfile.TemporaryDirectory() as directory:
        made = [Tuple2(Tuple2(*v[0]), v[1]) if isinstance(v[0], list) else Tuple2(*v) for v in values]
        parallelize(made, 1).saveAsTextFile(f"{directory}/out")
        return [
            Path(f"{directory}/out/part-00000").read_text(),
            base64.b64encode(Path(f"{directory}/out/.part-00000.crc").read_bytes()).decode(),
        ]


with tempfile.TemporaryDirectory() as base:
    for name, content in FILES.items():
        path = Path(base, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    OPERATIONS = {
        "sample": (sample, [
            [100, 3, False, 0.1, 7], [100, 3, False, 0.4, 7], [100, 3, False, 0.41, 8], [100, 1, False, 1.0, 1],
            [50, 4, True, 0.3, 5], [50, 4, True, 0.4, 5], [50, 2, True, 0.5, 6], [20, 2, True, 3.7, 6], [4, 2, True, 45.5, 6],
            [100, 5, False, 0.05, -99], [100, 5, False, 0.9, 1234567890123],
        ]),
        "takeSample": (take_sample, [
            [100, 3, False, 10, 5], [100, 3, False, 99, 5], [20, 3, False, 50, 5], [20, 2, True, 30, 8], [20, 1, True, 3, 8],
            [1000, 4, False, 50, 77], [1000, 4, True, 60, 77], [10, 3, False, 10, 2],
        ]),
        "randomSplit": (random_split, [
            [50, 3, [0.2, 0.3, 0.5], 9], [20, 1, [1.0], 9], [50, 2, [5.0, 0.0, 5.0], 10], [30, 4, [0.1] * 10, 3],
        ]),
        "sampleByKey": (sample_by_key, [
            [False, {"a": 0.3, "b": 0.6}, 11, False], [True, {"a": 0.3, "b": 2.0}, 12, False], [False, {"a": 1.0, "b": 0.0}, 13, False],
            [False, {"a": 0.3, "b": 0.6}, 11, True], [True, {"a": 0.3, "b": 2.0}, 12, True], [False, {"a": 1.0, "b": 0.0}, 13, True],
        ]),
        "repartition": (lambda n, slices, to: glom(parallelize(range(n), slices).repartition(to)), [
            [20, 5, 3], [20, 7, 4], [23, 3, 7], [5, 5, 1], [17, 6, 5], [100, 10, 10],
        ]),
        "coalesce": (lambda n, slices, to: glom(parallelize(range(n), slices).coalesce(to)), [
            [20, 5, 3], [20, 7, 4], [23, 3, 7], [17, 6, 5], [11, 2, 3],
        ]),
        "sortByKey": (sort_by_key, [
            [30, 3, True, 4, 1, 100], [30, 3, False, 4, 1, 100], [200, 2, True, 5, 2, 1000], [200, 2, False, 3, 2, 10],
            [7, 2, True, 10, 5, 3],
        ]),
        "hashPartition": (hash_partition, [
            [7, [0.1, 2.5, -3.75, 1e300, 1e-300, -0.5, 3.14159]],
            [7, [2147483648, -2147483649, 9007199254740991, -9007199254740991, 123456789012]],
            [11, [["a", "b"], ["x", 1.5], [1, 2.0], [5000000000, -1], [True, None], ["", 0.1]]],
            [13, ["", "zz", "Ünï", "😀😀", "a much longer key than the others"]],
        ]),
        "listHash": (list_hash, [[v] for v in ([5, 5], [7, 7, 7], [1, 1, 2], ["a", "a"], [3, 2, 1], [], [1], [1.5, None])]),
        "countApproxDistinct": (lambda n, error: parallelize(range(n), 3).countApproxDistinct(error), [
            [n, error] for n in (10, 300, 5000) for error in (0.3, 0.1, 0.03, 0.005)
        ]),
        "estimate": (estimate, [
            [kind, *case] for kind in ("SumEvaluator", "MeanEvaluator") for case in (
                [4, 0.95, [[1, 2, 3, 4, 5], [6, 7, 8]]], [3, 0.9, [list(range(150))]], [4, 0.99, [[5]]], [4, 0.95, []],
                [2, 0.95, [[1, 2], [3, 4]]], [10, 0.5, [[0.1, 0.2], [0.3], [5.0]]],
            )
        ]),
        "textFile": (lambda name, splits: glom(context.textFile(f"{base}/{name}", splits)), [
            [name, splits] for name in ("crlf.txt", "bom.txt", "utf.txt", "noeol.txt", "zipped.txt.gz", "long.txt")
            for splits in (1, 2, 3, 7)
        ]),
        "lines": (lambda *paths: sorted(context.textFile(",".join(f"{base}/{path}" for path in paths)).collect()), [
            ["d"], ["d/*.txt"], ["d/{a,c}.*"], ["d/[ab].txt"], ["d/?.txt"], ["d/a.txt", "noeol.txt"], ["d/[^a].txt"],
            ["{d/a,noeol}.txt"], ["d/*"], ["*/b.txt"], ["d/*.none"], ["d/_hidden"], ["nowhere/x"],
        ]),
        "saveText": (save_text, [[[[1, 2.5], ["a", None], [[1, "b"], True], ["é" * 600, 1e-7]]]]),
    }
    cases = []
    for operation, (run, arguments) in OPERATIONS.items():
        for given in arguments:
            try:
                cases.append({"operation": operation, "arguments": given, "answer": run(*given)})
            except Exception as error:
                exception = getattr(error, "java_exception", None)
                if exception is None:
                    raise
                message = exception.getMessage().replace(base, "BASE")
                cases.append({"operation": operation, "arguments": given, "error": exception.getClass().getSimpleName(), "message": message})

files = {name: base64.b64encode(content).decode() for name, content in FILES.items()}
lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
Path(__file__).with_name("neighbours.json").write_text(
    f'{{"spark": "{pyspark.__version__}",\n"files": {json.dumps(files)},\n"cases": [\n{lines}\n]}}\n'
)
spark.stop()
