/** Settings that cannot work. `runCli` prints one line a problem and exits 2; `open` and `forCaller` may throw it too. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Each a line on its own: which setting, what is wrong, what to do. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const lines = typeof problems === "string" ? [problems] : problems;
    super(lines.join("\n"));
    this.problems = lines;
  }
}
