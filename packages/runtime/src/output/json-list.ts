import { randomUUID } from "node:crypto";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";

/**
 * A list in an object result that is written as JSON while it is made: a million values that wait to be sent cost more than it
 * takes to fetch them. Stands for a member of the output whose schema looks at none of them, in tools that render themselves.
 */
export class JsonList {
  /** @param parts JSON of the elements with commas between them, any number of elements in each */
  constructor(readonly parts: readonly string[]) {}

  /** The elements, for whoever wants values. */
  toJSON(): unknown[] {
    return JSON.parse(`[${this.parts.join(",")}]`);
  }
}

/** The message with values in place of such lists. */
export const withValues = (message: JSONRPCMessage): JSONRPCMessage => withoutLists(message, (list) => list.toJSON());

/** The message as JSON in pieces, in which its lists are as they were written; undefined when it has none. */
export function jsonPieces(message: JSONRPCMessage): string[] | undefined {
  const lists: { list: JsonList; mark: string }[] = [];
  const marked = withoutLists(message, (list) => {
    const mark = randomUUID(); // nothing else in the message can be this
    lists.push({ list, mark });
    return mark;
  });
  if (marked === message) return undefined;
  const pieces: string[] = [];
  let rest = JSON.stringify(marked);
  for (const { list, mark } of lists) {
    const quoted = `"${mark}"`;
    const at = rest.indexOf(quoted);
    pieces.push(
      rest.slice(0, at),
      "[",
      ...list.parts.flatMap((part, index) => (index === 0 ? [part] : [",", part])),
      "]",
    );
    rest = rest.slice(at + quoted.length);
  }
  return [...pieces, rest];
}

function withoutLists(message: JSONRPCMessage, replace: (list: JsonList) => unknown): JSONRPCMessage {
  if (!("result" in message)) return message;
  const members = Object.entries((message.result["structuredContent"] as object | undefined) ?? {});
  if (!members.some(([, member]) => member instanceof JsonList)) return message;
  const replaced = members.map(([name, member]) => [name, member instanceof JsonList ? replace(member) : member]);
  return { ...message, result: { ...message.result, structuredContent: Object.fromEntries(replaced) } };
}
