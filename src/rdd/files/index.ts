export { objectFile } from "./object-file.js";
export { textFile } from "./text-file.js";
export { binaryFiles, binaryRecords, wholeTextFiles } from "./whole-files.js";
