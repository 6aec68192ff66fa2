import { ToolError } from "@mcp-reference/validation";

const MAX_PATTERN_LENGTH = 4096;
const MAX_ALTERNATIVES = 256;

/**
 * Every pattern that a glob with `{a,b}` stands for, in order. Braces nest; without a comma between them, or without
 * their partner, they are ordinary characters, and `\` makes them so.
 * @param enabled false returns the pattern alone.
 * @throws ToolError INVALID_ARGUMENT when the pattern is longer than 4,096 characters or stands for more than 256.
 */
export function expandBraces(pattern: string, enabled = true): string[] {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new ToolError("INVALID_ARGUMENT", `Glob pattern is longer than ${MAX_PATTERN_LENGTH} characters`);
  }
  if (!enabled || !pattern.includes("{")) return [pattern];
  return expand(pattern, matchingBraces(pattern), 0, pattern.length);
}

interface Group {
  end: number;
  commas: number[];
}

/** Where each alternation opens, with its commas and its end, found in one pass. */
function matchingBraces(pattern: string): Map<number, Group> {
  const groups = new Map<number, Group>();
  const open: { start: number; commas: number[] }[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index];
    if (character === "\\") index++;
    else if (character === "{") open.push({ start: index, commas: [] });
    else if (character === ",") open.at(-1)?.commas.push(index);
    else if (character === "}") {
      const group = open.pop();
      if (group?.commas.length) groups.set(group.start, { end: index, commas: group.commas });
    }
  }
  return groups;
}

function expand(pattern: string, groups: ReadonlyMap<number, Group>, from: number, to: number): string[] {
  let results = [""];
  let literal = from;
  for (let index = from; index < to; index++) {
    const group = groups.get(index);
    if (!group) continue;
    const bounds = [index, ...group.commas, group.end];
    const choices = bounds.slice(1).flatMap((end, nth) => expand(pattern, groups, (bounds[nth] as number) + 1, end));
    if (results.length * choices.length > MAX_ALTERNATIVES) throw tooMany();
    const before = pattern.slice(literal, index);
    results = results.flatMap((result) => choices.map((choice) => result + before + choice));
    index = group.end;
    literal = group.end + 1;
  }
  return results.map((result) => result + pattern.slice(literal, to));
}

const tooMany = () =>
  new ToolError("INVALID_ARGUMENT", `The braces of the glob stand for more than ${MAX_ALTERNATIVES} patterns`, {
    hint: "Use fewer alternatives, or several patterns",
  });
