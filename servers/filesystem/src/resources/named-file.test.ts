import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, tempDir } from "@mcp-reference/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import definition from "../index.js";
import { uriOfPath } from "./file-uri.js";
import { namedFile } from "./named-file.js";

const LIVENESS = { timeout: 15_000, interval: 20 };
const refused = (code: string) => expect.objectContaining({ data: expect.objectContaining({ code }) });

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
  await mkdir(join(dir, "config"));
  await mkdir(join(dir, "logs"));
  await writeFile(join(dir, "config", "settings.json"), '{"a":1}');
  for (const day of ["2026-01-01", "2026-01-02", "2025-12-31"]) await writeFile(join(dir, "logs", `${day}.log`), day);
  await writeFile(join(dir, "logs", "notes.txt"), "not a log");
});

async function connectWith(resources: object[], options: { roots?: string[] } = {}) {
  const config = join(await tempDir(), "config.json");
  await writeFile(config, JSON.stringify({ resources }));
  return connect(definition, { argv: [dir, "--config", config], sdk: "v1", era: "2025", ...options });
}

const textOf = (result: { contents: object[] }) =>
  result.contents.map((content) => ("text" in content ? content.text : content));

describe("a named file", () => {
  const settings = {
    uri: "file:///config/settings.json",
    name: "Application Settings",
    mimeType: "application/x-settings",
  };

  it("is listed first, under its own name, and read by its own URI", async () => {
    const client = await connectWith([settings]);
    const [first, ...others] = await client.listResources();
    expect(first).toMatchObject({ ...settings, size: 7 });
    expect(others.map(({ name }) => name)).toEqual(["config/", "logs/"]);
    const result = await client.readResource(settings.uri);
    expect(result.contents).toEqual([
      expect.objectContaining({
        uri: settings.uri,
        mimeType: settings.mimeType,
        text: '{"a":1}',
        _meta: expect.objectContaining({ etag: expect.any(String) }),
      }),
    ]);
  });

  it("may have any scheme and a path of its own, and one that is listed anyway is listed once", async () => {
    await writeFile(join(dir, "top.txt"), "top");
    const top = uriOfPath(join(dir, "top.txt"));
    const client = await connectWith([
      { uri: "app://settings", name: "Settings", path: "config/settings.json" },
      { uri: top, name: "Top" },
    ]);
    expect((await client.listResources()).map(({ name }) => name)).toEqual(["Settings", "Top", "config/", "logs/"]);
    expect(textOf(await client.readResource("app://settings"))).toEqual(['{"a":1}']);
    expect(textOf(await client.readResource(top))).toEqual(["top"]);
  });

  it("opens no door that is closed to files", async () => {
    const outside = await tempDir();
    await writeFile(join(outside, "o.txt"), "outside");
    await writeFile(join(dir, ".env"), "KEY=1");
    await symlink(join(outside, "o.txt"), join(dir, "link.txt"));
    const doors = [
      { uri: "app://outside", name: "Outside", path: join(outside, "o.txt") },
      { uri: "app://up", name: "Up", path: "../x" },
      { uri: "app://link", name: "Link", path: "link.txt" },
      { uri: "app://secret", name: "Secret", path: ".env" },
      { uri: "app://missing", name: "Missing", path: "missing.txt" },
    ];
    const client = await connectWith(doors);
    const names = (await client.listResources()).map(({ name }) => name);
    for (const { uri, name } of doors) {
      expect(names).not.toContain(name);
      await expect(client.readResource(uri)).rejects.toThrow();
      await expect(client.subscribe(uri)).rejects.toThrow();
    }
    await expect(client.readResource("app://outside")).rejects.toEqual(refused("OUTSIDE_ROOT"));
    await expect(client.readResource("app://link")).rejects.toEqual(refused("OUTSIDE_ROOT"));
    await expect(client.readResource("app://secret")).rejects.toEqual(refused("PERMISSION_DENIED"));
  });

  it("stays the same file, or none, when the client's roots are narrower", async () => {
    await mkdir(join(dir, "app", "config"), { recursive: true });
    await writeFile(join(dir, "app", "config", "settings.json"), "another");
    const client = await connectWith([settings], { roots: [uriOfPath(join(dir, "app"))] });
    expect((await client.listResources()).map(({ name }) => name)).toEqual(["config/"]);
    await expect(client.readResource(settings.uri)).rejects.toEqual(refused("OUTSIDE_ROOT"));
  });

  it("tells subscribers of its changes under its own URI", async () => {
    const client = await connectWith([settings]);
    const updated: unknown[] = [];
    client.onNotification(({ params }) => updated.push(params?.["uri"]));
    await client.subscribe(settings.uri);
    await writeFile(join(dir, "config", "settings.json"), "{}");
    await vi.waitFor(() => expect(updated).toEqual([settings.uri]), LIVENESS);
  });
});

