// Everything that is found by name at run time, in the driver and in every worker.
import "./exec/call-task.js";
import "./exec/sum-pass.js";
import "./rdd/index.js";
import "./ml/base/instance-blocks.js";
import "./ml/evaluation/index.js";
import "./ml/pipeline/index.js";
import "./ml/tuning/index.js";
import "./ml/feature/index.js";
import "./sql/functions/index.js";
import "./sources/index.js";
import "./sql/physical/index.js";
import "./sql/api/quantiles.js";
import "./ml/linear/index.js";
import "./ml/classification/index.js";
import "./ml/clustering/index.js";
import "./ml/recommendation/index.js";
import "./ml/regression/index.js";
