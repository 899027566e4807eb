import { execFileSync } from "node:child_process";

/** Workers run the bundle, so it must hold the code under test. */
export default function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
}
