import { execFileSync } from "node:child_process";
import { appendFile, mkdir, open, readFile, rename, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { connect, spawnBin, tempDir, variants } from "@mcp-reference/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { inotifyWatches } from "../../test/inotify-watches.js";
import definition from "../index.js";
import { uriOfPath } from "./file-uri.js";

const TEMPLATE = "file:///{+path}";
const LIVENESS = { timeout: 15_000, interval: 20 };

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
});

const refused = (code: string) => expect.objectContaining({ data: expect.objectContaining({ code }) });

describe.each(variants)("$variant", ({ sdk, era }) => {
  it("reads text, bytes and listings, with what is known of them", async () => {
    const client = await connect(definition, { argv: [dir], sdk, era });
    await writeFile(join(dir, "a.json"), '{"a":1}');
    await writeFile(join(dir, "b.png"), Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    await mkdir(join(dir, "sub"));
    await writeFile(join(dir, ".env"), "KEY=1");

    const { mtime } = await stat(join(dir, "a.json"));
    const [text] = (await client.readResource(uriOfPath(join(dir, "a.json")))).contents;
    expect(text).toMatchObject({ uri: uriOfPath(join(dir, "a.json")), mimeType: "application/json", text: '{"a":1}' });
    expect(text?._meta).toMatchObject({
      etag: expect.stringMatching(/.{10}/),
      mtime: mtime.toISOString().replace(/\.\d+/, ""),
    });

    const [image] = (await client.readResource(uriOfPath(join(dir, "b.png")))).contents;
    expect(image).toMatchObject({
      mimeType: "image/png",
      blob: (await readFile(join(dir, "b.png"))).toString("base64"),
    });

    const [listing] = (await client.readResource(uriOfPath(dir))).contents;
    expect(listing).toMatchObject({ mimeType: "inode/directory", _meta: { etag: expect.any(String) } });
    expect(listing && "text" in listing && listing.text.split("\n")).toEqual([
      "[FILE] a.json",
      "[FILE] b.png",
      "[DIR] sub",
      "1 entry is hidden by the secrets policy.",
    ]);
  });

  it("tells subscribers of a change, and only of a change", async () => {
    const file = join(dir, "a.txt");
    await writeFile(file, "one");
    const client = await connect(definition, { argv: [dir], sdk, era });
    const updated: unknown[] = [];
    client.onNotification(({ method, params }) => {
      if (method === "notifications/resources/updated") updated.push(params?.["uri"]);
    });
    const uri = uriOfPath(file);
    await client.subscribe(uri);
    await writeFile(join(dir, "b.txt"), "neighbour");
    await appendFile(file, " two");
    await vi.waitFor(() => expect(updated).toEqual([uri]), LIVENESS);
    await writeFile(join(dir, ".new"), "three");
    await rename(join(dir, ".new"), file);
    await vi.waitFor(() => expect(updated).toEqual([uri, uri]), LIVENESS);

    await client.unsubscribe(uri);
    const other = uriOfPath(join(dir, "b.txt"));
    await client.subscribe(other);
    await appendFile(file, " four");
    await appendFile(join(dir, "b.txt"), "!");
    await vi.waitFor(() => expect(updated).toEqual([uri, uri, other]), LIVENESS);
  });

  it("watches nothing that nobody is subscribed to", async () => {
    const before = inotifyWatches();
    await writeFile(join(dir, "a.txt"), "one");
    const client = await connect(definition, { argv: [dir], sdk, era });
    expect(inotifyWatches()).toBe(before);
    await client.subscribe(uriOfPath(join(dir, "a.txt")));
    await client.subscribe(uriOfPath(dir));
    if (process.platform === "linux") expect(inotifyWatches()).toBeGreaterThan(before);
    await client.unsubscribe(uriOfPath(join(dir, "a.txt")));
    await client.unsubscribe(uriOfPath(dir));
    await vi.waitFor(() => expect(inotifyWatches()).toBe(before), LIVENESS);
    await client.subscribe(uriOfPath(dir));
    await client.close();
    await vi.waitFor(() => expect(inotifyWatches()).toBe(before), LIVENESS);
  });

  it("refuses to read or watch secrets, the outside and what is no file", async () => {
    const client = await connect(definition, { argv: [dir], sdk, era });
    const outside = join(await tempDir(), "o.txt");
    await writeFile(outside, "outside");
    await writeFile(join(dir, ".env"), "KEY=1");
    await symlink(outside, join(dir, "link.txt"));
    await symlink(join(dir, ".env"), join(dir, "innocent.txt"));
    execFileSync("mkfifo", [join(dir, "fifo")]);
    const cases: [path: string, code: string][] = [
      [outside, "OUTSIDE_ROOT"],
      [join(dir, "link.txt"), "OUTSIDE_ROOT"],
      [`${dir}/../${dir.split("/").at(-1)}x`, "OUTSIDE_ROOT"],
      [join(dir, ".env"), "PERMISSION_DENIED"],
      [join(dir, "innocent.txt"), "PERMISSION_DENIED"],
      [join(dir, "fifo"), "UNSUPPORTED"],
    ];
    for (const [path, code] of cases) {
      await expect(client.readResource(uriOfPath(path))).rejects.toEqual(refused(code));
      await expect(client.subscribe(uriOfPath(path))).rejects.toThrow();
    }
    // No file is no fault of the caller's: the protocol has a code for it.
    await expect(client.readResource(uriOfPath(join(dir, "none")))).rejects.toThrow(/none/);
    await expect(client.readResource("file:///%zz")).rejects.toEqual(refused("INVALID_ARGUMENT"));
  });
});

it("does not keep the process for what is watched", async () => {
  const server = spawnBin(new URL("../../dist/cli.js", import.meta.url), { args: [dir] });
  await server.initialize();
  expect(await server.request("resources/subscribe", { uri: uriOfPath(dir) })).toMatchObject({ result: {} });
  server.closeStdin();
  expect(await server.exit).toMatchObject({ code: 0 });
});

it("reads any name by the URI it lists it under, and by Node's own", async () => {
  const client = await connect(definition, { argv: [dir] });
  const name = fc
    .oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constantFrom("a#b", "a?b", "100%", "%41", "a\nb", " a ", "a,b", "{x}"),
    )
    .filter(
      (text) => !/[/\0]|\p{Surrogate}/u.test(text) && !["", ".", ".."].includes(text) && Buffer.byteLength(text) < 250,
    );
  let round = 0;
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      const file = join(dir, String(round++), text);
      await mkdir(join(file, ".."));
      await writeFile(file, text);
      const { href } = pathToFileURL(file);
      const faithful = fileURLToPath(href) === file; // Node 20 loses a control character at the end
      for (const uri of [uriOfPath(file), ...(faithful ? [href] : [])]) {
        const [content] = (await client.readResource(uri)).contents;
        expect(content).toMatchObject({ uri });
        expect(content && ("text" in content ? content.text : Buffer.from(content.blob, "base64").toString())).toBe(
          text,
        );
      }
    }),
    { numRuns: 100 },
  );
});

