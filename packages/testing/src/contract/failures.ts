import { define, reads, type ServerDefinition, type Tool, text } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { deferred } from "../deferred.js";
import { errorOf, textOf } from "../results.js";
import { variants } from "../variants.js";
import type { Contract } from "./contract.js";

const PASSWORD = "hunter2";
const { tool } = define();

/** What a client learns when something goes wrong, and what it does not. */
export function testFailures(contract: Contract): void {
  const { definition } = contract;

  describe.each(variants)("failures, told to $variant", ({ sdk, era }) => {
    test("a field nobody declared is named, with those that are", async () => {
      const { client } = await contract.open({ sdk, era });
      for (const { name, inputSchema } of await client.listTools()) {
        const result = await client.callTool(name, { surprise_field: 1 });
        const error = errorOf(result);
        expect(error, name).toMatchObject({ code: "INVALID_ARGUMENT" });
        expect(textOf(result)).toMatch(/^INVALID_ARGUMENT: .*"surprise_field"/);
        for (const field of Object.keys(inputSchema.properties ?? {})) expect(error?.hint).toContain(field);
        expect(textOf(result)).toContain(error?.hint ?? "");
      }
    });

    test("a tool that is not there is NOT_FOUND", async () => {
      const { client } = await contract.open({ sdk, era });
      const result = await client.callTool("no_such_tool");
      expect(errorOf(result)).toMatchObject({ code: "NOT_FOUND" });
      expect(textOf(result)).toContain("no_such_tool");
    });

    test.each([
      ["an error", () => new Error(`postgres://user:${PASSWORD}@host refused`)],
      ["a string", () => `postgres://user:${PASSWORD}@host refused`],
      ["undefined", () => undefined],
    ])("%s that nobody foresaw is INTERNAL with an id, and its secret stays in", async (_, thrown) => {
      const log: string[] = [];
      const thrower = probe("throw_something", () => {
        throw thrown();
      });
      const { client } = await contract.open(
        { sdk, era, onLog: (line) => log.push(line) },
        withTool(definition, thrower),
      );
      const result = await client.callTool("throw_something");
      const error = errorOf(result);
      expect(error).toMatchObject({ code: "INTERNAL" });
      const id = String(error?.details?.id);
      expect(textOf(result)).toContain(id);
      expect(log.join("")).toContain(id);
      expect(JSON.stringify(result)).not.toMatch(/postgres|refused/);
      expect(log.join("")).not.toContain(PASSWORD);
    });

    test("a cancelled call ends its handler", async () => {
      const started = deferred();
      const aborted = deferred();
      const waiter = probe("wait_for_ever", async (signal) => {
        signal.addEventListener("abort", () => aborted.resolve(), { once: true });
        started.resolve();
        await aborted.promise;
      });
      const { client } = await contract.open({ sdk, era }, withTool(definition, waiter));
      const cancel = new AbortController();
      const call = client.callTool("wait_for_ever", {}, { signal: cancel.signal }).catch(() => "rejected");
      await started.promise;
      cancel.abort();
      await aborted.promise;
      await call;
    });
  });
}

const probe = (name: string, work: (signal: AbortSignal) => unknown): Tool =>
  tool({
    name,
    description: "Added by the contract suite.",
    effect: reads(),
    input: z.strictObject({}),
    async handle(_, { signal }) {
      await work(signal);
      return text("done");
    },
  });

const withTool = (definition: ServerDefinition, added: Tool): ServerDefinition => ({
  ...definition,
  tools: [...definition.tools, added],
});
