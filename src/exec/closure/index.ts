import "./portable-linalg.js";

export * from "./capture.js";
export * from "./revive.js";
export * from "./portable-class.js";
export { functionSyntax, type FunctionSyntax } from "./function-syntax.js";
export { readScopes } from "./read-scopes.js";
