import { parentPort, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { serializeError } from "../common/index.js";
import { passKernel } from "./pass.js";
import { PassBlocks, unitGroups } from "./pass-blocks.js";
import { controlViews, DONE, FAILED, NEXT, OP, REMAINING } from "./pass-control.js";
import type { PassFailure, PassMessage, PassThreadData } from "./pass-pool.js";
import type { OpenMessage } from "./pass-set.js";

interface OpenSet {
  readonly id: number;
  readonly numGroups: number;
  readonly state: Int32Array;
  readonly run: (group: number) => void;
  readonly close: () => void;
}

/** Main loop of a pass thread: sleeps on the bell, reads its messages, takes units of every open set that has some. */
export function runPassThread({ bell: shared, index }: PassThreadData): void {
  const port = parentPort as MessagePort;
  const bell = new Int32Array(shared);
  const workingOn = 1 + index;
  const sets = new Map<number, OpenSet>();
  for (;;) {
    // Read before looking for work: a ring that comes after makes the wait return at once.
    const rung = Atomics.load(bell, 0);
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
      const message = next.message as PassMessage;
      if (message.type === "stop") return;
      // A set that is opened again has other blocks.
      sets.get(message.id)?.close();
      if (message.type === "close") sets.delete(message.id);
      else sets.set(message.id, openSet(message));
    }
    let worked = false;
    for (const set of sets.values()) {
      while (Atomics.load(set.state, NEXT) < set.numGroups) {
        // Said before a group is taken, so that the driver knows what dies with this thread.
        Atomics.store(bell, workingOn, set.id + 1);
        const group = Atomics.add(set.state, NEXT, 1);
        if (group < set.numGroups) {
          worked = true;
          try {
            set.run(group);
          } catch (error) {
            Atomics.add(set.state, FAILED, 1);
            port.postMessage({ id: set.id, error: serializeError(error) } satisfies PassFailure);
          }
          if (Atomics.sub(set.state, REMAINING, 1) === 1) {
            Atomics.add(set.state, DONE, 1);
            Atomics.notify(set.state, DONE);
          }
        }
        Atomics.store(bell, workingOn, 0);
      }
    }
    if (!worked) Atomics.wait(bell, 0, rung);
  }
}

/** The kernel is opened at the first unit, so that an error in it is reported like any other. */
function openSet(message: OpenMessage): OpenSet {
  const { units } = message;
  const groups = unitGroups(message.blocks, units);
  const shape = {
    numUnits: units.length,
    inputLength: message.inputLength,
    outputLength: message.outputLength,
  };
  const { state, input, output } = controlViews(message.control, shape);
  let opened: { blocks: PassBlocks; kernel: (unit: number, op: number) => void } | undefined;
  const open = () => {
    const blocks = new PassBlocks(message.blocks, message.scratchBytes);
    const kernel = passKernel(message.kernel).open({
      config: message.config,
      units,
      blocks: blocks.blocks,
      input,
      kernels: (block) => blocks.kernels(block),
      scratch: (unit) => (blocks.inFile(units[unit].block) ? blocks.fileScratch : message.scratch[unit]),
      keepsScratch: (block) => !blocks.inFile(block),
      output,
    });
    return { blocks, kernel };
  };
  const run = (group: number): void => {
    const { blocks, kernel } = (opened ??= open());
    for (const unit of groups[group]) {
      blocks.load(units[unit].block);
      kernel(unit, Atomics.load(state, OP));
    }
  };
  return { id: message.id, numGroups: groups.length, state, run, close: () => opened?.blocks.close() };
}
