import type { TaskMemory } from "./partition-function.js";

/** Execution memory of one task. */
export function taskMemory(): TaskMemory {
  let held = 0;
  return {
    acquire(bytes) {
      held += bytes;
      return true;
    },
    release(bytes) {
      held -= bytes;
    },
    get held() {
      return held;
    },
  };
}
