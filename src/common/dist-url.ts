/** URL of a file of `dist/`, whether this module runs from the bundle or from its TypeScript source (tests). */
export function distUrl(file: string): URL {
  const here = import.meta.url;
  const at = Math.max(here.lastIndexOf("/dist/"), here.lastIndexOf("/src/"));
  return new URL(`${here.slice(0, at)}/dist/${file}`);
}
