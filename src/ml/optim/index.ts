export type { CostFunction, Evaluation } from "./cost-function.js";
export type { Minimum, MinimizerOptions, State, StopReason } from "./minimizer.js";
export { lbfgs, type QuasiNewtonOptions } from "./lbfgs.js";
export { owlqn, type OwlqnOptions } from "./owlqn.js";
export { lbfgsb, type Bounds, type LbfgsbOptions } from "./lbfgsb.js";
export { nonNegativeLeastSquares } from "./nnls.js";
export { NormalEquation } from "./normal-equation.js";
export { momentsAboutZero, shiftedMoments, type Moments, type MomentSums } from "./moments.js";
export {
  weightedLeastSquares,
  type WeightedLeastSquaresModel,
  type WeightedLeastSquaresOptions,
} from "./weighted-least-squares.js";
export { featureScaling, unscaled, type FeatureScaling } from "./feature-scaling.js";
export { addL2Penalty, type L2Penalty } from "./l2-penalty.js";
export {
  leastSquaresObjective,
  linearObjective,
  type LinearLoss,
  type LinearLossSums,
  type LinearProblem,
} from "./linear-objective.js";
export {
  marginsOfMean,
  softmaxObjective,
  type SoftmaxLoss,
  type SoftmaxLossSums,
  type SoftmaxProblem,
} from "./softmax-objective.js";
