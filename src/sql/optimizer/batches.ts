import type { Batch } from "./optimizer.js";
import { eliminateAliases } from "./eliminate-aliases.js";

/** Order is meaning: each batch says why it stands where it does. */
export const batches: readonly Batch[] = [
  // Names are resolved: qualifiers have done their work and would only hide adjacent nodes from each other.
  { name: "Finish Analysis", limit: 1, rules: [eliminateAliases] },
];
