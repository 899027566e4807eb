import { collapseProject } from "./collapse-project.js";
import { columnPruning } from "./column-pruning.js";
import { combineFilters } from "./combine-filters.js";
import { constantFolding } from "./constant-folding.js";
import { eliminateAliases } from "./eliminate-aliases.js";
import type { Batch } from "./optimizer.js";
import { pruneFilters } from "./prune-filters.js";
import { pushDownFilter } from "./push-down-filter.js";
import { pushDownLimit } from "./push-down-limit.js";
import { pushFilterIntoScan } from "./push-filter-into-scan.js";
import { removeNoopProject } from "./remove-noop-project.js";
import { simplifyCasts } from "./simplify-casts.js";

/** Order is meaning: each batch, and each rule in it, says why it stands where it does. */
export const batches: readonly Batch[] = [
  // Names are resolved: qualifiers have done their work and would only hide adjacent nodes from each other.
  { name: "Finish Analysis", limit: 1, rules: [eliminateAliases] },
  {
    name: "Operator Optimization",
    limit: 20,
    rules: [
      constantFolding, // first: conditions that become literals need not be moved
      simplifyCasts, // before filters and projections move: less to compare
      pruneFilters,
      combineFilters, // before the push: all conditions travel together
      pushDownFilter,
      pushDownLimit,
      collapseProject, // after filters have passed the projections
      removeNoopProject,
    ],
  },
  {
    name: "Scans",
    limit: 1,
    rules: [
      columnPruning, // once, from the final shape: it is a single walk from the root
      collapseProject, // pruning adds projections
      removeNoopProject,
      pushFilterIntoScan, // last: filters lie on the scans now
    ],
  },
];
