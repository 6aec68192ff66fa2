import { ToolError } from "@mcp-reference/validation";

export type Variables = Readonly<Record<string, string>>;

const VARIABLE = /\{(\w+)\}/g;

/** Whether the variables of a template are all of the plain kind, `{name}`: one that stands for a part of one name. */
export const isPlainTemplate = (template: string) => !/[{}]/.test(template.replace(VARIABLE, ""));

export const variablesIn = (template: string) => [...template.matchAll(VARIABLE)].map(([, name = ""]) => name);

/** What the variables of a plain template must be for it to read as `text`, or undefined where it cannot. */
export function matchTemplate(template: string, text: string): Variables | undefined {
  const names = variablesIn(template);
  const literals = template.split(/\{\w+\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const match = new RegExp(`^${literals.join("([^/]+)")}$`, "s").exec(text);
  return match ? Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? ""])) : undefined;
}

/**
 * Puts values into the template of a path. No value leads to another directory than the template's.
 * @throws ToolError INVALID_ARGUMENT
 */
export function fillPath(template: string, variables: Variables): string {
  for (const [name, value] of Object.entries(variables)) {
    if (/[/\\]/.test(value)) throw refused(name, value);
  }
  return template.replace(/[^/\\]+/g, (part) => {
    const filled = part.replace(VARIABLE, (_, name: string) => variables[name] ?? "");
    if (filled !== part && /^\.{0,2}$/.test(filled)) throw refused(variablesIn(part).join(), filled);
    return filled;
  });
}

const refused = (name: string, value: string) =>
  new ToolError("INVALID_ARGUMENT", `${name} must be part of one file name, not ${JSON.stringify(value)}`);
