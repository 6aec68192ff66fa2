import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git, tempDir } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { resolveRevision } from "../revision/resolve.js";
import { idsOf, lines, makeHistory, opened, type PlannedCommit } from "./generated-history.fixture.js";
import { mergeBases } from "./merge-base.js";
import { walk } from "./walk.js";

const LINE: PlannedCommit[] = Array.from({ length: 8 }, (_, n) => ({
  parents: [1],
  later: 10,
  files: [{ path: "a", content: `${n}\n` }],
  deleted: [],
}));

const revList = (dir: string, ...args: string[]) => lines(git(dir, "rev-list", ...args));

describeGit("history that is not what the commits tell", () => {
  it("ends where a shallow clone does", async () => {
    const dir = await tempDir();
    const ids = makeHistory(join(dir, "."), LINE);
    git(dir, "branch", "main", ids[7] ?? "");
    git(dir, "clone", "-q", "--depth=3", "--branch=main", `file://${dir}`, "clone");
    const clone = join(dir, "clone");
    const repo = opened(clone);
    const found = await idsOf(walk(repo, { include: [ids[7] ?? ""] }));
    expect(found).toEqual(revList(clone, "HEAD"));
    expect(found).toHaveLength(3);
    git(clone, "fetch", "-q", "--unshallow");
    repo.refresh();
    expect(await idsOf(walk(repo, { include: [ids[7] ?? ""] }))).toEqual(revList(clone, "HEAD"));
  });

  it("goes where grafts and replace refs lead", async () => {
    const dir = await tempDir();
    const ids = makeHistory(dir, LINE);
    const [a = "", b = "", , d = "", , , , last = ""] = ids;
    const repo = opened(dir);
    expect(await idsOf(walk(repo, { include: [last] }))).toHaveLength(8);
    git(dir, "commit-graph", "write", "--reachable");
    writeFileSync(join(dir, "info/grafts"), `${last} ${d} ${a}\n`);
    expect(await idsOf(walk(repo, { include: [last] }))).toEqual(revList(dir, last));
    expect(resolveRevision(repo, `${last}^2`)).toBe(a);
    writeFileSync(join(dir, "info/grafts"), "");
    git(dir, "replace", "--graft", d, a);
    expect(await idsOf(walk(repo, { include: [last] }))).toEqual(revList(dir, last));
    expect(mergeBases(repo, last, b)).toEqual(lines(git(dir, "merge-base", "--all", last, b)));
    git(dir, "replace", "-d", d);
    expect(await idsOf(walk(repo, { include: [last] }))).toHaveLength(8);
  });

  it("ends even where grafts make a circle", async () => {
    const dir = await tempDir();
    const ids = makeHistory(dir, LINE);
    writeFileSync(join(dir, "info/grafts"), `${ids[0]} ${ids[7]}\n`);
    const repo = opened(dir);
    expect(await idsOf(walk(repo, { include: [ids[7] ?? ""] }))).toHaveLength(8);
    expect(() => resolveRevision(repo, `${ids[7]}~9007199254740990`)).toThrow(/history/);
  });
});
