import { workerData } from "node:worker_threads";
import type { PassThreadData } from "./exec/pass-pool.js";
import { runPassThread } from "./exec/pass-thread.js";
import { runTask } from "./exec/task-runner.js";
import { attachWorker } from "./exec/worker-heap.js";
import "./descriptors.js";

// One entry for both kinds of thread: a task worker exports its handler to piscina, a pass thread enters its loop.
const pass = (workerData as { kindlingPassThread?: PassThreadData } | undefined)?.kindlingPassThread;
if (pass) runPassThread(pass);
else {
  await attachWorker();
  // A result that cannot be cloned ends the thread with a DOMException, whose text would be lost on the way to the driver.
  process.on("uncaughtException", (error) => {
    throw error.name === "DataCloneError" ? Object.assign(new Error(error.message), { name: error.name }) : error;
  });
}

export default runTask;
