export * from "./kmeans.js";
export { ClusteringSummary, KMeansSummary } from "./kmeans-summary.js";
