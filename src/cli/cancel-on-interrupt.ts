import { SparkException } from "../common/index.js";
import { cancelRunningJobs } from "../exec/index.js";

const INTERRUPTED = 130;

/** Ctrl-C cancels the running jobs of this process; when there are none, or the second time, it ends the process. */
export function cancelOnInterrupt(): void {
  let asked = false;
  process.on("SIGINT", () => {
    const reason = new SparkException("Job cancelled because of an interrupt (Ctrl-C).", {
      condition: "SPARK_JOB_CANCELLED",
      sqlState: "XXKDA",
    });
    const jobs = asked ? 0 : cancelRunningJobs(reason);
    if (jobs === 0) process.exit(INTERRUPTED);
    asked = true;
    process.stderr.write(
      `Cancelling ${jobs === 1 ? "the running job" : `${jobs} running jobs`}; Ctrl-C again to exit.\n`,
    );
  });
}
