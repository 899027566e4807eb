import { type DataFrame, F, type RunOptions } from "../../sql/api/index.js";
import type { InstancesPayload } from "./instance-block.js";
import { type InstanceLayout, layoutOf } from "./instance-layout.js";
import { keepLayout } from "./keep-layout.js";
import type { LabelRule } from "./row-checks.js";

export interface InstancesRequest {
  /** Vector column, or array of double or float. */
  readonly features: string;
  readonly label?: { readonly column: string; readonly rule: LabelRule };
  /** Weight column; undefined or "" gives no weights (every row counts 1). */
  readonly weight?: string | undefined;
  /** Further numeric columns, kept as f64 with NaN for null. */
  readonly extra?: readonly string[];
  /** Form of the rows; "auto" takes CSR for rows that are sparse, block by block. */
  readonly form?: "auto" | "dense" | "csr";
  readonly allowNonFinite?: boolean;
  /** Size of the feature values of a block at most, in MiB; 0, the default, chooses. */
  readonly maxBlockSizeInMB?: number;
}

/** Layouts that a running sweep shares: by data frame, then by request. */
const shared = new WeakMap<DataFrame, Map<string, Promise<InstanceLayout>>>();

/**
 * Until the returned function is called, all fits on this very data frame share their layouts
 * (settings of a fold train on the same rows); afterwards the memory is let go.
 */
export function shareInstances(df: DataFrame): () => void {
  const layouts = new Map<string, Promise<InstanceLayout>>();
  shared.set(df, layouts);
  return () => {
    shared.delete(df);
    for (const layout of layouts.values()) {
      layout.then(
        (own) => own.release(),
        // The fit that asked for it has reported why there is none.
        () => undefined,
      );
    }
  };
}

/** Lays the training data of a fit out in kernel blocks; rows are checked as Spark checks them. */
export async function layoutInstances(
  df: DataFrame,
  request: InstancesRequest,
  options: RunOptions = {},
): Promise<InstanceLayout> {
  const sweep = shared.get(df);
  if (!sweep) return layOut(df, request, options);
  const key = JSON.stringify(request);
  const layout = sweep.get(key) ?? layOut(df, request, options);
  sweep.set(key, layout);
  return sharedView(await layout);
}

const views = new WeakMap<InstanceLayout, InstanceLayout>();

/** The layout as the fits of a sweep see it: the sweep lets go of it, not the fit that happens to end first. */
function sharedView(own: InstanceLayout): InstanceLayout {
  const known = views.get(own);
  if (known) return known;
  const { numRows, numFeatures } = own;
  const view: InstanceLayout = {
    get blocks() {
      return own.blocks;
    },
    get passes() {
      return own.passes;
    },
    numRows,
    numFeatures,
    units: (n) => own.units(n),
    release: () => undefined,
  };
  views.set(own, view);
  return view;
}

const quoted = (column: string): string => `\`${column.replaceAll("`", "``")}\``;

async function layOut(df: DataFrame, request: InstancesRequest, options: RunOptions): Promise<InstanceLayout> {
  const { features, label, weight, extra = [], form = "auto", allowNonFinite = false } = request;
  const scalars = [label?.column, weight || undefined, ...extra].filter((column) => column !== undefined);
  const columns = [F.col(quoted(features)), ...scalars.map((column) => F.col(quoted(column)).cast("double"))];
  const payload: InstancesPayload = {
    label: label?.rule,
    weight: Boolean(weight),
    extra: extra.length,
    form,
    allowNonFinite,
    blockBytes: Math.ceil((request.maxBlockSizeInMB ?? 0) * 2 ** 20),
  };
  const { blocks, ...source } = await keepLayout(df.select(...columns), payload, options);
  return layoutOf(blocks, source);
}
