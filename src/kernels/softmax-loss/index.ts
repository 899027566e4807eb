export { softmaxLoss } from "./reference.js";
