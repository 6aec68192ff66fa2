import { truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { connect, errorOf, tempDir } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import definition from "../index.js";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const WAV = Buffer.concat([Buffer.from("RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0", "latin1"), Buffer.alloc(24)]);

it("gives images, sounds and other bytes, by what they are and not by their name", async () => {
  const dir = await tempDir();
  const client = await connect(definition, { argv: [dir] });
  const file = path.join(dir, "a b.dat");
  for (const [bytes, block] of [
    [PNG, { type: "image", mimeType: "image/png", data: PNG.toString("base64") }],
    [WAV, { type: "audio", mimeType: expect.stringMatching(/^audio\/(vnd\.)?wave?$/), data: WAV.toString("base64") }],
    [
      Buffer.from([0, 1, 2]),
      {
        type: "resource",
        resource: { uri: pathToFileURL(file).href, mimeType: "application/octet-stream", blob: "AAEC" },
      },
    ],
  ] as const) {
    await writeFile(file, bytes);
    expect((await client.callTool("read_media_file", { path: "a b.dat" })).content).toEqual([block]);
  }
});

it("refuses what is too large before reading it", async () => {
  const dir = await tempDir();
  const client = await connect(definition, { argv: [dir] });
  await writeFile(path.join(dir, "film.mp4"), "");
  await truncate(path.join(dir, "film.mp4"), 3e9);
  expect(errorOf(await client.callTool("read_media_file", { path: "film.mp4" }))).toMatchObject({
    code: "TOO_LARGE",
    hint: expect.stringContaining("--max-output"),
  });
  await truncate(path.join(dir, "film.mp4"), 3 * 1024 * 1024);
  expect(errorOf(await client.callTool("read_media_file", { path: "film.mp4" }))).toBeUndefined();
});
