import type { ServerDescription } from "@mcp-reference/runtime";
import { markdownTable } from "./blocks.js";

type Tool = ServerDescription["tools"][number];

export const toolsTable = (tools: readonly Tool[]): string =>
  markdownTable(
    ["Tool", "Arguments", "What it does", "Changes things"],
    tools.map((tool) => [`\`${tool.name}\``, argumentsOf(tool), tool.description ?? "", effectOf(tool)]),
  );

/** `path`, `head?`: optional ones are marked as in TypeScript. */
function argumentsOf({ inputSchema }: Tool): string {
  const required = new Set(inputSchema.required ?? []);
  const names = Object.keys(inputSchema.properties ?? {}).filter((name) => name !== "confirmation");
  return names.map((name) => `\`${name}${required.has(name) ? "" : "?"}\``).join(", ") || "none";
}

function effectOf({ annotations, inputSchema }: Tool): string {
  if (annotations?.readOnlyHint) return "no";
  return inputSchema.properties?.confirmation ? "yes, asks first" : "yes";
}
