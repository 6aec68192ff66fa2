import { connect, describePostgres, errorOf, startPostgres, type TestPostgres, textOf } from "@mcp-reference/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import definition from "../src/index.js";

describePostgres("export_query", (version) => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres({ version });
  });
  afterAll(() => postgres.stop("immediate"));

  const open = (options: Parameters<typeof connect>[1] = {}) =>
    connect(definition, { env: { DATABASE_URL: postgres.url }, ...options });
  const exported = async (client: Awaited<ReturnType<typeof open>>, args: Record<string, unknown>) => {
    const result = await client.callTool("export_query", args);
    const [link] = result.content;
    if (link?.type !== "resource_link") throw new Error(textOf(result));
    return { uri: link.uri, words: textOf(result) };
  };
  const read = async (client: Awaited<ReturnType<typeof open>>, uri: string) => {
    const [content] = (await client.readResource(uri)).contents;
    return content && "text" in content ? content.text : undefined;
  };

  it("gives CSV and NDJSON with values as they are", async () => {
    const client = await open();
    const sql = `SELECT 1 AS id, 9007199254740993 AS id, NULL AS x, 'a "b", é' AS y, 'NaN'::float8 AS f, true AS t, '{"k":\n 1.10}'::json AS j`;
    const csv = await exported(client, { sql });
    expect(await read(client, csv.uri)).toBe(
      'id,id,x,y,f,t,j\n1,9007199254740993,,"a ""b"", é",NaN,t,"{""k"":\n 1.10}"\n',
    );
    const lines = await exported(client, { sql, format: "ndjson" });
    expect(await read(client, lines.uri)).toBe(
      '{"id":1,"id_2":9007199254740993,"x":null,"y":"a \\"b\\", é","f":"NaN","t":true,"j":{"k":  1.10}}\n',
    );
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(expect.arrayContaining([csv.uri, lines.uri]));
  });

  it("streams what no result could hold, read in parts that end where rows end", async () => {
    const client = await open({ argv: ["--max-output", "64k"] });
    const { uri, words } = await exported(client, {
      sql: "SELECT n, md5(n::text) FROM generate_series(1, 20000) AS n",
    });
    const parts = Number(/in (\d+) parts/.exec(words)?.[1]);
    expect(parts).toBeGreaterThan(10);
    let all = "";
    for (let part = 1; part <= parts; part++) {
      const text = await read(client, `${uri}/${part}`);
      expect(text?.endsWith("\n")).toBe(true);
      all += text;
    }
    const lines = all.trimEnd().split("\n");
    expect(lines[0]).toBe("n,md5");
    expect(lines.slice(1).map((line) => Number(line.split(",")[0]))).toEqual(
      Array.from({ length: 20_000 }, (_, index) => index + 1),
    );
    await expect(client.readResource(uri)).rejects.toThrow("TOO_LARGE");
  });

  it("belongs to its caller and is guarded as queries are", async () => {
    const client = await open();
    const { uri } = await exported(client, { sql: "SELECT 1" });
    const other = await open({ caller: { id: "other", scopes: "all" } });
    await expect(other.readResource(uri)).rejects.toThrow("NOT_FOUND");
    expect(errorOf(await client.callTool("export_query", { sql: "DELETE FROM pg_class" }))?.code).toBe(
      "PERMISSION_DENIED",
    );
  });

  it("leaves nothing of one that is too large", async () => {
    const client = await open({ argv: ["--max-export", "64k"] });
    const refused = await client.callTool("export_query", { sql: "SELECT generate_series(1, 100000000)" });
    expect(errorOf(refused)).toMatchObject({ code: "TOO_LARGE", hint: expect.stringContaining("--max-export") });
    expect((await client.listResources()).filter(({ uri }) => uri.startsWith("db://results/"))).toEqual([]);
  });
});
