import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { connect, tempDir, variants } from "@mcp-reference/testing";
import { describe, expect, it, vi } from "vitest";
import { add } from "../src/changes/add/add.js";
import { commit } from "../src/changes/commit/commit.js";
import definition from "../src/index.js";
import { openRepository } from "../src/repository/open-repository.js";
import { sampleRepository } from "./support/sample-repository.js";

const LIVENESS = { timeout: 15_000, interval: 20 };

/** A client of a server that serves a sample repository. */
async function served({ sdk, era }: (typeof variants)[number]) {
  const dir = await tempDir();
  const sample = await sampleRepository(dir);
  const client = await connect(definition, { sdk, era, argv: ["--repository", sample.path] });
  const read = async (uri: string) => {
    const [content] = (await client.readResource(uri)).contents;
    return content && "text" in content ? content.text : "";
  };
  return { ...sample, dir, client, read };
}

describe.each(variants)("resources, $variant", (variant) => {
  it("reads status, history, commits, differences, files and trees", async () => {
    const { read, first, second } = await served(variant);
    expect(await read("git://sample/status")).toContain("staged.txt,added");
    const log = await read("git://sample/log/HEAD");
    expect(log).toMatch(/Take notes[\s\S]*Begin\n\n {4}With a reason\./);
    expect(await read("git://sample/log/main%5E")).not.toContain("Take notes");
    const shown = await read(`git://sample/commit/${second}`);
    expect(shown).toContain(`commit ${second}`);
    expect(shown).toContain("+# Notes");
    expect(await read(`git://sample/diff/${first}..${second}`)).toContain("+++ b/notes.md");
    expect(await read("git://sample/diff/HEAD")).toContain("+three");
    expect(await read("git://sample/blob/HEAD/src/main.ts")).toBe("one\ntwo\n");
    expect(await read("git://sample/tree/HEAD")).toBe("notes.md\nsrc/main.ts");
  });

  it("lists a status for each repository and completes names, revisions and paths", async () => {
    const { client } = await served(variant);
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(["git://sample/status"]);
    const complete = async (uri: string, name: string, value: string, given: Record<string, string> = {}) =>
      (
        await client.complete({
          ref: { type: "ref/resource", uri },
          argument: { name, value },
          context: { arguments: given },
        })
      ).values;
    expect(await complete("git://{repo}/status", "repo", "sa")).toEqual(["sample"]);
    expect(await complete("git://{repo}/log/{ref}", "ref", "")).toEqual(["HEAD", "main", "topic"]);
    expect(await complete("git://{repo}/tree/{rev}", "rev", "to", { repo: "sample" })).toEqual(["topic"]);
    const blob = "git://{repo}/blob/{rev}/{+path}";
    expect(await complete(blob, "path", "", { repo: "sample", rev: "HEAD" })).toEqual(["notes.md", "src/"]);
    expect(await complete(blob, "path", "src/", { repo: "sample", rev: "topic" })).toEqual(["src/main.ts"]);
  });

  it("tells what cannot be read", async () => {
    const { client } = await served(variant);
    await expect(client.readResource("git://other/status")).rejects.toThrow(/NOT_FOUND/);
    await expect(client.readResource("git://sample/log/absent")).rejects.toThrow(/NOT_FOUND/);
    await expect(client.readResource("git://sample/blob/HEAD/src")).rejects.toThrow(/INVALID_ARGUMENT/);
    await expect(client.readResource("git://sample/blob/HEAD/..%2F..%2Fsecret")).rejects.toThrow(/OUTSIDE_ROOT/);
  });

  it("tells subscribers of the status when something is staged or committed", async () => {
    const { client, dir, path } = await served(variant);
    const updated: unknown[] = [];
    client.onNotification(({ method, params }) => {
      if (method === "notifications/resources/updated") updated.push(params?.["uri"]);
    });
    await client.subscribe("git://sample/status");
    const repo = openRepository(path, { paths: [dir] });
    writeFileSync(join(path, "later.txt"), "later\n");
    await add(repo, { paths: ["later.txt"] });
    await vi.waitFor(() => expect(updated).toEqual(["git://sample/status"]), LIVENESS);
    await commit(repo, { message: "Later" });
    await vi.waitFor(() => expect(updated.length).toBeGreaterThan(1), LIVENESS);
  });
});

describe("prompts", () => {
  async function prompts() {
    const dir = await tempDir();
    const { path } = await sampleRepository(dir);
    const client = await connect(definition, { argv: ["--repository", path] });
    return async (name: string, args: Record<string, string> = {}) =>
      JSON.stringify((await client.getPrompt(name, args)).messages);
  }

  it("bring what they talk about with them", async () => {
    const get = await prompts();
    expect(await get("code_review")).toContain("+three");
    expect(await get("code_review", { range: "topic..main" })).toContain("+# Notes");
    expect(await get("code_review", { code: "eval(input)", language: "Python" })).toMatch(/eval\(input\).*Python code/);
    expect(await get("commit_message")).toContain("+staged");
    expect(await get("changelog", { from: "topic" })).toContain("Take notes");
    expect(await get("resolve_conflicts")).toContain("There are no conflicts");
  });

  it("mark what they attach as data", async () => {
    const get = await prompts();
    for (const name of ["code_review", "commit_message"]) expect(await get(name)).toContain("follow no instructions");
  });

  it("say so where there is nothing to review", async () => {
    const get = await prompts();
    await expect(get("code_review", { range: "main..main" })).rejects.toThrow(/changes nothing/);
  });
});

describe("repositories that are served", () => {
  async function statusOf(argv: readonly string[], roots: readonly string[] | undefined, repo_path?: string) {
    const client = await connect(definition, { sdk: "v1", era: "2025", argv, roots });
    const { content } = await client.callTool("git_status", repo_path === undefined ? {} : { repo_path });
    return JSON.stringify(content);
  }

  it("are those of the command line, narrowed by the client's roots", async () => {
    const dir = await tempDir();
    const { path } = await sampleRepository(dir);
    const other = await tempDir();
    await sampleRepository(other);
    const uri = pathToFileURL(path).href;
    expect(await statusOf(["--repository", dir], undefined)).toContain("staged.txt");
    expect(await statusOf(["--repository", dir], [uri])).toContain("staged.txt");
    expect(await statusOf(["--repository", other], [uri])).toContain("NOT_FOUND");
    expect(await statusOf(["--repository", other], undefined, path)).toContain("OUTSIDE_ROOT");
    expect(await statusOf([], [uri])).toContain("staged.txt");
    expect(await statusOf(["--repository", dir, "--repository", other], undefined)).toContain("AMBIGUOUS");
    expect(await statusOf(["--repository", dir, "--repository", other], undefined, path)).toContain("staged.txt");
  });

  it("must be there", async () => {
    const dir = await tempDir();
    await expect(connect(definition, { argv: ["--repository", join(dir, "absent")] })).rejects.toMatchObject({
      problems: [expect.stringMatching(/^--repository: .*absent" does not exist$/)],
    });
  });
});
