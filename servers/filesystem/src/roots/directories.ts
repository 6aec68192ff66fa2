import { configuredPath, type RootSpec } from "@mcp-reference/security";

const READ_ONLY = ":ro";

/** Reads `dir` or `dir:ro` from the configuration. */
export function parseDirectory(argument: string, home?: string): RootSpec {
  const readOnly = argument.endsWith(READ_ONLY) && argument !== READ_ONLY;
  return { path: configuredPath(readOnly ? argument.slice(0, -READ_ONLY.length) : argument, home), readOnly };
}
