export { momentSums } from "./reference.js";
