import { relative } from "node:path";
import type { Outcome } from "./run.js";

const SHOWN = 12;

/** One outcome as lines of text: failures with every mismatch (the first dozen), skips with their reason. */
export function describeOutcome(outcome: Outcome): string {
  const where = `${relative(process.cwd(), outcome.file)} ${outcome.id}`;
  if (outcome.status !== "failed") return `${outcome.status} ${where}${outcome.reason ? `: ${outcome.reason}` : ""}`;
  const lines = outcome.mismatches
    .slice(0, SHOWN)
    .map((m) => `  ${m.path}: expected ${m.expected}, actual ${m.actual}`);
  if (outcome.mismatches.length > SHOWN) lines.push(`  ... and ${outcome.mismatches.length - SHOWN} more`);
  if (outcome.reason) lines.push(...outcome.reason.split("\n").map((line) => `  ${line}`));
  return [`FAILED ${where}`, ...lines].join("\n");
}

export function summarize(outcomes: readonly Outcome[]): string {
  const count = (status: Outcome["status"]): number => outcomes.filter((outcome) => outcome.status === status).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
}
