import { existsSync, writeFileSync } from "node:fs";

/** What a workload's own function does when it meets a certain record; plain data, so that it travels with the function. */
export interface Sabotage {
  readonly kind: "none" | "throw" | "exit" | "heap" | "buffers" | "sleep";
  /** Record at which it strikes. */
  readonly at: number;
  /** File that exists once it has struck; without one it strikes at every attempt. */
  readonly once: string | undefined;
}

export const peaceful: Sabotage = { kind: "none", at: -1, once: undefined };

/** Returns the record, unless it is the one to strike at. */
export function strike(sabotage: Sabotage, record: number): number {
  if (sabotage.kind === "none" || record !== sabotage.at) return record;
  if (sabotage.once !== undefined) {
    if (existsSync(sabotage.once)) return record;
    writeFileSync(sabotage.once, "");
  }
  const hoard: unknown[] = [];
  switch (sabotage.kind) {
    case "throw":
      throw new RangeError(`record ${record} is poisoned`);
    case "exit":
      process.exit(3);
    case "heap":
      for (;;) hoard.push(Array.from({ length: 100_000 }, (_, i) => ({ at: i })));
    case "buffers":
      for (;;) hoard.push(new Float64Array(1_000_000).fill(hoard.length));
    case "sleep":
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8_000);
  }
  return record;
}
