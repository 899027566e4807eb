/**
 * Shared memory of one open set of passes, and the order in which the two sides touch it.
 *
 *   Int32  0 next      next group of units to take; >= numGroups while no pass runs
 *          1 remaining groups not finished yet
 *          2 op        operation of the pass
 *          3 done      number of finished passes: the driver waits here
 *          4 failed    number of groups in which a kernel threw
 *   64     Float64 input (inputLength), then numUnits outputs (outputLength each), each 64-byte aligned
 *
 * Driver: writes input, op, remaining, then next = 0 (release), then rings the bell.
 * Thread: adds 1 to next (acquire), runs the group's units, subtracts 1 from remaining; the one that reaches 0 bumps `done`.
 */
export const NEXT = 0;
export const REMAINING = 1;
export const OP = 2;
export const DONE = 3;
export const FAILED = 4;

const HEADER_BYTES = 64;
const stride = (doubles: number): number => Math.ceil((doubles * 8) / 64) * 64;

export interface PassShape {
  readonly numUnits: number;
  readonly inputLength: number;
  readonly outputLength: number;
}

export const allocateControl = ({ numUnits, inputLength, outputLength }: PassShape): SharedArrayBuffer =>
  new SharedArrayBuffer(HEADER_BYTES + stride(inputLength) + numUnits * stride(outputLength));

/** Views of the control memory, on either side. */
export function controlViews(buffer: SharedArrayBuffer, shape: PassShape) {
  const outputs = HEADER_BYTES + stride(shape.inputLength);
  return {
    state: new Int32Array(buffer, 0, 16),
    input: new Float64Array(buffer, HEADER_BYTES, shape.inputLength),
    output: (unit: number): Float64Array =>
      new Float64Array(buffer, outputs + unit * stride(shape.outputLength), shape.outputLength),
  };
}
