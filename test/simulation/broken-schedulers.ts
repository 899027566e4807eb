import type { SchedulerCommand, SchedulerEvent, SchedulerOptions } from "../../src/exec/core/scheduler-types.js";
import { TaskScheduler } from "../../src/exec/core/task-scheduler.js";
import type { Variant } from "./simulate.js";

/** A scheduler that does not get every event as it is, or does not give every command as it is. */
class Tampered extends TaskScheduler {
  constructor(
    options: SchedulerOptions,
    private readonly hear: (event: SchedulerEvent) => SchedulerEvent,
    private readonly say: (commands: SchedulerCommand[]) => SchedulerCommand[],
  ) {
    super(options);
  }
  override handle(event: SchedulerEvent, now: number): SchedulerCommand[] {
    return this.say(super.handle(this.hear(event), now));
  }
}

const same = <T>(value: T): T => value;
const deaf =
  (type: SchedulerEvent["type"]): Variant =>
  ({ options }) =>
    new Tampered(options, (event) => (event.type === type ? { type: "tick" } : event), same);

/** Schedulers that are wrong on purpose, by what is wrong with them: a simulation that lets one pass checks nothing. */
export const brokenSchedulers: Readonly<Record<string, Variant>> = {
  "does not notice that an executor is lost": deaf("executorLost"),
  "does not notice failures": deaf("attemptFailed"),
  "does not release outputs": deaf("outputReleased"),
  "does not stop cancelled groups": deaf("cancelGroup"),
  "does not listen to heartbeats": deaf("heartbeat"),
  "uses more slots than there are": ({ options }) =>
    new Tampered(
      options,
      (event) => (event.type === "executorAdded" ? { ...event, cores: event.cores + 1 } : event),
      same,
    ),
  "tries too often": ({ options }) => new TaskScheduler({ ...options, maxFailures: 9, maxLosses: 9 }),
  "gives up too early": ({ options }) =>
    new Tampered(options, same, (commands) =>
      commands.map((command) =>
        command.type === "stageFailed" && command.failure.kind === "task"
          ? { ...command, failure: { ...command.failure, failures: 0 } }
          : command,
      ),
    ),
  "takes a fetch failure for bad luck": ({ options }) =>
    new Tampered(
      options,
      (event) =>
        event.type === "attemptFailed" && event.failure.kind === "fetch"
          ? { ...event, failure: { kind: "notCounted", cause: event.failure.cause } }
          : event,
      same,
    ),
  "counts every success": ({ options }) => {
    const accepted = new Map<number, SchedulerCommand>();
    let heard: SchedulerEvent = { type: "tick" };
    return new Tampered(
      options,
      (event) => (heard = event),
      (commands) => {
        for (const command of commands) if (command.type === "accept") accepted.set(command.attempt, command);
        const again = heard.type === "attemptSucceeded" && !commands.some((command) => command.type === "accept");
        const earlier = again && heard.type === "attemptSucceeded" ? accepted.get(heard.attempt) : undefined;
        return earlier ? [earlier, ...commands] : commands;
      },
    );
  },
  "adds up accumulators again": ({ options }) =>
    new Tampered(options, same, (commands) =>
      commands.map((command) => (command.type === "accept" ? { ...command, first: true } : command)),
    ),
  "ignores weights": ({ options }) =>
    new TaskScheduler({ ...options, pools: options.pools.map((pool) => ({ ...pool, weight: 1, minShare: 0 })) }),
  "forgets inputs": ({ options }) =>
    new Tampered(options, (event) => (event.type === "stageSubmitted" ? { ...event, inputs: [] } : event), same),
  "leaves copies running": ({ options }) =>
    new Tampered(options, same, (commands) => commands.filter((command) => command.type !== "stageFailed")),
};