it("does not load what is too large", async () => {
  const client = await connect(definition, { argv: [dir, "--max-output=1k"] });
  await writeFile(join(dir, "text.txt"), "x".repeat(1025));
  await writeFile(join(dir, "bytes.bin"), Buffer.alloc(16 * 1024 + 1));
  await (await open(join(dir, "sparse.bin"), "w")).close();
  await truncate(join(dir, "sparse.bin"), 3 * 1024 ** 3);
  for (const name of ["text.txt", "bytes.bin", "sparse.bin"]) {
    await expect(client.readResource(uriOfPath(join(dir, name)))).rejects.toEqual(refused("TOO_LARGE"));
  }
  await writeFile(join(dir, "text.txt"), "x".repeat(1024));
  await writeFile(join(dir, "bytes.bin"), Buffer.alloc(16 * 1024));
  for (const name of ["text.txt", "bytes.bin"]) {
    expect((await client.readResource(uriOfPath(join(dir, name)))).contents).toHaveLength(1);
  }
});

it("gives as bytes what begins like text and is none", async () => {
  const client = await connect(definition, { argv: [dir] });
  const bytes = Buffer.concat([Buffer.from("text ".repeat(2000)), Buffer.alloc(4)]);
  await writeFile(join(dir, "a.txt"), bytes);
  const [content] = (await client.readResource(uriOfPath(join(dir, "a.txt")))).contents;
  expect(content).toMatchObject({ mimeType: "application/octet-stream", blob: bytes.toString("base64") });
});

it("cuts the listing of a huge directory and says so", async () => {
  const client = await connect(definition, { argv: [dir, "--max-output=4k"] });
  await Promise.all(Array.from({ length: 500 }, (_, index) => writeFile(join(dir, `file-${index}.txt`), "")));
  const [content] = (await client.readResource(uriOfPath(dir))).contents;
  const lines = (content && "text" in content && content.text.split("\n")) || [];
  expect(lines.at(-1)).toContain(`${500 - (lines.length - 1)} more`);
});

