"""The single-machine tools' side of the benchmark: scikit-learn and implicit on the same Parquet, one JSON line a workload."""
import json
import sys
import time
import warnings

import numpy as np
import pyarrow.parquet as pq

warnings.filterwarnings("ignore")


def matrix(path, columns, dtype=np.float64):
    table = pq.read_table(path)
    return table, np.ascontiguousarray(np.column_stack([table[f"f{i}"].to_numpy() for i in range(columns)]).astype(dtype))


def logistic(w):
    from sklearn.linear_model import LogisticRegression

    table, x = matrix(w["path"], w["columns"])
    y = table["label"].to_numpy()

    def run():
        model = LogisticRegression(C=np.inf, solver="lbfgs", max_iter=int(w["params"]["maxIter"]), tol=1e-12).fit(x, y)
        m = x @ model.coef_[0] + model.intercept_[0]
        return lambda: float(np.mean(np.logaddexp(0, m) - y * m))

    return run


def linear(w):
    from sklearn.linear_model import Ridge

    table, x = matrix(w["path"], w["columns"])
    y = table["target"].to_numpy()

    def run():
        model = Ridge(alpha=w["params"]["regParam"] * len(y), solver="cholesky").fit(x, y)
        return lambda: [float(c) for c in model.coef_] + [float(model.intercept_)]

    return run


def kmeans(w):
    from sklearn.cluster import KMeans

    _, x = matrix(w["path"], w["columns"])
    p = w["params"]

    def run():
        model = KMeans(int(p["k"]), init="random", n_init=1, max_iter=int(p["maxIter"]), tol=0, algorithm="lloyd", random_state=7).fit(x)
        return lambda: float(model.inertia_)

    return run


def als(w):
    from implicit.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix

    table = pq.read_table(w["path"])
    p = w["params"]
    shape = (int(p["users"]), int(p["items"]))
    ratings = csr_matrix((table["rating"].to_numpy().astype(np.float32), (table["user"].to_numpy(), table["item"].to_numpy())), shape=shape)

    def run():
        model = AlternatingLeastSquares(
            factors=int(p["rank"]), regularization=p["regParam"], alpha=p["alpha"], iterations=int(p["maxIter"]),
            num_threads=2, random_state=7, dtype=np.float32,
        )
        model.fit(ratings, show_progress=False)
        return lambda: [float((model.user_factors**2).sum()), float((model.item_factors**2).sum())]

    return run


RUNS = {"logistic-regression": logistic, "linear-regression": linear, "k-means": kmeans, "als": als}

for workload in json.load(open(sys.argv[1])):
    if workload["name"] not in RUNS:
        continue
    run = RUNS[workload["name"]](workload)
    times = []
    for _ in range(1 + workload["repeats"]):
        begin = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - begin)
    print(json.dumps({"name": workload["name"], "first": times[0], "warm": times[1:], "result": result()}), flush=True)
