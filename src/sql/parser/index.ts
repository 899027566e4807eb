export { parseExpression } from "./parse-expression.js";
