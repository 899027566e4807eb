import type { SerializedError } from "../../common/index.js";
import type { BlockOrigin, FileBlock } from "../../memory/index.js";
import type { TaskMessage } from "../task.js";
import type { ExecutorMetrics } from "./executor-metrics.js";
import type { EncodedPayload } from "./transport/foreign-payload.js";

/**
 * What driver and executor process say to each other over the child's IPC channel (serialization "advanced").
 * Shared memory is sent before the first message that names it; replies carry theirs along.
 */
export interface ExecutorSetup {
  readonly id: string;
  readonly cores: number;
  /** In bytes. */
  readonly memory: number;
  readonly settings: readonly (readonly [string, string])[];
  readonly heartbeatMs: number;
}

/** Contents of some shared memory: as bytes, or as a file when large. */
export interface SharedContent {
  readonly id: number;
  readonly wasm: boolean;
  readonly content: Uint8Array | { readonly path: string; readonly bytes: number };
}

export type DriverMessage =
  | { readonly type: "start"; readonly setup: ExecutorSetup }
  | ({ readonly type: "share" } & SharedContent)
  | { readonly type: "forget"; readonly shared: readonly number[] }
  | {
      readonly type: "run";
      readonly message: Omit<TaskMessage, "payload" | "cancelled">;
      readonly payload: EncodedPayload;
    }
  | { readonly type: "cancel"; readonly attempt: number }
  | { readonly type: "release"; readonly blocks: readonly string[] }
  /** Write a block to a file, so that others can read it. */
  | {
      readonly type: "export";
      readonly request: number;
      readonly block: string;
      readonly origin: BlockOrigin | undefined;
    }
  | { readonly type: "openPasses"; readonly set: number; readonly payload: EncodedPayload }
  | { readonly type: "pass"; readonly set: number; readonly op: number; readonly input: Uint8Array }
  | { readonly type: "abortPass"; readonly set: number }
  | { readonly type: "closePasses"; readonly set: number }
  | { readonly type: "stop" };

export type ExecutorMessage =
  | { readonly type: "started"; readonly pid: number; readonly directory: string }
  | {
      readonly type: "reply";
      readonly attempt: number;
      readonly bytes: Uint8Array;
      readonly shared: readonly SharedContent[];
    }
  /** The thread under a task died. */
  | { readonly type: "failed"; readonly attempt: number; readonly error: SerializedError }
  | { readonly type: "exported"; readonly request: number; readonly file: FileBlock }
  | { readonly type: "exportFailed"; readonly request: number; readonly error: SerializedError }
  | { readonly type: "passed"; readonly set: number; readonly outputs: Uint8Array }
  | { readonly type: "passFailed"; readonly set: number; readonly error: SerializedError }
  | { readonly type: "heartbeat"; readonly metrics: ExecutorMetrics };
