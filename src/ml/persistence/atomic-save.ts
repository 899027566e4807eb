import { randomUUID } from "node:crypto";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { IOException } from "../../common/index.js";

/**
 * Runs `write` on a temporary directory beside `target` and puts it in place when it succeeds.
 * An existing target is replaced only with `overwrite`, is intact until the new one is complete, and comes back
 * when the exchange itself fails; a failed `write` leaves nothing behind.
 */
export async function atomicSave(
  target: string,
  overwrite: boolean,
  write: (directory: string) => Promise<void>,
): Promise<void> {
  const path = resolve(target);
  if (!overwrite && (await exists(path))) throw alreadyExists(target);
  const parent = dirname(path);
  await mkdir(parent, { recursive: true });
  const mark = randomUUID();
  const temporary = join(parent, `.${basename(path)}.${mark}.saving`);
  try {
    await mkdir(temporary);
    await write(temporary);
    await exchange(temporary, path, overwrite, target, join(parent, `.${basename(path)}.${mark}.replaced`));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function exchange(from: string, path: string, overwrite: boolean, target: string, aside: string): Promise<void> {
  const old = await exists(path);
  if (old && !overwrite) throw alreadyExists(target);
  if (old) await rename(path, aside);
  try {
    await rename(from, path);
  } catch (error) {
    if (old) await rename(aside, path);
    throw error;
  }
  if (old) await rm(aside, { recursive: true, force: true });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const alreadyExists = (path: string): IOException =>
  new IOException(
    `Path ${path} already exists. To overwrite it, please use write.overwrite().save(path) for Scala and use ` +
      "write().overwrite().save(path) for Java and Python.",
  );
