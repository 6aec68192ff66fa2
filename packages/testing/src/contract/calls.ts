import type { ElicitHandler } from "@mcp-reference/client";
import { describe, expect, test } from "vitest";
import { errorOf, missingLeaves, textOf } from "../results.js";
import type { Contract } from "./contract.js";

const agree: ElicitHandler = () => ({ action: "accept", content: { approve: true } });

/** Results of the server's examples. */
export function testCalls(contract: Contract): void {
  const { definition, options } = contract;
  const examples = definition.tools.filter(({ name }) => options.examples?.[name] !== undefined);

  describe("results", () => {
    test("every tool that answers with an object has an example, and every example a tool", () => {
      const names = definition.tools.map(({ name }) => name);
      const given = Object.keys(options.examples ?? {});
      const answering = definition.tools.filter(({ output }) => output !== undefined).map(({ name }) => name);
      const called = [...given, ...(options.calledElsewhere ?? [])];
      expect(answering.filter((name) => !called.includes(name))).toEqual([]);
      expect(given.filter((name) => !names.includes(name))).toEqual([]);
    });

    test.each(examples)("$name matches its schema and says everything in its text too", async ({ name, output }) => {
      const { client, dir } = await contract.open({ elicit: agree });
      await client.listTools(); // from here on the client checks results against their schemas
      const result = await client.callTool(name, await contract.example(name, dir));
      expect(errorOf(result)).toBeUndefined();
      expect(result.structuredContent !== undefined).toBe(output !== undefined);
      expect(missingLeaves(result.structuredContent, textOf(result))).toEqual([]);
      expect(result.content.length).toBeGreaterThan(0);
    });
  });
}
