/** A workload: data, parameters, and what the issue asks of it. Every side reads these through `workloads.json`. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  readonly params: Readonly<Record<string, number>>;
  /** Warm runs after the first. */
  readonly repeats: number;
  /** The single-machine tool and what it is asked to do. */
  readonly peer: string | undefined;
  /** Times faster than Spark, and than the peer, that are the aim. */
  readonly aim: { readonly spark?: number; readonly peer?: number };
}

export const workloads: readonly Workload[] = [
  {
    name: "logistic-regression",
    title: "Logistic regression, 10 L-BFGS passes",
    rows: 1_000_000,
    columns: 28,
    params: { maxIter: 10, regParam: 0, tol: 0 },
    repeats: 5,
    peer: "scikit-learn LogisticRegression(lbfgs)",
    aim: { spark: 10, peer: 1 },
  },
  {
    name: "linear-regression",
    title: "Linear regression, normal equations",
    rows: 1_000_000,
    columns: 28,
    params: { regParam: 0.1 },
    repeats: 5,
    peer: "scikit-learn Ridge(cholesky)",
    aim: { spark: 10, peer: 1 },
  },
  {
    name: "k-means",
    title: "k-means, k = 20, 20 passes",
    rows: 1_000_000,
    columns: 16,
    params: { k: 20, maxIter: 20, tol: 0, seed: 7 },
    repeats: 2,
    peer: "scikit-learn KMeans(lloyd)",
    aim: { spark: 10 },
  },
  {
    name: "als",
    title: "ALS, implicit, rank 10, 10 passes",
    rows: 1_000_000,
    columns: 3,
    params: { users: 6040, items: 3706, rank: 10, maxIter: 10, regParam: 0.1, alpha: 1, seed: 7 },
    repeats: 3,
    peer: "implicit AlternatingLeastSquares",
    aim: { spark: 10, peer: 1 },
  },
  {
    name: "cross-validation",
    title: "Cross-validation, 9 settings x 3 folds, logistic regression",
    rows: 200_000,
    columns: 28,
    params: { maxIter: 10, folds: 3, seed: 7, parallelism: 2 },
    repeats: 1,
    peer: undefined,
    aim: { spark: 15 },
  },
];
