import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeGit, git } from "@mcp-reference/testing";
import { expect, it } from "vitest";
import { type Attacked, attacked, type Served } from "./attacked.js";
import { type Entry, putCommit, putObject, putTreeOfTrees, putWideTree, putZeros, treeBody } from "./bombs.js";

/** Mebibytes that the server may have held at once, whatever it was given: 250, and what its collector leaves lying for a while. */
const MOST_MEMORY = 400;

type Call = readonly [name: string, args?: Record<string, unknown>];

const memoryOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

/** Everything that looks at a revision and at one file of it. */
const readers = (path: string): Call[] => [
  ["git_list_files", { revision: "bomb" }],
  ["git_diff", { target: "main..bomb" }],
  ["git_diff", { target: "main..bomb", format: "stat" }],
  ["git_show", { revision: "bomb" }],
  ["git_read_file", { revision: "bomb", path }],
  ["git_blame", { revision: "bomb", path }],
  ["git_search", { revision: "bomb", pattern: "(q+)+$", regex: true, paths: [path] }],
  ["git_search", { revision: "bomb", pattern: "qqq", in: "history", paths: [path] }],
  ["git_log", { revision: "bomb", path, follow: true }],
  ["git_log", { revision: "bomb", details: true }],
  ["git_merge_base", { right: "bomb" }],
  ["git_cherry_pick", { commits: ["bomb"] }],
  ["git_cherry_pick", { action: "abort" }],
  ["git_checkout", { branch_name: "bomb", force: true }],
  ["git_status"],
];

const plant = ({ repo }: Attacked, entry: Entry, message?: string): void => {
  const tree = putObject(repo, "tree", treeBody([entry]));
  git(repo, "update-ref", "refs/tags/bomb", putCommit(repo, tree, [git(repo, "rev-parse", "main")], message));
};

const inFile = (content: Buffer | string) => (target: Attacked) => {
  plant(target, ["100644", "a.txt", putObject(target.repo, "blob", content)]);
  return readers("a.txt");
};

