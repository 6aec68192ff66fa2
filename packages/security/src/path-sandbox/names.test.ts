import { spawnSync } from "node:child_process";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPlayground, outcome, readText, variants, writeText } from "../../test/playground.js";

const isEntryName = (name: string) => !/^\.{0,2}$|[/\0]/.test(name) && Buffer.byteLength(name) <= 255;

const nasty = fc.constantFrom(
  "...",
  "..a",
  "a..",
  "~",
  "~root",
  "-rf",
  " leading",
  "trailing ",
  "trailing.",
  "\n",
  "a\nb",
  "\t",
  '"quoted"',
  "'single'",
  "`back`",
  "$HOME",
  "%2e%2e",
  "..%2f",
  "a\\..\\b",
  "C:\\x",
  "\u00e9",
  "\u00e9".normalize("NFD"),
  "\u202egpj.exe",
  "\u200b",
  "💥".repeat(60),
  "x".repeat(255),
  "*",
  "[a]",
  "nul",
  "a:b",
);
const entryName = fc.oneof(
  nasty,
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
);
const goodName = entryName.filter((name) => isEntryName(name) && !/\p{Surrogate}/u.test(name));

describe.each(variants)("names, portable: $portable", ({ portable }) => {
  it("are used exactly as given", async () => {
    const { root, open } = await createPlayground();
    const sandbox = await open({ portable, allow: ["*"] });
    await fc.assert(
      fc.asyncProperty(goodName, goodName, fc.boolean(), async (directory, file, absolute) => {
        await mkdir(`${root}/${directory}`);
        const asked = absolute ? `${root}/${directory}/${file}` : `${directory}/${file}`;
        await writeText(sandbox, asked, asked, "create");
        const names = await readdir(`${root}/${directory}`, { encoding: "buffer" });
        expect(names).toEqual([Buffer.from(file)]);
        expect(await readText(sandbox, asked)).toBe(asked);
        await rm(`${root}/${directory}`, { recursive: true });
      }),
      { numRuns: 150 },
    );
  });

  it("keep NFC and NFD apart", async () => {
    const { open, root } = await createPlayground();
    const sandbox = await open({ portable });
    const composed = "\u00e9.txt";
    const decomposed = "e\u0301.txt";
    await writeText(sandbox, composed, "composed");
    expect(await outcome(sandbox.openFile(decomposed))).toBe("NOT_FOUND");
    await writeText(sandbox, decomposed, "decomposed");
    expect(await readText(sandbox, composed)).toBe("composed");
    expect(await readdir(root)).toHaveLength(2);
  });

  it("never lead out, whatever dots and slashes they are joined with", async () => {
    const { folder, root, open } = await createPlayground();
    await writeFile(`${folder}/secret`, "outside");
    await mkdir(`${root}/a/b`, { recursive: true });
    await writeFile(`${root}/a/b/f`, "inside");
    const sandbox = await open({ portable });
    const step = fc.constantFrom("..", ".", "", "a", "b", "f", "secret", "root", "outside", "...", "rootx", "link");
    const asked = fc
      .tuple(fc.constantFrom("", "/", `${folder}/`, `${root}/`, "~/"), fc.array(step, { maxLength: 12 }))
      .map(([start, steps]) => start + steps.join("/"));
    await fc.assert(
      fc.asyncProperty(asked, async (input) => {
        const where = path.resolve(root, input);
        const inside = where === root || where.startsWith(`${root}/`);
        const result = await outcome(sandbox.openFile(input).then((file) => file.close()));
        if (input === "") expect(result).toBe("INVALID_ARGUMENT");
        else if (inside) expect(["ok", "NOT_FOUND", "UNSUPPORTED", "INVALID_ARGUMENT"]).toContain(result);
        else expect(result).toBe("OUTSIDE_ROOT");
        if (result === "ok") expect(where).toBe(`${root}/a/b/f`);
        else expect(where).not.toBe(`${root}/a/b/f`);
      }),
      { numRuns: 500 },
    );
  });

  it("that begin like the root are not in it", async () => {
    const { folder, root, open } = await createPlayground();
    await mkdir(`${folder}/root-private`);
    await writeFile(`${folder}/root-private/f`, "x");
    await writeFile(`${folder}/rootf`, "x");
    const sandbox = await open({ portable });
    for (const input of [`${root}-private/f`, `${root}f`, "../root-private/f", `${root}/../rootf`]) {
      expect(await outcome(sandbox.openFile(input))).toBe("OUTSIDE_ROOT");
    }
  });

  it.each(["", "a\0b", "\0", "a\ud800b", "\udfff"])("refuses %j", async (input) => {
    const sandbox = await (await createPlayground()).open({ portable });
    expect(await outcome(sandbox.openFile(input))).toBe("INVALID_ARGUMENT");
    expect(await outcome(sandbox.place(input))).toBe("INVALID_ARGUMENT");
  });

  it("refuses what is too long or too deep without a crash", async () => {
    const sandbox = await (await createPlayground()).open({ portable, deny: ["a/**/secret"] });
    expect(await outcome(sandbox.openFile("x".repeat(256)))).toBe("INVALID_ARGUMENT");
    expect(await outcome(sandbox.openFile("a/".repeat(16_000)))).toBe("INVALID_ARGUMENT");
    expect(await outcome(sandbox.openFile("a/".repeat(2_000)))).toBe("NOT_FOUND");
  });
});

it.runIf(process.platform === "linux")("reaches files deeper than a path may be long", async () => {
  const { folder, open } = await createPlayground();
  const sandbox = await open();
  const piece = Array.from({ length: 100 }, () => "d".repeat(20)).join("/");
  // The kernel takes no such path: a short tree is built and the longer one moved to its end, again and again.
  for (let length = 0; length < 1_000; length += 100) {
    await mkdir(`${folder}/${piece}`, { recursive: true });
    if (length > 0) await rename(`${folder}/root/${"d".repeat(20)}`, `${folder}/${piece}/${"d".repeat(20)}`);
    await rename(`${folder}/${"d".repeat(20)}`, `${folder}/root/${"d".repeat(20)}`);
  }
  try {
    const deep = `${Array.from({ length: 10 }, () => piece).join("/")}/f`;
    await writeText(sandbox, deep, "deep");
    expect(await readText(sandbox, deep)).toBe("deep");
  } finally {
    spawnSync("rm", ["-rf", folder]);
  }
});
