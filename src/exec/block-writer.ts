import { toBlock } from "../columnar/index.js";
import type { BlockWriter } from "./partition-function.js";

/** Stores what a task keeps. */
export function blockWriter(): BlockWriter {
  return {
    store: (batch, options) => toBlock(batch, options?.kernels ?? false),
    spill() {
      throw new Error("this task memory grants everything: there is nothing to spill");
    },
    discard: () => undefined,
  };
}
