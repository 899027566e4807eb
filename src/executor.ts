import { ExecutorProcess } from "./exec/executor/executor-process.js";
import type { DriverMessage } from "./exec/executor/executor-messages.js";

// Entry of a `local-cluster` executor, forked by the driver. It ends with the driver: when the channel closes.
let executor: ExecutorProcess | undefined;
process.on("message", (message: DriverMessage) => {
  if (message.type === "start") {
    executor = new ExecutorProcess(message.setup, (answer) => void process.send?.(answer));
  } else executor?.handle(message);
});
process.on("disconnect", () => process.exit());
// Ctrl-C reaches the whole process group: the driver decides what it means.
process.on("SIGINT", () => undefined);
