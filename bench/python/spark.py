"""Spark's side of the benchmark: runs the workloads of a JSON file on generated Parquet, prints one JSON line a workload."""
import json
import os
import sys
import time

from pyspark.ml.classification import LogisticRegression
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.recommendation import ALS
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession


def cached_vectors(spark, workload, path, extra):
    frame = spark.read.parquet(path)
    inputs = [f"f{i}" for i in range(workload["columns"])]
    frame = VectorAssembler(inputCols=inputs, outputCol="features").transform(frame).select("features", *extra)
    frame = frame.cache()
    frame.count()
    return frame


def logistic(spark, w, path):
    frame = cached_vectors(spark, w, path, ["label"])
    p = w["params"]

    def run():
        model = LogisticRegression(maxIter=int(p["maxIter"]), regParam=p["regParam"], tol=p["tol"]).fit(frame)
        return model.summary.objectiveHistory[-1]

    return frame, run


def linear(spark, w, path):
    frame = cached_vectors(spark, w, path, ["target"])
    p = w["params"]

    def run():
        model = LinearRegression(labelCol="target", solver="normal", regParam=p["regParam"]).fit(frame)
        return [float(x) for x in model.coefficients] + [model.intercept]

    return frame, run


def kmeans(spark, w, path):
    frame = cached_vectors(spark, w, path, [])
    p = w["params"]

    def run():
        model = KMeans(k=int(p["k"]), maxIter=int(p["maxIter"]), tol=p["tol"], seed=int(p["seed"]), initMode="random").fit(frame)
        return model.summary.trainingCost

    return frame, run


def als(spark, w, path):
    frame = spark.read.parquet(path).cache()
    frame.count()
    p = w["params"]

    def run():
        model = ALS(
            rank=int(p["rank"]), maxIter=int(p["maxIter"]), regParam=p["regParam"], alpha=p["alpha"], implicitPrefs=True,
            numUserBlocks=4, numItemBlocks=4, seed=int(p["seed"]), userCol="user", itemCol="item", ratingCol="rating",
        ).fit(frame)
        model.userFactors.count()
        model.itemFactors.count()
        factors = {"user": model.userFactors, "item": model.itemFactors}
        return [sum(sum(x * x for x in row.features) for row in factors[k].collect()) for k in ("user", "item")]

    return frame, run


def cross_validation(spark, w, path):
    frame = cached_vectors(spark, w, path, ["label"])
    p = w["params"]

    def run():
        lr = LogisticRegression(maxIter=int(p["maxIter"]))
        grid = ParamGridBuilder().addGrid(lr.regParam, [0.0, 0.01, 0.1]).addGrid(lr.elasticNetParam, [0.0, 0.5, 1.0]).build()
        cv = CrossValidator(
            estimator=lr, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(),
            numFolds=int(p["folds"]), seed=int(p["seed"]), parallelism=int(p["parallelism"]),
        )
        return [float(m) for m in cv.fit(frame).avgMetrics]

    return frame, run


RUNS = {
    "logistic-regression": logistic,
    "linear-regression": linear,
    "k-means": kmeans,
    "als": als,
    "cross-validation": cross_validation,
}


def main():
    workloads = json.load(open(sys.argv[1]))
    started = time.perf_counter()
    builder = SparkSession.builder.master("local[2]").config("spark.driver.memory", "8g")
    builder = builder.config("spark.sql.shuffle.partitions", "4").config("spark.ui.enabled", "false")
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.range(1).count()
    print(json.dumps({"name": "start", "first": time.perf_counter() - started, "version": spark.version}), flush=True)
    for w in workloads:
        frame, run = RUNS[w["name"]](spark, w, w["path"])
        times = []
        for _ in range(1 + w["repeats"]):
            begin = time.perf_counter()
            result = run()
            times.append(time.perf_counter() - begin)
        frame.unpersist(blocking=True)
        print(json.dumps({"name": w["name"], "first": times[0], "warm": times[1:], "result": result}), flush=True)
    spark.stop()


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
