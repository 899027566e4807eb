export { applyRule, optimize, type Batch, type Rule, type RuleTrace } from "./optimizer.js";
