export { LogisticRegression, LogisticRegressionModel } from "./logistic-regression.js";
export {
  BinaryLogisticRegressionSummary,
  BinaryLogisticRegressionTrainingSummary,
  LogisticRegressionSummary,
  LogisticRegressionTrainingSummary,
} from "./logistic-summary.js";
