// usage: tsx calls.ts "cases" ours=path [ours2=path] ; cases: comma list select1:rounds,1000:rounds,100000:rounds
import { readFileSync, readdirSync } from "node:fs";
import { RpcClient } from "/work/main/tooling/bench/src/rpc-client.js";
const url = "postgres://postgres@127.0.0.1:5432/perf_bench";
const peers = "/work/main/node_modules/.cache/bench";
const [cases, ...ours] = process.argv.slice(2);
const subjects: [string, RpcClient, string, object][] = [];
for (const o of ours) { const [n, p] = o.split("="); subjects.push([n!, new RpcClient({ command: "node", args: [...(process.env.NODEARGS?.split(" ") ?? []), p!, "--max-output", "64m"], env: { DATABASE_URL: url } }), "query", { limit: 100_000 }]); }
if (!process.env.NOPEERS) {
subjects.push(["srvpg", new RpcClient({ command: "node", args: [`${peers}/@modelcontextprotocol+server-postgres@0.6.2/node_modules/@modelcontextprotocol/server-postgres/dist/index.js`, url] }), "query", {}]);
subjects.push(["dbhub", new RpcClient({ command: "node", args: [`${peers}/@bytebase+dbhub@1.4.0/node_modules/@bytebase/dbhub/dist/index.js`, "--transport", "stdio", "--dsn", `${url}?sslmode=disable`] }), "execute_sql", {}]);
}
for (const [, c] of subjects) await c.initialize();
await new Promise((r) => setTimeout(r, 2500));
const cpu = (pid: number) => readdirSync(`/proc/${pid}/task`).reduce((s, t) => s + Number(readFileSync(`/proc/${pid}/task/${t}/schedstat`, "utf8").split(" ")[0]) / 1e6, 0);
const stat = (a: number[]) => { const s = [...a].sort((x, y) => x - y); return `min ${s[0]!.toFixed(3)} q1 ${s[s.length >> 2]!.toFixed(3)} med ${s[s.length >> 1]!.toFixed(3)}`; };
for (const c of cases!.split(",")) {
  const [what, rounds] = c.split(":");
  const wall = new Map<string, number[]>(), cp = new Map<string, number[]>();
  for (let r = 0; r <= Number(rounds); r++) for (const [n, client, tool, all] of subjects) {
    const before = cpu(client.pid);
    let t: number;
    const calls = what === "select1" ? 20 : 1;
    if (what === "select1") { t = 0; for (let i = 0; i < 20; i++) t += (await client.callTool(tool, { sql: "SELECT 1" })).milliseconds; t /= 20; }
    else { const a = await client.callTool(tool, { sql: `SELECT * FROM wide WHERE id <= ${what}`, ...all }); if (!a.text.includes(`row ${what}.`)) throw new Error(n); t = a.milliseconds; }
    await new Promise((r) => setTimeout(r, 20));
    const d = (cpu(client.pid) - before) / calls;
    if (r) { wall.set(n, [...(wall.get(n) ?? []), t]); cp.set(n, [...(cp.get(n) ?? []), d]); }
  }
  for (const [n] of subjects) console.log(what!.padEnd(8), n.padEnd(8), "wall", stat(wall.get(n)!), "| cpu", stat(cp.get(n)!));
}
for (const [, c] of subjects) await c.end();
process.exit();
