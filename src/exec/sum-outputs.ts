/** Element-wise sum of all units' outputs in unit order, so that the result does not depend on who ran them. */
export function sumOutputs(numUnits: number, length: number, output: (unit: number) => Float64Array): Float64Array {
  const total = new Float64Array(length);
  for (let unit = 0; unit < numUnits; unit++) {
    const part = output(unit);
    for (let i = 0; i < length; i++) total[i] += part[i];
  }
  return total;
}