describe("the list of resources", () => {
  it("has the top of every root, sorted, on pages that add up", async () => {
    const [first, second] = [await tempDir(), await tempDir()];
    const names = Array.from({ length: 230 }, (_, index) => `f ${index}#.txt`);
    await Promise.all(names.map((name) => writeFile(join(first, name), "")));
    await mkdir(join(second, "sub"));
    await writeFile(join(second, "sub", "deep.txt"), "");
    await writeFile(join(second, ".env"), "KEY=1");
    await writeFile(join(second, "a.md"), "12345");
    await symlink("a.md", join(second, "inside.md"));
    await symlink(first, join(second, "other-root"));
    await symlink("/etc/hosts", join(second, "outside"));
    await symlink("nowhere", join(second, "dangling"));
    execFileSync("mkfifo", [join(second, "fifo")]);

    const client = await connect(definition, { argv: [first, second] });
    const listed = await client.listResources();
    expect(listed.map(({ uri }) => uri)).toEqual([
      ...names.sort().map((name) => uriOfPath(join(first, name))),
      ...["a.md", "inside.md", "other-root", "sub"].map((name) => uriOfPath(join(second, name))),
    ]);
    expect(listed.at(-4)).toMatchObject({ name: "a.md", mimeType: "text/markdown", size: 5 });
    expect(listed.at(-1)).toMatchObject({ name: "sub/", mimeType: "inode/directory" });
    for (const { uri } of listed.slice(-4)) expect((await client.readResource(uri)).contents).toHaveLength(1);
  });

  it("goes no further than the roots of the client", async () => {
    await mkdir(join(dir, "mine"));
    await writeFile(join(dir, "mine", "a.txt"), "a");
    await writeFile(join(dir, "b.txt"), "b");
    const client = await connect(definition, {
      argv: [dir],
      sdk: "v1",
      era: "2025",
      roots: [uriOfPath(join(dir, "mine"))],
    });
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual([uriOfPath(join(dir, "mine", "a.txt"))]);
    await expect(client.readResource(uriOfPath(join(dir, "b.txt")))).rejects.toEqual(refused("OUTSIDE_ROOT"));
    await expect(client.subscribe(uriOfPath(join(dir, "b.txt")))).rejects.toThrow();
    const { values } = await client.complete({
      ref: { type: "ref/resource", uri: TEMPLATE },
      argument: { name: "path", value: `${dir.slice(1)}/b` },
    });
    expect(values).toEqual([]);
    await client.setRoots([]);
    await vi.waitFor(async () => expect(await client.listResources()).toEqual([]), LIVENESS);
  });
});

describe("completion of paths", () => {
  const complete = async (value: string, roots: string[] = [dir]) => {
    const client = await connect(definition, { argv: roots });
    return client.complete({ ref: { type: "ref/resource", uri: TEMPLATE }, argument: { name: "path", value } });
  };

  it("offers the entries of the directory typed so far, without secrets or ways out", async () => {
    for (const name of ["src", "srv", "other"]) await mkdir(join(dir, name));
    await writeFile(join(dir, "s p#%.txt"), "");
    await writeFile(join(dir, ".env"), "KEY=1");
    await symlink("src", join(dir, "s-link"));
    await symlink("/etc", join(dir, "s-out"));
    const base = dir.slice(1);
    expect((await complete(`${base}/s`)).values).toEqual(
      ["s p#%.txt", "s-link/", "src/", "srv/"].map((name) => `${base}/${name}`),
    );
    expect((await complete(`${base}/.e`)).values).toEqual([]);
    expect((await complete(`/${base}/sr`)).values).toEqual([`${base}/src/`, `${base}/srv/`]);
    expect((await complete(`${base}/src/../../`)).values).toEqual([]);
    expect((await complete(`${base}/none/x`)).values).toEqual([]);
  });

  it("leads to the roots", async () => {
    const second = await tempDir();
    const base = dir.slice(1);
    expect((await complete("", [dir, second])).values).toEqual([`${base}/`, `${second.slice(1)}/`]);
    expect((await complete(base.slice(0, -2))).values).toEqual([`${base}/`]);
    expect((await complete("etc/")).values).toEqual([]);
  });

  it("shows a hundred of many, and how many there are", async () => {
    await Promise.all(Array.from({ length: 120 }, (_, index) => writeFile(join(dir, `f${index}`), "")));
    const { values, total, hasMore } = await complete(`${dir.slice(1)}/f`);
    expect(values).toHaveLength(100);
    expect({ total, hasMore }).toEqual({ total: 120, hasMore: true });
  });
});
