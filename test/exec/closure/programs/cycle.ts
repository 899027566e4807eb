import { circular } from "./library.js";

export const start = 100;
export const around = (): number => circular(1);
