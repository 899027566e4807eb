"""Spark's half of the interop test: for every folder of the workspace, loads what kindling saved and writes what Spark
answers with it, then trains and saves the same stage itself. Usage: interop.py WORKSPACE"""

import importlib
import json
import math
import os
import sys
import traceback
from pathlib import Path

from pyspark.ml.evaluation import Evaluator
from pyspark.ml.linalg import DenseMatrix, DenseVector, SparseMatrix, SparseVector, VectorUDT
from pyspark.sql import Row, SparkSession
from pyspark.sql.types import ArrayType, DoubleType, FloatType, StructField, StructType, _parse_datatype_string

MODULES = ("base", "pipeline", "feature", "classification", "regression", "clustering", "recommendation", "evaluation", "tuning")


def class_of(name):
    for module in MODULES:
        found = getattr(importlib.import_module(f"pyspark.ml.{module}"), name, None)
        if found is not None:
            return found
    raise KeyError(name)


def read_value(value):
    """Golden JSON to Python."""
    if isinstance(value, str):
        return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0.0": -0.0}.get(value, value)
    if isinstance(value, list):
        return [read_value(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$long" in value:
        return int(value["$long"])
    if "type" in value and "values" in value:
        values = [read_value(item) for item in value["values"]]
        if "numRows" not in value:
            return DenseVector(values) if value["type"] == 1 else SparseVector(value["size"], value["indices"], values)
        shape = (value["numRows"], value["numCols"])
        if value["type"] == 1:
            return DenseMatrix(*shape, values, value["isTransposed"])
        return SparseMatrix(*shape, value["colPtrs"], value["rowIndices"], values, value["isTransposed"])
    if "class" in value:
        return build(value)
    return {key: read_value(item) for key, item in value.items()}


def write_value(value):
    """Python to golden JSON."""
    if isinstance(value, float):
        return value if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, DenseVector):
        return {"type": 1, "values": [write_value(float(v)) for v in value.values]}
    if isinstance(value, SparseVector):
        values = [write_value(float(v)) for v in value.values]
        return {"type": 0, "size": int(value.size), "indices": [int(i) for i in value.indices], "values": values}
    if isinstance(value, Row):
        return {key: write_value(item) for key, item in value.asDict().items()}
    if isinstance(value, (list, tuple)):
        return [write_value(item) for item in value]
    return value


def build(spec):
    stage = class_of(spec["class"])()
    params = dict(spec.get("params", {}))
    grid = params.pop("estimatorParamMaps", None)
    for name, value in params.items():
        stage._set(**{name: read_value(value)})
    if grid is not None:
        stage._set(estimatorParamMaps=[param_map(stage.getEstimator(), settings) for settings in grid])
    return stage


def param_map(estimator, settings):
    entries = {}
    for key, value in settings.items():
        owner = estimator
        if "." in key:
            index, key = key.split(".")
            owner = estimator.getStages()[int(index)]
        param = owner.getParam(key)
        entries[param] = param.typeConverter(read_value(value))
    return entries


def typed(value, kind):
    """JavaScript writes 1.0 as 1: gives numbers the column's type."""
    value = read_value(value)
    if isinstance(kind, ArrayType) and value is not None:
        return [typed(item, kind.elementType) for item in value]
    return float(value) if isinstance(kind, (DoubleType, FloatType)) and value is not None else value


def frame(spark, table):
    types = [VectorUDT() if kind == "vector" else _parse_datatype_string(kind) for _, kind in table["schema"]]
    schema = StructType([StructField(name, kind) for (name, _), kind in zip(table["schema"], types)])
    rows = [tuple(typed(value, kind) for value, kind in zip(row, types)) for row in table["rows"]]
    return spark.createDataFrame(spark.sparkContext.parallelize(rows, 1), schema)


def answer(stage, df, columns):
    if isinstance(stage, Evaluator):
        return {"columns": ["metric"], "types": ["double"], "rows": [[write_value(stage.evaluate(df))]]}
    out = stage.transform(df).select(*[f"`{name}`" for name in columns])
    rows = [[write_value(value) for value in row] for row in out.collect()]
    types = [field.dataType.simpleString() for field in out.schema.fields]
    return {"columns": columns, "types": types, "rows": rows}


def run(spark, folder):
    case = json.loads((folder / "case.json").read_text())
    df = frame(spark, case["input"]).cache()
    columns = case["columns"]
    kindlings = class_of(case["modelClass"]).load(str(folder / "kindling-model"))
    (folder / "spark-with-kindling-model.json").write_text(json.dumps(answer(kindlings, df, columns)))
    class_of(case["class"]).load(str(folder / "kindling-stage"))
    stage = build(case)
    model = stage.fit(df) if hasattr(stage, "fit") else stage
    model.write().overwrite().save(str(folder / "spark-model"))
    (folder / "spark-with-spark-model.json").write_text(json.dumps(answer(model, df, columns)))
    df.unpersist()


def main(workspace):
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for folder in sorted(Path(workspace).iterdir()):
        try:
            run(spark, folder)
        except Exception:
            (folder / "spark-error.txt").write_text(traceback.format_exc())
    spark.stop()


main(sys.argv[1])
