import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IllegalArgumentException, IllegalStateException, IOException } from "../../common/index.js";
import { captureClosure, type Closure } from "../../exec/closure/index.js";
import { defineRddOperator, type ComputeInput } from "../operator.js";
import type { RDD } from "../rdd.js";
import { javaString } from "./java-string.js";
import type { ByteSource } from "./byte-source.js";
import { LineReader } from "./line-reader.js";

type Print = (line: string) => void;

export interface PipeOptions<T> {
  /** Called once a process, before its first element, to print lines of its own. */
  readonly printPipeContext?: (print: Print) => void;
  /** Prints an element in place of one line with its text. */
  readonly printRDDElement?: (element: T, print: Print) => void;
}

interface Params {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly checkCode: boolean;
  readonly context: Closure | undefined;
  readonly element: Closure | undefined;
}

export function pipe<T>(
  rdd: RDD<T>,
  command: string | readonly string[],
  env: Readonly<Record<string, string>>,
  checkCode: boolean,
  { printPipeContext, printRDDElement }: PipeOptions<T>,
): RDD<string> {
  const words = typeof command === "string" ? command.split(/\s+/).filter(Boolean) : [...command];
  if (words.length === 0) throw new IllegalArgumentException("the command of a pipe is empty; give a program to run");
  const params: Params = {
    command: words,
    env: { ...env },
    checkCode,
    context: printPipeContext && captureClosure(printPipeContext),
    element: printRDDElement && captureClosure(printRDDElement),
  };
  return rdd.narrow<string>("rdd.pipe", params, { className: "PipedRDD" });
}

defineRddOperator<Params>({ name: "rdd.pipe", iterate: (input) => pipedLines(input) });

/** Characters of input that are written at a time. */
const FLUSH_CHARACTERS = 1 << 16;

/** Runs the command, then notes its exit status; 127 is for a command that is not there. */
const SCRIPT = `
if command -v "$1" > /dev/null 2>&1
then "$@" > "$KINDLING_PIPE_STDOUT"; echo $? > "$KINDLING_PIPE_STATUS"
else echo missing > "$KINDLING_PIPE_STATUS"
fi`;

/**
 * The process reads its input from a file and writes to a named pipe, from which a worker, which must not wait for events, reads
 * synchronously as the lines come.
 */
function* pipedLines(input: ComputeInput<Params>): Generator<string> {
  const { command, env, checkCode } = input.params;
  const directory = mkdtempSync(join(tmpdir(), "kindling-pipe-"));
  const [stdin, stdout, status] = ["stdin", "stdout", "status"].map((name) => join(directory, name));
  let child: ChildProcess | undefined;
  let output: number | undefined;
  let finished = false;
  try {
    writeInput(input, stdin);
    execFileSync("mkfifo", [stdout]);
    output = openSync(stdout, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(stdin, "r");
    child = spawn("/bin/sh", ["-c", SCRIPT, "sh", ...command], {
      env: { ...process.env, ...env, KINDLING_PIPE_STDOUT: stdout, KINDLING_PIPE_STATUS: status },
      stdio: [fd, "ignore", "inherit"],
      detached: true,
    });
    child.unref();
    closeSync(fd);
    const lines = new LineReader(outputOf(output, status, input), 1);
    for (let line = lines.next(); line !== undefined; line = lines.next()) yield line;
    finished = true;
    const code = readFileSync(status, "utf8").trim();
    if (code === "missing")
      throw new IOException(`Cannot run program "${command[0]}": error=2, No such file or directory`);
    if (checkCode && code !== "0") {
      throw new IllegalStateException(`Subprocess exited with status ${code}. Command ran: ${command.join(" ")}`);
    }
  } finally {
    if (output !== undefined) closeSync(output);
    if (!finished && child?.pid !== undefined) killGroup(child.pid);
    rmSync(directory, { recursive: true, force: true });
  }
}

const MILLISECOND = new Int32Array(new SharedArrayBuffer(4));

/** What comes through the named pipe until the exit status is noted; waits in steps in which a cancelled job is seen. */
function outputOf(fd: number, status: string, { task }: ComputeInput<Params>): ByteSource {
  return {
    read(buffer) {
      for (;;) {
        const ended = existsSync(status) && statSync(status).size > 0;
        const bytes = readAvailable(fd, buffer);
        if (bytes > 0 || ended) return bytes;
        task.checkCancelled();
        Atomics.wait(MILLISECOND, 0, 0, 1);
      }
    },
    close: () => undefined,
  };
}

function readAvailable(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

function writeInput({ params, parent, revive }: ComputeInput<Params>, path: string): void {
  const fd = openSync(path, "w");
  let text = "";
  const flush = (): void => {
    writeSync(fd, text);
    text = "";
  };
  const print: Print = (line) => {
    text += `${javaString(line)}\n`;
    if (text.length >= FLUSH_CHARACTERS) flush();
  };
  try {
    if (params.context) revive<(print: Print) => void>(params.context)(print);
    const printElement = params.element && revive<(element: unknown, print: Print) => void>(params.element);
    parent().push((element: unknown) => {
      if (printElement) printElement(element, print);
      else print(element as string);
      return true;
    });
    flush();
  } finally {
    closeSync(fd);
  }
}

/** Ends a process nobody reads from any more, and what it started. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
