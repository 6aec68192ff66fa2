import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { connect, tempDir } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import definition from "../index.js";

it("lists what the command line allows, and what is left of it for a client with roots", async () => {
  const [one, two] = [await tempDir(), await tempDir()];
  await mkdir(path.join(one, "sub"));
  const argv = [one, `${two}:ro`];
  const directories = async (roots?: string[]) => {
    const client = await connect(definition, { argv, ...(roots && { roots, era: "2025" }) });
    return (await client.callTool("list_allowed_directories", {})).structuredContent;
  };
  expect(await directories()).toEqual({
    directories: [
      { path: one, writable: true },
      { path: two, writable: false },
    ],
  });
  const sub = path.join(one, "sub");
  expect(await directories([pathToFileURL(sub).href])).toEqual({ directories: [{ path: sub, writable: true }] });
  expect(await directories(["file:///"])).toEqual({
    directories: [
      { path: one, writable: true },
      { path: two, writable: false },
    ],
  });
  expect(await directories([])).toEqual({ directories: [] });
});
