import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, tempDir } from "@mcp-reference/testing";
import { beforeEach, expect, test } from "vitest";
import { discover } from "../layout/discover.js";
import { openObjectStore } from "./object-store.js";

let dir: string;
beforeEach(async () => {
  dir = await tempDir();
  git(dir, "init", "-q");
});

const WRITER = `
import { discover } from "${join(import.meta.dirname, "../layout/discover.ts")}";
import { openObjectStore } from "${join(import.meta.dirname, "object-store.ts")}";
const [dir] = process.argv.slice(2);
const store = openObjectStore(discover(dir, { paths: [dir] }));
for (let i = 0; ; i++) {
  store.write("blob", Buffer.alloc(50_000 + (i % 40), \`\${process.pid} \${i}\`));
  if (i === 3) console.log("busy");
}`;

describeGit("objects that are written", () => {
  test("are whole or absent when their writer is killed", async () => {
    const script = join(dir, "writer.mts");
    writeFileSync(script, WRITER);
    const tsx = import.meta.resolve("tsx");
    await Promise.all(
      [0, 1, 2].map(async () => {
        const writer = spawn(process.execPath, ["--import", tsx, script, dir], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        await once(writer.stdout, "data");
        const exited = once(writer, "exit");
        writer.kill("SIGKILL");
        await exited;
      }),
    );
    const store = openObjectStore(discover(dir, { paths: [dir] }));
    const fanouts = readdirSync(join(dir, ".git/objects")).filter((name) => name.length === 2);
    const oids = fanouts.flatMap((fanout) =>
      readdirSync(join(dir, ".git/objects", fanout))
        .filter((name) => !name.startsWith("tmp_obj_"))
        .map((name) => fanout + name),
    );
    expect(oids.length).toBeGreaterThan(10);
    for (const oid of oids) expect(store.read(oid).type).toBe("blob");
    expect(git(dir, "fsck", "--strict", "--no-dangling")).toBe("");
  }, 30_000);

  test("cannot be changed by accident, and leave nothing else behind", () => {
    const store = openObjectStore(discover(dir, { paths: [dir] }));
    const oid = store.write("blob", Buffer.from("x"));
    expect(store.write("blob", Buffer.from("x"))).toBe(oid);
    const fanout = join(dir, ".git/objects", oid.slice(0, 2));
    expect(readdirSync(fanout)).toEqual([oid.slice(2)]);
    expect(statSync(join(fanout, oid.slice(2))).mode & 0o777).toBe(0o444);
  });

  test("are written again when they were pruned, and made young when they are there", () => {
    const store = openObjectStore(discover(dir, { paths: [dir] }));
    const oid = store.write("blob", Buffer.from("x"));
    store.read(oid);
    const file = join(dir, ".git/objects", oid.slice(0, 2), oid.slice(2));
    utimesSync(file, 1000, 1000);
    store.write("blob", Buffer.from("x"));
    expect(statSync(file).mtimeMs).toBeGreaterThan(1e12);
    rmSync(file);
    expect(store.has(oid)).toBe(false);
    store.write("blob", Buffer.from("x"));
    expect(git(dir, "cat-file", "blob", oid)).toBe("x");
  });

  test("fail clearly where there is no place for them", () => {
    const store = openObjectStore(discover(dir, { paths: [dir] }));
    rmSync(join(dir, ".git/objects"), { recursive: true });
    expect(() => store.write("blob", Buffer.from("x"))).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    writeFileSync(join(dir, ".git/objects"), "");
    expect(() => store.write("blob", Buffer.from("x"))).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });
});
