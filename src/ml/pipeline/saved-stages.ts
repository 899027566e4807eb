import { IOException } from "../../common/index.js";
import type { Params, SavedStage, StageWriter } from "../base/index.js";

/** Keys of a saved pipeline's `paramMap` that are no params. */
export const savedStageUids = ["stageUids", "language"];

export const stageUids = (stages: readonly Params[]): string[] => stages.map((stage) => stage.uid);

/** `stages/<index>_<uid>`, the index as wide as the number of stages. */
const directory = (index: number, count: number, uid: string): string =>
  `stages/${String(index).padStart(String(count).length, "0")}_${uid}`;

/** Saves the stages of a pipeline, each into its directory. */
export async function writeStages(stages: readonly Params[], writer: StageWriter): Promise<void> {
  for (const [index, stage] of stages.entries()) {
    await writer.child(directory(index, stages.length, stage.uid), stage);
  }
}

/** Loads the stages of a saved pipeline in order. */
export function savedStages(saved: SavedStage): Promise<Params[]> {
  const uids = (saved.metadata.paramMap as Readonly<Record<string, unknown>>).stageUids;
  if (!Array.isArray(uids)) throw new IOException(`${saved.path} is not a saved pipeline: it has no "stageUids"`);
  return Promise.all(uids.map((uid, index) => saved.child(directory(index, uids.length, String(uid)))));
}
