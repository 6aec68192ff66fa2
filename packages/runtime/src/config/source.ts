/** A value and where its user wrote it, so that a complaint can point there: `--timeout`, `MCP_TIMEOUT`, `timeout in settings.json`. */
export interface Given {
  value: unknown;
  source: string;
}

/** What one source (argv, environment, config file) says, by option name. Problems are lines for the user. */
export interface Source {
  given: Map<string, Given>;
  problems: string[];
}

const COMING_TRANSPORTS = new Set(["http", "sse", "ws"]);

/** What is wrong with a flag or config key of a transport that is still to come; undefined for every other name. */
export function comingTransport(name: string): string | undefined {
  return COMING_TRANSPORTS.has(name) ? "this version serves stdio only; leave it out" : undefined;
}
