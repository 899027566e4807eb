import { MultiBar, type SingleBar } from "cli-progress";
import type { EventBus, SparkEvent } from "../common/index.js";

interface Work {
  readonly label: string;
  readonly unit: string;
  readonly since: number;
  done: number;
  total: number;
  bar?: SingleBar;
}

/** Work that ends sooner never shows a bar, so short jobs do not flicker. */
const PATIENCE_MS = 300;
const TICK_MS = 100;

/**
 * Draws progress bars from a session's events: tasks done of a stage, passes of an iteration, settings of a sweep.
 * Silent unless the stream is a terminal. Returns the function that takes the bars away and stops listening.
 */
export function showConsoleProgress(events: EventBus, stream: NodeJS.WriteStream = process.stderr): () => void {
  if (!stream.isTTY) return () => undefined;
  const progress = new ConsoleProgress(stream);
  const off = events.on((event) => progress.see(event));
  return () => {
    off();
    progress.close();
  };
}

class ConsoleProgress {
  private readonly works = new Map<string, Work>();
  private bars: MultiBar | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  see(event: SparkEvent): void {
    switch (event.type) {
      case "stageSubmitted":
        return this.begin(`stage ${event.stageId}`, `Stage ${event.stageId}: ${event.name}`, "tasks", event.numTasks);
      case "taskEnd":
        if (event.succeeded) this.advance(`stage ${event.stageId}`);
        return;
      case "stageCompleted":
        return this.end(`stage ${event.stageId}`);
      case "iteration":
        this.begin(`iteration ${event.uid}`, event.algorithm, "passes", event.total);
        return this.advance(`iteration ${event.uid}`, event.done);
      case "iterationEnd":
        return this.end(`iteration ${event.uid}`);
      case "sweep":
        this.begin(`sweep ${event.uid}`, event.uid, "settings", event.total);
        this.advance(`sweep ${event.uid}`, event.done);
        if (event.done >= event.total) this.end(`sweep ${event.uid}`);
        return;
      case "applicationEnd":
        return this.close();
    }
  }

  private begin(key: string, label: string, unit: string, total: number): void {
    if (this.works.has(key)) return;
    this.works.set(key, { label, unit, total, done: 0, since: Date.now() });
    this.timer ??= setInterval(() => this.draw(), TICK_MS).unref();
  }

  private advance(key: string, done?: number): void {
    const work = this.works.get(key);
    if (work) work.done = done ?? work.done + 1;
  }

  private end(key: string): void {
    const bar = this.works.get(key)?.bar;
    this.works.delete(key);
    if (bar) this.bars?.remove(bar);
    if (this.works.size === 0) this.close();
  }

  private draw(): void {
    for (const work of this.works.values()) {
      if (work.bar) work.bar.update(work.done);
      else if (Date.now() - work.since >= PATIENCE_MS) {
        this.bars ??= new MultiBar({
          stream: this.stream,
          format: "{label} [{bar}] {value}/{total} {unit}",
          clearOnComplete: true,
          hideCursor: true,
          barsize: 30,
        });
        work.bar = this.bars.create(work.total, work.done, { label: work.label.padEnd(32), unit: work.unit });
      }
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.bars?.stop();
    this.bars = undefined;
    this.works.clear();
  }
}
