import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, describeGit, errorOf, git, missingLeaves, textOf } from "@mcp-reference/testing";
import { expect, test } from "vitest";
import definition from "../../src/index.js";
import { commitTo, type Served, serve } from "./served.js";

const SECRET = "hunter2-hunter2";

/** A client of a server that may use what `served` serves, and all it said and logged. */
async function connected(served: Served, ...argv: string[]) {
  const log: string[] = [];
  const env = { GIT_TOKEN: SECRET, GIT_CREDENTIAL_HOST: served.server.url };
  const client = await connect(definition, {
    argv: ["--repository", served.dir, "--tools", "remote", "--log-level", "trace", ...argv],
    env,
    onLog: (line) => log.push(line),
  });
  const said: string[] = [];
  const call = async (name: string, args: Record<string, unknown>) => {
    const result = await client.callTool(name, args);
    said.push(JSON.stringify(result));
    return result;
  };
  const ok = async (name: string, args: Record<string, unknown>) => {
    const result = await call(name, args);
    expect(errorOf(result)).toBeUndefined();
    expect(missingLeaves(result.structuredContent, textOf(result))).toEqual([]);
    return result.structuredContent;
  };
  return { client, call, ok, everything: () => [...said, ...log].join("\n") };
}

const allowed = ["--allow-private-hosts", "127.0.0.1"];

describeGit("the remote tools", () => {
  test("are offered on request only", async () => {
    const served = await serve();
    const usual = await connect(definition, { argv: ["--repository", served.dir] });
    expect((await usual.listTools()).map(({ name }) => name)).not.toContain("git_push");
    const { client } = await connected(served);
    const names = (await client.listTools()).map(({ name }) => name);
    expect(names).toEqual(["git_clone", "git_fetch", "git_pull", "git_push", "git_remote"]);
  });

  test("clone, fetch, pull and push with a token that nobody gets to see", async () => {
    const served = await serve({ auth: { bearer: SECRET } });
    const { ok, call, everything } = await connected(served, ...allowed);
    expect(await ok("git_clone", { url: served.url })).toMatchObject({
      path: join(served.dir, "a"),
      branch: "main",
      files: 4,
    });
    const path = join(served.dir, "a");
    const upstream = commitTo(served.bare, "main", "new.txt", "new\n");
    expect(await ok("git_fetch", { repo_path: "a" })).toMatchObject({
      refs: [{ ref: "refs/remotes/origin/main", change: "forward" }],
    });
    expect(await ok("git_pull", { repo_path: "a" })).toMatchObject({ result: "fast-forward", to: upstream });

    writeFileSync(join(path, "mine.txt"), "mine\n");
    git(path, "add", ".");
    git(path, "commit", "-q", "-m", "mine");
    const mine = git(path, "rev-parse", "HEAD");
    mkdirSync(join(path, ".git/hooks"));
    writeFileSync(join(path, ".git/hooks/pre-push"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    expect(await ok("git_push", { repo_path: "a" })).toMatchObject({
      from: upstream,
      to: mine,
      note: expect.stringContaining("pre-push"),
    });
    expect(git(served.bare, "rev-parse", "main")).toBe(mine);
    expect(await ok("git_remote", { repo_path: "a" })).toEqual({ remotes: [{ name: "origin", url: served.url }] });

    git(path, "remote", "set-url", "origin", served.url.replace("//", `//x:${SECRET}@`));
    await ok("git_remote", { repo_path: "a" });
    expect(errorOf(await call("git_fetch", { repo_path: "a", remote: SECRET }))).toMatchObject({ code: "NOT_FOUND" });
    expect(everything()).not.toContain(SECRET);
    expect(everything()).not.toContain(btoa(`x-access-token:${SECRET}`));
  });

  test("ask before something there is lost", async () => {
    const served = await serve();
    const { ok, call } = await connected(served, ...allowed);
    await ok("git_clone", { url: served.url, path: "copy" });
    const asked = await call("git_push", { repo_path: "copy", delete_branch: "topic" });
    expect(errorOf(asked)?.code).toBe("DECLINED");
    expect(textOf(asked)).toContain(`Delete the branch topic of origin, ${served.url}?`);
    const lost = git(served.bare, "rev-parse", "topic");
    const confirmation = errorOf(asked)?.details?.["confirmation"];
    const deleted = await ok("git_push", { repo_path: "copy", delete_branch: "topic", confirmation });
    expect(() => git(served.bare, "rev-parse", "--verify", "-q", "topic")).toThrow();
    await ok("git_push", { repo_path: "copy", refspec: (deleted as { undo?: string }).undo });
    expect(git(served.bare, "rev-parse", "topic")).toBe(lost);
  });

  test("stay inside the roots, and away from private hosts unless told", async () => {
    const served = await serve();
    const { call } = await connected(served);
    const denied = errorOf(await call("git_clone", { url: served.url, path: "copy" }));
    expect(denied).toMatchObject({
      code: "PERMISSION_DENIED",
      hint: expect.stringContaining("--allow-private-hosts 127.0.0.1"),
    });
    expect(served.server.requests).toEqual([]);
    const outside = await connected(served, ...allowed);
    expect(errorOf(await outside.call("git_clone", { url: served.url, path: "/tmp/elsewhere" }))?.code).toBe(
      "OUTSIDE_ROOT",
    );
    expect(errorOf(await outside.call("git_clone", { url: served.url, path: "../elsewhere" }))?.code).toBe(
      "OUTSIDE_ROOT",
    );
  });
});
