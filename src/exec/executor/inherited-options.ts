/** Options of Node that change how modules are found and loaded, by whether they take a value. */
const loading: Readonly<Record<string, boolean>> = {
  "--import": true,
  "--require": true,
  "-r": true,
  "--loader": true,
  "--experimental-loader": true,
  "--conditions": true,
  "-C": true,
  "--preserve-symlinks": false,
  "--enable-source-maps": false,
  "--experimental-strip-types": false,
  "--experimental-transform-types": false,
  "--no-warnings": false,
  "--no-deprecation": false,
};

/**
 * Of the options that this process was started with, those that an executor process needs to load the same modules. The
 * program itself (`-e`), debugger ports and test runners must not start again in it.
 */
export function inheritedOptions(options: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < options.length; i++) {
    const [name] = options[i].split("=", 1);
    const takesValue = loading[name];
    if (takesValue === undefined) continue;
    kept.push(options[i]);
    if (takesValue && !options[i].includes("=") && i + 1 < options.length) kept.push(options[++i]);
  }
  return kept;
}
