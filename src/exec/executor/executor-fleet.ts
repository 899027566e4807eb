import type { ProcessBackend } from "./process-backend.js";
import type { ExecutorControl, TaskExecutor } from "../scheduling/task-executor.js";

/** What the fleet tells the scheduler. */
export interface FleetListener {
  executorAdded(executor: TaskExecutor): void;
  executorFailed(cause: Error): void;
  executorLost(id: string, cause: Error): void;
  heartbeat(id: string, running?: readonly number[]): void;
}

/** The executor processes of a local cluster: as many as the scheduler wants, a new one for each that is lost. */
export class ExecutorFleet implements ExecutorControl {
  private readonly present = new Set<string>();
  private starting = 0;
  private target = 0;
  private nextId = 0;
  private stopped = false;

  constructor(
    private readonly backend: ProcessBackend,
    private readonly listener: () => FleetListener,
  ) {
    backend.onLost((id, reason) => {
      if (this.present.delete(id)) listener().executorLost(id, reason);
    });
    backend.onHeartbeat((id, { running }) => listener().heartbeat(id, running));
  }

  setTarget(count: number): void {
    this.target = count;
    while (!this.stopped && this.present.size + this.starting < this.target) void this.add();
  }

  remove(id: string, reason: string): void {
    this.present.delete(id);
    this.target = Math.min(this.target, this.present.size + this.starting);
    void this.backend.stopExecutor(id, reason);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.backend.stop();
  }

  private async add(): Promise<void> {
    this.starting++;
    try {
      const executor = await this.backend.start(String(this.nextId++));
      this.starting--;
      this.present.add(executor.id);
      this.listener().executorAdded(executor);
    } catch (error) {
      this.starting--;
      if (!this.stopped) this.listener().executorFailed(error as Error);
    }
  }
}
