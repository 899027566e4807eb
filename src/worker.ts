import { workerData } from "node:worker_threads";
import { runPassThread } from "./exec/pass-thread.js";
import { runTask } from "./exec/task-runner.js";
import { attachWorkerHeap } from "./exec/worker-heap.js";
import "./descriptors.js";

// One entry for both kinds of thread: a task worker exports its handler to piscina, a pass thread enters its loop.
const pass = (workerData as { kindlingPassThread?: { bell: SharedArrayBuffer } } | undefined)?.kindlingPassThread;
if (pass) runPassThread(pass.bell);
else await attachWorkerHeap();

export default runTask;
