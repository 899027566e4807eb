// Everything that is found by name at run time, in the driver and in every worker.
import "./exec/sum-pass.js";
import "./ml/clustering/kmeans-pass.js";
import "./ml/recommendation/als-index-pass.js";
import "./ml/recommendation/als-pass.js";
import "./ml/clustering/predict-clusters.js";
import "./ml/recommendation/predict-ratings.js";
import "./ml/recommendation/read-ratings.js";
import "./ml/recommendation/recommend.js";
import "./ml/base/instance-blocks.js";
import "./ml/evaluation/index.js";
import "./ml/tuning/folds.js";
import "./ml/feature/index.js";
import "./sql/functions/index.js";
import "./sources/index.js";
import "./sql/physical/index.js";
import "./sql/api/quantiles.js";
