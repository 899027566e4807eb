export { gram } from "./reference.js";

/** Panels of four columns that the kernel works in: the features, the label and a one, padded. */
export const gramPanels = (numFeatures: number): number => (numFeatures + 5) >> 2;
/** Bytes of the tiles of `panels` panels. */
export const gramTileBytes = (numFeatures: number, panels: number): number => 128 * gramPanels(numFeatures) * panels;
/** Doubles of the packed columns `from` to `to`. */
export const gramColumnsLength = (from: number, to: number): number => (to * (to + 1) - from * (from + 1)) / 2;
