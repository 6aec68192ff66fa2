import { PassThrough } from "node:stream";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StdioTransport } from "../serve/stdio.js";
import { JsonList, jsonPieces, withValues } from "./json-list.js";
import { secretKeeper } from "./secret-keeper.js";

const answer = (structuredContent: object, text = ""): JSONRPCMessage => ({
  jsonrpc: "2.0",
  id: 1,
  result: { content: [{ type: "text", text }], structuredContent },
});
const values = fc.array(fc.array(fc.jsonValue(), { maxLength: 4 }), { maxLength: 4 });
/** The list of all elements, so many to a part. */
const listOf = (parts: readonly (readonly unknown[])[]) =>
  new JsonList(parts.filter(({ length }) => length > 0).map((part) => JSON.stringify(part).slice(1, -1)));

describe("a JsonList", () => {
  it("goes over the wire as its values, on any transport", () => {
    fc.assert(
      fc.property(values, values, fc.string(), (first, second, text) => {
        const plain = answer({ first: first.flat(), between: text, second: second.flat() }, text);
        const written = answer({ first: listOf(first), between: text, second: listOf(second) }, text);
        expect(withValues(written)).toEqual(plain);
        expect(jsonPieces(written)?.join("")).toBe(JSON.stringify(plain));
        expect(JSON.stringify(written)).toBe(JSON.stringify(plain));
      }),
    );
  });

  it("is written as one line by our transport, like any message", async () => {
    const stdout = new PassThrough();
    const transport = new StdioTransport(new PassThrough(), stdout, { maxBufferSize: 1000 });
    await transport.send(answer({ rows: new JsonList(["1,2", "3"]) }));
    await transport.send(answer({ rows: [4] }));
    const lines = String(stdout.read()).split("\n");
    expect(lines).toEqual([JSON.stringify(answer({ rows: [1, 2, 3] })), JSON.stringify(answer({ rows: [4] })), ""]);
  });

  it("leaves other messages alone", () => {
    for (const message of [answer({}), answer({ rows: [1] }), { jsonrpc: "2.0", method: "x" } as const]) {
      expect(jsonPieces(message)).toBeUndefined();
      expect(withValues(message)).toBe(message);
    }
  });

  it("keeps secrets in as its values would", () => {
    const secret = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom(...'ab,[]"\\nul ü') });
    fc.assert(
      fc.property(values, secret, fc.boolean(), (given, hidden, isIn) => {
        const parts = isIn ? [...given, [`x${hidden}y`, { [hidden]: null }]] : given;
        const keep = secretKeeper(new Set([hidden]));
        expect(keep(listOf(parts)).toJSON()).toEqual(keep(parts.flat()));
      }),
    );
  });
});
