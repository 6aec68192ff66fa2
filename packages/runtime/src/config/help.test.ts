import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { helpText } from "./help.js";
import { commandOptions, describeOptions } from "./options.js";
import { sharedOptions } from "./shared.js";

const shared = sharedOptions({ readOnly: true });
const about = { bin: "mcp-server-sample", version: "1.2.3", description: "Does a thing.", shared };

const schema = z.object({
  directories: z.array(z.string()).describe("Where to look").meta({ positional: true, placeholder: "dir[:ro]" }),
  deny: z.array(z.string()).default(["a", "b"]).describe("Left out"),
  depth: z.number().default(7).describe("How far"),
  token: z.string().describe("Lets in").meta({ secret: true, env: "SERVICE_TOKEN" }),
  resources: z
    .array(z.object({ uri: z.string() }))
    .optional()
    .describe("Named things"),
});

describe("helpText", () => {
  const text = helpText({ ...about, schema });

  it("names every option with its flag, environment name and description", () => {
    const flat = text.replace(/\s+/g, " ");
    for (const row of [...describeOptions(schema), ...describeOptions(shared), ...commandOptions]) {
      expect(flat).toContain(row.flag ?? (row.secret ? row.env : row.positional ? row.placeholder : row.name));
      if (row.env) expect(flat).toContain(row.env);
      expect(flat).toContain(row.description);
    }
    expect(flat).toContain("SERVICE_TOKEN_FILE");
  });

  it("shows defaults, what is required, and an example", () => {
    expect(text).toMatch(/--depth <n> +How far \(default 7, env MCP_DEPTH\)/);
    expect(text).toContain("(default a,b, env MCP_DENY)");
    expect(text).toContain("Usage: mcp-server-sample [options] <dir[:ro]> …");
    expect(text).toContain("--read-only[=false]");
    expect(text).toContain("Example: mcp-server-sample --log-level");
  });

  it("fits 100 columns, whatever the texts", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400 }),
        fc.stringMatching(/^[a-z]{1,20}([A-Z][a-z]{1,20}){0,3}$/),
        (words, name) => {
          const field = z.string().optional().describe(words).meta({ placeholder: "text" });
          const own = z.object({ [`x${name}`]: field });
          for (const line of helpText({ ...about, description: words, schema: own }).split("\n")) {
            expect(line.length).toBeLessThanOrEqual(100);
          }
        },
      ),
    );
  });
});
