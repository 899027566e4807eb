/** Placeholders of a message, by name, as Spark reports them in `messageParameters`. */
export type MessageParameters = Readonly<Record<string, string>>;

export interface SparkErrorOptions {
  /** Spark's error condition, e.g. `UNRESOLVED_COLUMN.WITH_SUGGESTION`. */
  readonly condition?: string;
  readonly sqlState?: string;
  readonly parameters?: MessageParameters;
  readonly cause?: unknown;
}

/** Root of every error kindling raises; carries Spark's condition, SQL state and message parameters. */
export class SparkException extends Error {
  readonly condition: string | undefined;
  readonly sqlState: string | undefined;
  readonly messageParameters: MessageParameters;

  constructor(message: string, options: SparkErrorOptions = {}) {
    const prefix = options.condition ? `[${options.condition}] ` : "";
    const suffix = options.sqlState ? ` SQLSTATE: ${options.sqlState}` : "";
    super(prefix + message + suffix, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.condition = options.condition;
    this.sqlState = options.sqlState;
    this.messageParameters = options.parameters ?? {};
  }
}

/** The plan is wrong: unknown column, type mismatch, unsupported operation. */
export class AnalysisException extends SparkException {}
/** SQL or DDL text that does not parse. */
export class ParseException extends AnalysisException {}
/** A parameter or an argument has a value that is not allowed. */
export class IllegalArgumentException extends SparkException {}
/** A value met while running cannot be processed. */
export class SparkRuntimeException extends SparkException {}
/** Arithmetic overflow, division by zero (ANSI mode). */
export class ArithmeticException extends SparkException {}
export class NumberFormatException extends SparkException {}
export class DateTimeException extends SparkException {}
export class ArrayIndexOutOfBoundsException extends SparkException {}
export class UnsupportedOperationException extends SparkException {}
export class NoSuchElementException extends SparkException {}
export class IOException extends SparkException {}
/** An operation that the receiver cannot do: `first()` of nothing, another storage level for a persisted RDD. */
export class SparkUnsupportedOperationException extends UnsupportedOperationException {}
/** Something is not in the state that the call needs: a subprocess that failed, a stopped context. */
export class IllegalStateException extends SparkException {}
/** Paths to read that do not exist. */
export class InvalidInputException extends IOException {}
/** The directory to write is there already. */
export class FileAlreadyExistsException extends IOException {}
/** Stored output of a task is gone or damaged: that task has to run again. Parameters: stageId, partition, path. */
export class FetchFailedException extends SparkException {
  constructor(message: string, options: SparkErrorOptions = {}) {
    super(message, { condition: "FETCH_FAILED", ...options });
  }
}
/** A worker thread or an executor process died (conditions WORKER_LOST, EXECUTOR_LOST). */
export class ExecutorLostException extends SparkException {}

/** Error classes by name, so that an error thrown in a worker is rebuilt as the same class on the driver. */
const classes: Readonly<Record<string, new (message: string, options?: SparkErrorOptions) => SparkException>> = {
  SparkException,
  AnalysisException,
  ParseException,
  IllegalArgumentException,
  SparkRuntimeException,
  ArithmeticException,
  NumberFormatException,
  DateTimeException,
  ArrayIndexOutOfBoundsException,
  UnsupportedOperationException,
  NoSuchElementException,
  IOException,
  SparkUnsupportedOperationException,
  IllegalStateException,
  InvalidInputException,
  FileAlreadyExistsException,
  FetchFailedException,
  ExecutorLostException,
};

export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly condition: string | undefined;
  readonly sqlState: string | undefined;
  readonly parameters: MessageParameters;
  readonly cause: SerializedError | undefined;
}

/** Plain form of any thrown value, for the trip from a worker to the driver. */
export function serializeError(error: unknown): SerializedError {
  const e = error instanceof Error ? error : new Error(String(error));
  const spark = e instanceof SparkException ? e : undefined;
  return {
    name: e.name,
    message: e.message,
    stack: e.stack,
    condition: spark?.condition,
    sqlState: spark?.sqlState,
    parameters: spark?.messageParameters ?? {},
    cause: e.cause === undefined ? undefined : serializeError(e.cause),
  };
}

/** Rebuilds what {@link serializeError} made: the same class when it is one of ours, else an `Error` of that name. */
export function deserializeError(plain: SerializedError): Error {
  const cause = plain.cause && deserializeError(plain.cause);
  const Class = classes[plain.name];
  const error = Class ? new Class("") : new Error("");
  const define = (key: string, value: unknown): void => {
    if (value !== undefined) Object.defineProperty(error, key, { value, configurable: true, writable: true });
  };
  define("message", plain.message);
  define("name", plain.name);
  define("stack", plain.stack);
  define("cause", cause);
  if (Class) {
    define("condition", plain.condition);
    define("sqlState", plain.sqlState);
    define("messageParameters", plain.parameters);
  }
  return error;
}
