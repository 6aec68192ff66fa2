import { readdir } from "node:fs/promises";
import { describeServer } from "@mcp-reference/runtime";
import { describe, expect, test } from "vitest";
import type { Contract } from "./contract.js";
import { looseObjects, undescribedFields } from "./json-schema.js";

const LONGEST_DESCRIPTION = 300;

/** What can be told from the definition alone. */
export function testDeclarations({ definition, options: { toolsDir } }: Contract): void {
  const { tools, prompts } = describeServer(definition);

  describe("declarations", () => {
    test.runIf(toolsDir !== undefined)("each tool has a file of its name, and each file a tool", async () => {
      const files = await readdir(toolsDir ?? "");
      const sources = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
      expect(sources.sort()).toEqual(tools.map(({ name }) => `${name.replaceAll("_", "-")}.ts`).sort());
    });

    test("names are snake_case words, and unique", () => {
      const names = [...tools, ...prompts].map(({ name }) => name);
      expect(names.filter((name) => !/^[a-z]+(_[a-z0-9]+)*$/.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    });

    test("tools and prompts have a title and a description that is not long", () => {
      const bad = [...tools, ...prompts].filter(
        ({ title, description = "" }) => !title || !description || description.length > LONGEST_DESCRIPTION,
      );
      expect(bad.map(({ name }) => name)).toEqual([]);
    });

    test("tools say all four hints", () => {
      const hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;
      const bad = tools.filter(({ annotations }) => hints.some((hint) => typeof annotations?.[hint] !== "boolean"));
      expect(bad.map(({ name }) => name)).toEqual([]);
    });

    test("every field of inputs, outputs and prompts is described", () => {
      const fields = tools.flatMap(({ name, inputSchema, outputSchema }) =>
        [...undescribedFields(inputSchema), ...undescribedFields(outputSchema)].map((field) => `${name}: ${field}`),
      );
      const args = prompts.flatMap((prompt) =>
        (prompt.arguments ?? []).flatMap(({ name, description }) => (description ? [] : [`${prompt.name}: ${name}`])),
      );
      expect([...fields, ...args]).toEqual([]);
    });

    test("objects take no fields but those declared", () => {
      const loose = tools.flatMap(({ name, inputSchema, outputSchema }) =>
        [...looseObjects(inputSchema), ...looseObjects(outputSchema)].map((place) => `${name}: ${place}`),
      );
      expect(loose).toEqual([]);
    });
  });
}
