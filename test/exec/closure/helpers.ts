import { createHash } from "node:crypto";

const salt = "pepper";
export const shout = (text: string): string => `${text.toUpperCase()}!`;
export const digest = (text: string): string =>
  createHash("sha1")
    .update(salt + text)
    .digest("hex");
