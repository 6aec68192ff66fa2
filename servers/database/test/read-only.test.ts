import { describePostgres, errorOf, startPostgres, type TestPostgres, textOf } from "@mcp-reference/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Attack, attackMasks, attackRoles, loadAttacks, setupSql } from "./attacks/load.js";
import { corpusSchema, loadCorpus } from "./corpus/load.js";
import { type Fingerprint, fingerprint } from "./fingerprint.js";
import { connectInspected, type Inspected, type SessionState } from "./session-state.js";
import { watch } from "./watcher.js";

interface Target extends Inspected {
  /** Of the one session, before anybody did anything in it. */
  clean: SessionState;
}

const MASKS = attackMasks.flatMap((mask) => ["--mask", mask]);
const keyOf = ({ as, masks }: Pick<Attack, "as" | "masks">) => `${as}${masks.length > 0 ? " masked" : ""}`;

describePostgres("read-only", (version) => {
  let postgres: TestPostgres;
  let before: Fingerprint;
  let extensions: unknown[];
  const targets = new Map<string, Target>();

  const open = async (url: string, argv: string[] = []): Promise<Target> => {
    const inspected = await connectInspected({ argv: ["--pool-size", "1", ...argv], env: { DATABASE_URL: url } });
    return { ...inspected, clean: await inspected.session() };
  };
  const targetOf = (key: string) => {
    const target = targets.get(key);
    if (!target) throw new Error(`nobody attacks as ${key}`);
    return target;
  };

  beforeAll(async () => {
    postgres = await startPostgres({ version, settings: { autovacuum: "off", max_prepared_transactions: "4" } });
    const admin = await watch(postgres.url);
    await admin.query("CREATE DATABASE attacks");
    await admin.query("CREATE DATABASE corpus");
    await admin.close();
    const corpus = await watch(postgres.urlFor("corpus"));
    await corpus.query(corpusSchema);
    await corpus.close();
    const attacks = await watch(postgres.urlFor("attacks"));
    await attacks.query(setupSql);
    extensions = (await attacks.query("SELECT extname FROM pg_extension")).map(({ extname }) => extname);
    await attacks.close();
    for (const [as, role] of Object.entries(attackRoles)) {
      const url = postgres.urlFor("attacks", role);
      targets.set(as, await open(url));
      targets.set(`${as} masked`, await open(url, MASKS));
    }
    before = await fingerprint(postgres);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([...targets.values()].map(({ client }) => client.close()));
    await postgres.stop("immediate");
  });

  const attacks = loadAttacks();
  const present = ({ needs }: { needs?: string }) => needs === undefined || extensions.includes(needs);

  it.each(attacks)("refuses $file: $name", async (attack) => {
    if (!present(attack)) return;
    const { sql, params, code } = attack;
    const { client, clean, session } = targetOf(keyOf(attack));
    const args = { sql, ...(params && { params }) };
    const codes = [errorOf(await client.callTool("query", args))?.code];
    codes.push(errorOf(await client.callTool("export_query", args))?.code);
    codes.push(errorOf(await client.callTool("explain_query", { ...args, analyze: true }))?.code);
    expect(codes).toEqual([code, code, code]);
    expect(await session()).toEqual(clean);
  });

  describe("no analytic query is refused", () => {
    let analyst: Inspected;
    beforeAll(async () => {
      analyst = await connectInspected({ env: { DATABASE_URL: postgres.urlFor("corpus", "analyst") } });
      const watcher = await watch(postgres.urlFor("corpus"));
      extensions = (await watcher.query("SELECT extname FROM pg_extension")).map(({ extname }) => extname);
      await watcher.close();
    });
    afterAll(() => analyst.client.close());

    it.each(loadCorpus().filter(({ min }) => min <= version))("$name", async (query) => {
      if (!present(query)) return;
      const { sql, params } = query;
      const result = await analyst.client.callTool("query", { sql, params });
      expect(result.isError ? textOf(result) : "taken").toBe("taken");
    });
  });

  // The last: it judges all that ran before.
  it("has changed nothing, in no database, role, setting and file", async () => {
    expect(await fingerprint(postgres)).toEqual(before);
  });
});
