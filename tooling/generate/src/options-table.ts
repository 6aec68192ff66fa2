import type { OptionRow } from "@mcp-reference/runtime";
import { markdownTable } from "./blocks.js";

export const optionsTable = (options: readonly OptionRow[]): string =>
  markdownTable(
    ["Option", "Environment", "Default", "What it does"],
    options.map((option) => [nameOf(option), environmentOf(option), defaultOf(option), option.description]),
  );

function nameOf({ name, flag, positional, placeholder, type }: OptionRow): string {
  if (positional) return `\`${placeholder}…\``;
  if (flag === null) return `\`${name}\` in the config file`;
  return type === "boolean" ? `\`${flag}\`` : `\`${flag} ${placeholder}\``;
}

const environmentOf = ({ env, secret }: OptionRow) =>
  env === null ? "" : secret ? `\`${env}\` or \`${env}_FILE\`` : `\`${env}\``;

function defaultOf({ default: value }: OptionRow): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "";
  return `\`${Array.isArray(value) ? value.join(",") : String(value)}\``;
}
