/** What expressions need to know of the query and the task. */
export interface EvalContext {
  /** Session time zone, e.g. `Europe/Berlin` or `+01:00`. */
  readonly timeZone: string;
  readonly partitionId: number;
  /** Microseconds since the epoch at the start of the query: `current_timestamp()`. */
  readonly now?: bigint;
  /** Turns the closure of a `udf` node back into the user's function (`exec/closure`). */
  readonly functionOf?: (closure: unknown) => (...args: unknown[]) => unknown;
}

/** Context for constant folding and tests. */
export const defaultContext: EvalContext = { timeZone: "UTC", partitionId: 0 };
