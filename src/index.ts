import "./descriptors.js";

export * from "./common/index.js";
export * from "./linalg/index.js";
export * from "./sql/types/index.js";
export * from "./sql/api/index.js";
