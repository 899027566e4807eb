import { parentPort, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { serializeError } from "../common/index.js";
import { instantiateKernels, type KernelExports } from "../kernels/index.js";
import { passKernel } from "./pass.js";
import { controlViews, DONE, FAILED, NEXT, OP, REMAINING } from "./pass-control.js";
import type { PassMessage } from "./pass-pool.js";

type OpenMessage = Extract<PassMessage, { type: "open" }>;

interface OpenSet {
  readonly id: number;
  readonly numUnits: number;
  readonly state: Int32Array;
  readonly run: (unit: number) => void;
}

/** Main loop of a pass thread: sleeps on the bell, reads its messages, takes units of every open set that has some. */
export function runPassThread(bellBuffer: SharedArrayBuffer): void {
  const port = parentPort as MessagePort;
  const bell = new Int32Array(bellBuffer);
  const sets = new Map<number, OpenSet>();
  for (;;) {
    // Read before looking for work: a ring that comes after makes the wait return at once.
    const rung = Atomics.load(bell, 0);
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
      const message = next.message as PassMessage;
      if (message.type === "stop") return;
      if (message.type === "close") sets.delete(message.id);
      else sets.set(message.id, openSet(message));
    }
    let worked = false;
    for (const set of sets.values()) {
      while (Atomics.load(set.state, NEXT) < set.numUnits) {
        const unit = Atomics.add(set.state, NEXT, 1);
        if (unit >= set.numUnits) break;
        worked = true;
        try {
          set.run(unit);
        } catch (error) {
          Atomics.store(set.state, FAILED, 1);
          port.postMessage({ id: set.id, error: serializeError(error) });
        }
        if (Atomics.sub(set.state, REMAINING, 1) === 1) {
          Atomics.add(set.state, DONE, 1);
          Atomics.notify(set.state, DONE);
        }
      }
    }
    if (!worked) Atomics.wait(bell, 0, rung);
  }
}

/** The kernel is opened at the first unit, so that an error in it is reported like any other. */
function openSet(message: OpenMessage): OpenSet {
  const shape = {
    numUnits: message.units.length,
    inputLength: message.inputLength,
    outputLength: message.outputLength,
  };
  const { state, input, output } = controlViews(message.control, shape);
  const instances: (KernelExports | undefined)[] = [];
  let kernel: ((unit: number, op: number) => void) | undefined;
  const run = (unit: number): void => {
    kernel ??= passKernel(message.kernel).open({
      config: message.config,
      units: message.units,
      blocks: message.blocks,
      input,
      kernels: (block) => (instances[block] ??= instantiateKernels(message.blocks[block].memory)),
      scratch: (u) => message.scratch[u],
      output,
    });
    kernel(unit, Atomics.load(state, OP));
  };
  return { id: message.id, numUnits: shape.numUnits, state, run };
}
