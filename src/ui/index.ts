export { showConsoleProgress } from "./console-progress.js";
