import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventBus } from "../../src/common/index.js";
import { showConsoleProgress } from "../../src/ui/index.js";

let written = "";
const terminal = (isTTY: boolean): NodeJS.WriteStream => {
  written = "";
  const write = (text: string): boolean => {
    written += text;
    return true;
  };
  return { isTTY, columns: 120, write, cursorTo: () => true } as unknown as NodeJS.WriteStream;
};
const time = 0;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("shows the tasks of a long stage and takes the bar away", () => {
  const events = new EventBus();
  const stop = showConsoleProgress(events, terminal(true));
  events.emit({ type: "stageSubmitted", jobId: 0, stageId: 3, name: "collect", numTasks: 4, time });
  events.emit({ type: "taskEnd", stageId: 3, partition: 0, attempt: 0, executor: "driver", succeeded: true, time });
  vi.advanceTimersByTime(600);
  expect(written).toContain("Stage 3: collect");
  expect(written).toContain("1/4 tasks");
  events.emit({ type: "taskEnd", stageId: 3, partition: 1, attempt: 0, executor: "driver", succeeded: false, time });
  events.emit({ type: "stageCompleted", stageId: 3, time });
  written = "";
  vi.advanceTimersByTime(600);
  expect(written).toBe("");
  stop();
});

test("shows passes and settings", () => {
  const events = new EventBus();
  const stop = showConsoleProgress(events, terminal(true));
  events.emit({ type: "iteration", uid: "lr_1", algorithm: "LogisticRegression", done: 7, total: 100 });
  events.emit({ type: "sweep", uid: "CrossValidator_1", done: 2, total: 9 });
  vi.advanceTimersByTime(600);
  expect(written).toContain("7/100 passes");
  expect(written).toContain("2/9 settings");
  stop();
});

test("short stages draw nothing", () => {
  const events = new EventBus();
  showConsoleProgress(events, terminal(true));
  events.emit({ type: "stageSubmitted", jobId: 0, stageId: 1, name: "count", numTasks: 1, time });
  vi.advanceTimersByTime(200);
  events.emit({ type: "stageCompleted", stageId: 1, time });
  vi.advanceTimersByTime(600);
  expect(written).toBe("");
});

test("is silent when the stream is no terminal", () => {
  const events = new EventBus();
  showConsoleProgress(events, terminal(false));
  events.emit({ type: "sweep", uid: "CrossValidator_1", done: 1, total: 9 });
  vi.advanceTimersByTime(1000);
  expect(written).toBe("");
});
