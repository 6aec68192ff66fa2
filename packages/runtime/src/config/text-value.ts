import type { OptionRow } from "./options.js";

/**
 * What the text of a flag or an environment variable stands for. Text that is no such value is returned as it is,
 * for the schema to complain about.
 */
export function fromText({ type }: OptionRow, text: string): unknown {
  switch (type) {
    case "boolean":
      return BOOLEANS.get(text.toLowerCase()) ?? text;
    case "number":
      return NUMBER.test(text) ? Number(text) : text;
    case "list":
      return listFromText(text);
    default:
      return text;
  }
}

const BOOLEANS = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A JSON array of strings, taken exactly, or items between commas, trimmed. */
function listFromText(text: string): string[] {
  const items = jsonList(text) ?? splitAtCommas(text).map((item) => item.trim());
  return items.filter((item) => item !== "");
}

function jsonList(text: string): string[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : undefined;
  } catch {
    return undefined; // a glob such as [ab]*.txt
  }
}

/** A comma inside braces belongs to a glob: `*.{pem,key}` is one item. */
function splitAtCommas(text: string): string[] {
  const items = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "{") depth++;
    if (letter === "}") depth = Math.max(0, depth - 1);
    if (letter === "," && depth === 0) items.push("");
    else items.push(`${items.pop() ?? ""}${letter}`);
  }
  return items;
}
