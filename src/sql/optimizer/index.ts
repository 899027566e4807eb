export { optimize } from "./optimizer.js";
