import { execFileSync } from "node:child_process";

/** Workers run the bundle, so it must hold the code under test; `npm test` has built it strictly, this keeps single runs fresh. */
export default function setup(): void {
  try {
    execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "pipe" });
  } catch (error) {
    process.stderr.write(
      `the build failed, workers run the last bundle:\n${String((error as { stderr?: unknown }).stderr)}\n`,
    );
  }
}
