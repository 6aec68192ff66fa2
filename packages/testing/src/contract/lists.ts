import type { Tool } from "@mcp-reference/client";
import { describe, expect, test } from "vitest";
import { variants } from "../variants.js";
import type { Contract } from "./contract.js";

const DEFAULT_BUDGET = 12 * 1024;

/** What a client is shown before its first call. */
export function testLists(contract: Contract): void {
  const { definition, options } = contract;
  const { listBudgetBytes = DEFAULT_BUDGET } = options;

  describe("lists", () => {
    test("the tool list is within its budget", async () => {
      const { client } = await contract.open();
      const listed = (await client.listTools()).map(({ name, description, inputSchema }) => ({
        name,
        description,
        inputSchema,
      }));
      expect(Buffer.byteLength(JSON.stringify(listed))).toBeLessThanOrEqual(listBudgetBytes);
    });

    test("tools come in the order they are declared, the same for every client and each time", async () => {
      const lists: Tool[][] = [];
      for (const variant of [...variants, ...variants]) {
        const { client } = await contract.open(variant);
        lists.push(await client.listTools());
      }
      expect(lists[0]?.map(({ name }) => name)).toEqual(definition.tools.map(({ name }) => name));
      for (const list of lists) expect(list).toEqual(lists[0]);
    });

    test.each(variants)("resources, templates and prompts are described for $variant", async ({ sdk, era }) => {
      const { client } = await contract.open({ sdk, era });
      const { resources, prompts } = client.capabilities;
      const templates = resources ? await client.listResourceTemplates() : [];
      const listed = [...templates, ...(prompts ? await client.listPrompts() : [])];
      expect(listed.filter(({ description }) => !description)).toEqual([]);
      if (resources) expect((await client.listResources()).filter(({ name }) => !name)).toEqual([]);
    });

    test("a client is told what the server is and what it is for", async () => {
      const { client } = await contract.open();
      expect(client.serverVersion).toMatchObject({
        name: `mcp-server-${definition.name}`,
        version: definition.version,
      });
      expect(client.instructions).toBe(definition.instructions);
    });
  });
}
