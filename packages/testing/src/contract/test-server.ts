import type { ServerDefinition } from "@mcp-reference/runtime";
import { describe } from "vitest";
import { testCalls } from "./calls.js";
import { Contract, type ContractOptions } from "./contract.js";
import { testDeclarations } from "./declarations.js";
import { testFailures } from "./failures.js";
import { testLists } from "./lists.js";
import { testProcess } from "./process.js";

/**
 * Defines the tests that every server passes: its declarations are complete, its lists small and stable, its results
 * whole on each channel, its failures readable and without secrets, its process well behaved.
 */
export function testServer(definition: ServerDefinition, options: ContractOptions): void {
  const contract = new Contract(definition, options);
  describe(`${definition.name} keeps the contract of every server`, () => {
    testDeclarations(contract);
    testLists(contract);
    testCalls(contract);
    testFailures(contract);
    testProcess(contract);
  });
}
