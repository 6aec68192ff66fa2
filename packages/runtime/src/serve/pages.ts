import type { ToolError } from "@mcp-reference/validation";
import * as z from "zod";
import { toProtocolError } from "../call/errors.js";
import type { App } from "./app.js";
import type { Connection } from "./connection.js";

/** Entries a page of the protocol's own lists: many clients read just the first. */
const PAGE = 100;

/** A page of a fixed list. @throws ProtocolError −32602 for a cursor that was not given out for this list */
export async function pageOf<T>(
  items: readonly T[],
  cursor: string | undefined,
  list: string,
  app: App,
  connection: Connection,
) {
  const bound = { caller: connection.principal.id, purpose: list };
  const from = cursor === undefined ? 0 : open(cursor);
  const to = from + PAGE;
  const nextCursor = to < items.length ? { nextCursor: app.cursors.encode(to, bound) } : {};
  return { items: items.slice(from, to), nextCursor };

  function open(given: string): number {
    try {
      return app.cursors.decode(given, bound, z.number().int().nonnegative());
    } catch (error) {
      throw toProtocolError(error as ToolError);
    }
  }
}
