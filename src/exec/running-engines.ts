import type { EventBus } from "../common/index.js";

interface RunningEngine {
  readonly events: EventBus;
  readonly scheduler: { cancelAll(reason?: Error): void };
}

const running = new Map<RunningEngine, { jobs: number; readonly forget: () => void }>();

/** Notes an engine of this process until {@link engineStopped}. */
export function engineStarted(engine: RunningEngine): void {
  const entry = {
    jobs: 0,
    forget: engine.events.on(({ type }) => {
      if (type === "jobStart") entry.jobs++;
      if (type === "jobEnd") entry.jobs--;
    }),
  };
  running.set(engine, entry);
}

export function engineStopped(engine: RunningEngine): void {
  running.get(engine)?.forget();
  running.delete(engine);
}

/** Cancels every job of this process; gives their number. */
export function cancelRunningJobs(reason: Error): number {
  let jobs = 0;
  for (const [engine, entry] of running) {
    if (entry.jobs === 0) continue;
    jobs += entry.jobs;
    engine.scheduler.cancelAll(reason);
  }
  return jobs;
}
