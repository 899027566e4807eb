export * from "./spark-conf.js";
export * from "./check-settings.js";
export * from "./master.js";
export { sparkKeyKind, type SparkKeyKind } from "./spark-keys.js";
