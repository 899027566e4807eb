export { openLinearLoss } from "./linear-loss-pass.js";
export { openSoftmaxLoss } from "./softmax-loss-pass.js";
export { trainingMoments, type TrainingMoments } from "./training-moments.js";
export { gramSums } from "./gram-pass.js";
