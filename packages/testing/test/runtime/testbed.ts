import { define, defineServer, type OpenServices, type ServerDefinition } from "@mcp-reference/runtime";
import * as z from "zod";

export const { tool, resource, prompt } = define<OpenServices>();

type Parts = Parameters<typeof defineServer<z.ZodObject, OpenServices>>[0];

/** A server of just the parts that a test is about. */
export const serverOf = (parts: Partial<Parts>): ServerDefinition =>
  defineServer({
    name: "testbed",
    version: "1.2.3",
    description: "What a test is about.",
    instructions: "Use the one tool there is.",
    config: z.object({}),
    open: () => ({}),
    needs: { fs: "none", network: false, childProcesses: [], workers: false },
    tools: [],
    ...parts,
  });

export const nothing = z.strictObject({});
