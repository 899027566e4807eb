import "./portable-linalg.js";

export { captureClosure } from "./capture.js";
export type { Closure } from "./closure-node.js";
export * from "./revive.js";
export * from "./portable-class.js";
export { loadWantedModules } from "./load-modules.js";
export { publishExports } from "./known-values.js";
export { enableTypeScriptEverywhere } from "./typescript-modules.js";
export { functionSyntax, type FunctionSyntax } from "./function-syntax.js";
export { readScopes } from "./inspect-function.js";
