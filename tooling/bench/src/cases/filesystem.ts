import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchCase, type OpenBench, type ServerBench, shortName } from "../bench-case.js";
import { callLatency, coldStart, nativeRun, residentMemory, threadCount, toolListBytes, until } from "../measure.js";
import { type Command, RpcClient } from "../rpc-client.js";
import { MARKDOWN_FILES, makeFileTree, makeTextFile } from "./file-tree.js";

const PEER = "@modelcontextprotocol/server-filesystem@2026.8.31";
const NAME = shortName(PEER);

export const filesystem: ServerBench = {
  peers: [PEER],
  open: (ours, [peer]) => {
    if (!peer) throw new Error(`${PEER} is not there`);
    return open(ours, peer);
  },
};

/** Both servers keep running between the cases, as they do under a client; only a cold start has a process of its own. */
async function open(ourServer: Command, peerServer: Command): Promise<OpenBench> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "bench-filesystem-")));
  const commands = {
    ours: { ...ourServer, args: [...ourServer.args, "--max-output", "64m", root] },
    peer: { ...peerServer, args: [...peerServer.args, root] },
  };
  const clients = { ours: new RpcClient(commands.ours), peer: new RpcClient(commands.peer) };
  const close = () => {
    clients.ours.close();
    clients.peer.close();
    rmSync(root, { recursive: true, force: true });
  };
  try {
    await Promise.all([clients.ours.initialize(), clients.peer.initialize()]);
    const tree = makeFileTree(join(root, "tree"));
    const cases = [
      ...startCases(commands, clients),
      ...readCases(root, clients),
      searchCase(tree, clients),
      ...(process.platform === "linux" ? [pipeCase(root, clients.ours), cancelCase(tree, commands.ours)] : []),
    ];
    return { cases, close };
  } catch (error) {
    close();
    throw error;
  }
}

type Pair<T> = { ours: T; peer: T };

function startCases(commands: Pair<Command>, { ours, peer }: Pair<RpcClient>): BenchCase[] {
  return [
    {
      name: "Cold start: spawn to `initialize`",
      unit: "ms",
      rounds: 21,
      subjects: {
        ours: () => coldStart(commands.ours),
        [NAME]: () => coldStart(commands.peer),
        native: () => nativeRun({ command: process.execPath, args: ["-e", "0"] }),
      },
      targets: [{ against: "peer", ratio: 0.6 }],
    },
    {
      name: "Memory after start (RSS)",
      unit: "MB",
      rounds: 1,
      subjects: { ours: async () => residentMemory(ours.pid), [NAME]: async () => residentMemory(peer.pid) },
      targets: [],
    },
    {
      name: "Tool names, descriptions and input schemas",
      unit: "bytes",
      rounds: 1,
      subjects: { ours: () => toolListBytes(ours), [NAME]: () => toolListBytes(peer) },
      targets: [{ limit: 12 * 1024 }],
    },
  ];
}

function readCases(root: string, clients: Pair<RpcClient>): BenchCase[] {
  const oneLine = makeTextFile(join(root, "one-line.txt"), 1);
  const tenMegabytes = makeTextFile(join(root, "10-mb.txt"), 100_000);
  const gigabyte = makeTextFile(join(root, "1-gb.txt"), 10_000_000);
  return [
    {
      name: "Call: `read_text_file` of one line",
      unit: "ms",
      rounds: 21,
      subjects: {
        ours: () => callLatency(clients.ours, "read_text_file", { path: oneLine }, 20),
        [NAME]: () => callLatency(clients.peer, "read_text_file", { path: oneLine }, 20),
      },
      targets: [],
    },
    {
      name: "`read_text_file` of 10 MB",
      unit: "ms",
      rounds: 15,
      subjects: {
        ...bothCall(clients, "read_text_file", { path: tenMegabytes }, 100_000),
        native: () => nativeRun({ command: "cat", args: [tenMegabytes] }),
      },
      targets: [{ against: "peer", ratio: 0.5 }],
    },
    {
      name: "Last 100,000 lines of 1 GB",
      unit: "ms",
      rounds: 9,
      subjects: {
        // The peer counts what follows the last newline as one of the lines.
        ...bothCall(clients, "read_text_file", { path: gigabyte, tail: 100_000 }, 99_999),
        native: () => nativeRun({ command: "tail", args: ["-n", "100000", gigabyte] }),
      },
      targets: [{ against: "peer", ratio: 1 / 10 }],
    },
  ];
}

/** A pipe that nobody writes to: the peer would wait for ever. */
function pipeCase(root: string, ours: RpcClient): BenchCase {
  const path = join(root, "pipe");
  execFileSync("mkfifo", [path]);
  const refusal = async () => {
    const { result, milliseconds } = await ours.request("tools/call", { name: "read_text_file", arguments: { path } });
    if (!JSON.stringify(result).includes("UNSUPPORTED")) throw new Error("the pipe was not refused");
    return milliseconds;
  };
  return { name: "A pipe is refused", unit: "ms", rounds: 21, subjects: { ours: refusal }, targets: [{ limit: 50 }] };
}

/** From the cancellation until the thread that searched is gone. */
function cancelCase(tree: string, command: Command): BenchCase {
  const search = { name: "search_text", arguments: { path: tree, pattern: "(x+x+)+y", regex: true } };
  const cancelled = async () => {
    const client = new RpcClient(command);
    try {
      await client.initialize();
      const threads = threadCount(client.pid);
      void client.request("tools/call", search);
      await until(() => threadCount(client.pid) > threads);
      const sent = performance.now();
      client.cancel();
      await until(() => threadCount(client.pid) <= threads);
      return performance.now() - sent;
    } finally {
      client.close();
    }
  };
  return {
    name: "A cancelled `search_text` of 100,000 files has stopped",
    unit: "ms",
    rounds: 9,
    subjects: { ours: cancelled },
    targets: [{ limit: 100 }],
  };
}

function searchCase(tree: string, clients: Pair<RpcClient>): BenchCase {
  return {
    name: "`search_files **/*.md` in 100,000 files",
    unit: "ms",
    rounds: 3,
    subjects: {
      ...bothCall(clients, "search_files", { path: tree, pattern: "**/*.md" }, MARKDOWN_FILES),
      native: () => nativeRun({ command: "find", args: [tree, "-name", "*.md"] }),
    },
    targets: [
      { against: "peer", ratio: 1 / 30 },
      { against: "native", ratio: 3 },
    ],
  };
}

function bothCall({ ours, peer }: Pair<RpcClient>, tool: string, args: object, lines: number) {
  return { ours: () => timedCall(ours, tool, args, lines), [NAME]: () => timedCall(peer, tool, args, lines) };
}

/** Milliseconds of a call, the answer of which must have this many lines at least: a partial one is no answer. */
async function timedCall(client: RpcClient, tool: string, args: object, lines: number): Promise<number> {
  const { text, milliseconds } = await client.callTool(tool, args);
  const found = text.trimEnd().split("\n").length;
  if (found < lines) throw new Error(`${tool} gave ${found} lines instead of ${lines}: ${text.slice(0, 300)}`);
  return milliseconds;
}