const BOMBS: Record<string, (target: Attacked) => Call[]> = {
  "half a gibibyte of zeros in half a megabyte": (target) => {
    plant(target, ["100644", "z", putZeros(target.repo, 512)]);
    return readers("z");
  },
  "zeros that say they are ten": (target) => {
    plant(target, ["100644", "z", putZeros(target.repo, 256, 10)]);
    return readers("z");
  },
  "a line of fifty megabytes": inFile(Buffer.alloc(50 << 20, "x")),
  "three million lines": inFile(Buffer.alloc(6 << 20, "x\n")),
  "ten thousand million files in eleven trees": (target) => {
    const leaf = putObject(target.repo, "blob", "q");
    const tree = putTreeOfTrees(target.repo, 10, ["100644", "f", leaf]);
    plant(target, ["40000", "d", tree]);
    return readers("d/0/0/0/0/0/0/0/0/0/0/f").filter(([name]) => name !== "git_checkout");
  },
  "a tree of a million files": (target) => {
    const leaf = putObject(target.repo, "blob", "q");
    plant(target, ["40000", "d", putWideTree(target.repo, 1_000_000, leaf)]);
    return readers("d/f0000001");
  },
  "a message of twenty megabytes": (target) => {
    const blob = git(target.repo, "rev-parse", "main:a.txt");
    plant(target, ["100644", "b.txt", blob], "m".repeat(20 << 20));
    return readers("b.txt");
  },
  "tags of tags of tags": (target) => {
    const { repo } = target;
    let object = git(repo, "rev-parse", "main");
    for (let n = 0; n < 500; n++) {
      const type = n === 0 ? "commit" : "tag";
      object = putObject(repo, "tag", `object ${object}\ntype ${type}\ntag t\ntagger A <a@b.test> 1 +0000\n\nx`);
    }
    git(repo, "update-ref", "refs/tags/bomb", object);
    return [...readers("a.txt"), ["git_list_tags"], ["git_tag", { tag_name: "t", revision: "bomb^{}" }]];
  },
  "a hundred thousand packed refs": ({ repo }) => {
    const oid = git(repo, "rev-parse", "main");
    const lines = Array.from({ length: 100_000 }, (_, n) => `${oid} refs/heads/b${String(n).padStart(6, "0")}\n`);
    writeFileSync(join(repo, ".git/packed-refs"), `# pack-refs with: peeled fully-peeled sorted \n${lines.join("")}`);
    return [
      ["git_status"],
      ["git_branch", { branch_type: "all", contains: "main" }],
      ["git_log"],
      ["git_list_tags"],
      ["git_create_branch", { branch_name: "n" }],
      ["git_delete_branch", { branch_name: "n" }],
      ["git_show", { revision: "no-such-branch" }],
    ];
  },
  "ignore rules made to explode": ({ repo }) => {
    const rules = `${"a*".repeat(100)}b\n${"**/".repeat(100)}b\n${"[a-z]*".repeat(80)}!\n${"[".repeat(5000)}\n`;
    writeFileSync(join(repo, "a".repeat(200)), "a\n");
    writeFileSync(join(repo, ".gitignore"), rules.repeat(20));
    writeFileSync(join(repo, ".gitattributes"), rules.replaceAll("\n", " text\n").repeat(20));
    return [
      ["git_status", { ignored: true, untracked: "all" }],
      ["git_add", { files: ["."] }],
      ["git_diff_unstaged"],
      ["git_list_tags", { pattern: "*a".repeat(90) }],
      ["git_status", { paths: ["*a".repeat(200)] }],
      ["git_search", { pattern: "((a{0,100}){0,100}){0,100}|(a+)+$", regex: true }],
    ];
  },
  "a hundred thousand lines on each side": (target) => {
    const { repo } = target;
    const lines = (step: number) => Array.from({ length: 100_000 }, (_, n) => `${(n * step) % 30_011}\n`).join("");
    plant(target, ["100644", "a.txt", putObject(repo, "blob", lines(7919))]);
    const tree = putObject(repo, "tree", treeBody([["100644", "a.txt", putObject(repo, "blob", lines(104_729))]]));
    git(repo, "update-ref", "refs/heads/other", putCommit(repo, tree, [git(repo, "rev-parse", "main")]));
    return [
      ["git_diff", { target: "bomb..other" }],
      ["git_blame", { revision: "other", path: "a.txt" }],
      ["git_checkout", { branch_name: "other", force: true }],
      ["git_merge", { branch: "bomb" }],
      ["git_merge", { action: "abort" }],
    ];
  },
};

describeGit("what is small and means to be large", () => {
  it.each(Object.entries(BOMBS))("%s", async (_, make) => {
    const target = await attacked();
    const calls = make(target);
    const server = await target.serve("--timeout", "20");
    for (const [name, args] of calls) {
      const { code, line } = await server.call(name, args);
      expect(["INTERNAL", "TIMEOUT"], `${name} ${line}`).not.toContain(code);
      expect(line.length, name).toBeLessThan(1 << 20);
    }
    expect(memoryOf(server.bin.pid)).toBeLessThan(MOST_MEMORY);
  });
});

/** What a client sends who does not want to wait any longer. */
function cancel({ bin }: Served, requestId: string): void {
  bin.send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId, reason: "enough" } });
}

describeGit("a call that goes on and on", () => {
  it("lets others through, and ends when it is cancelled", async () => {
    const target = await attacked();
    const leaf = putObject(target.repo, "blob", "q");
    plant(target, ["40000", "d", putTreeOfTrees(target.repo, 10, ["100644", "f", leaf])]);
    const server = await target.serve("--timeout", "600");
    const name = "git_search";
    for (let n = 0; n < 5; n++) {
      const id = `long-${n}`;
      const params = { name, arguments: { revision: "bomb", pattern: "no such words" } };
      server.bin.send({ jsonrpc: "2.0", id, method: "tools/call", params });
      expect((await server.call("git_status")).code).toBeUndefined();
      expect((await server.call("git_log")).code).toBeUndefined();
      cancel(server, id);
    }
    expect((await server.call("git_status")).code).toBeUndefined();
    expect(server.bin.stdoutLines.join("\n")).not.toContain("long-");
    // Those that were cancelled do nothing any more: otherwise it would not come to an end before its time is up.
    server.bin.closeStdin();
    expect(await server.bin.exit).toEqual({ code: 0, signal: null });
  });
});