describe("a named template", () => {
  const daily = { uri: "file:///logs/{date}.log", name: "Daily Logs", description: "One file a day" };

  it("is offered as a template and completed from the files there are", async () => {
    const client = await connectWith([daily]);
    expect(await client.listResourceTemplates()).toEqual([
      expect.objectContaining({ uriTemplate: daily.uri, name: daily.name, description: daily.description }),
      expect.objectContaining({ uriTemplate: "file:///{+path}" }),
    ]);
    const complete = async (value: string) =>
      (await client.complete({ ref: { type: "ref/resource", uri: daily.uri }, argument: { name: "date", value } }))
        .values;
    expect(await complete("")).toEqual(["2025-12-31", "2026-01-01", "2026-01-02"]);
    expect(await complete("2026")).toEqual(["2026-01-01", "2026-01-02"]);
    expect(await complete("..")).toEqual([]);
  });

  it("reads the file of its variables and no other", async () => {
    await mkdir(join(dir, "logs", "sub"));
    await writeFile(join(dir, "logs", "sub", "x.log"), "deeper");
    await writeFile(join(dir, "x.log"), "above");
    const client = await connectWith([daily]);
    expect(textOf(await client.readResource("file:///logs/2026-01-01.log"))).toEqual(["2026-01-01"]);
    for (const date of ["sub%2Fx", "..%2Fx", "%2Fetc%2Fpasswd", "..%5Cx"]) {
      await expect(client.readResource(`file:///logs/${date}.log`)).rejects.toEqual(refused("INVALID_ARGUMENT"));
    }
    // What the template does not match is an absolute path like any other.
    await expect(client.readResource("file:///logs/sub/x.log")).rejects.toEqual(refused("OUTSIDE_ROOT"));
    await expect(client.readResource("file:///logs/2020-01-01.log")).rejects.toThrow(/2020-01-01/);
  });

  it("may put the variables of its URI where its path wants them", async () => {
    const client = await connectWith([{ uri: "logs://{year}/{rest}", name: "Logs", path: "logs/{year}-{rest}.log" }]);
    expect(textOf(await client.readResource("logs://2026/01-02"))).toEqual(["2026-01-02"]);
    await expect(client.readResource("logs://../x")).rejects.toThrow();
  });
});

it("refuses at start what could never be read", () => {
  const problems = [
    { uri: "settings", name: "No URI" },
    { uri: "app://settings", name: "No path" },
    { uri: "file:///{+path}", name: "Reserved expansion" },
    { uri: "file:///a/{b", name: "Unclosed" },
    { uri: "app://{a}", name: "Unknown variable", path: "logs/{b}" },
    { uri: "app://{a}", name: "Other kind", path: "logs/{/a}" },
    { uri: "file:///%zz", name: "Badly encoded" },
  ];
  for (const named of problems)
    expect(() => namedFile(named), named.name).toThrow(expect.objectContaining({ name: "ConfigError" }));
});
