import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchCase, type OpenBench, type ServerBench, shortName, type Target } from "../bench-case.js";
import { coldStart, nativeRun, residentMemory, toolListBytes } from "../measure.js";
import { type Command, RpcClient } from "../rpc-client.js";
import { HISTORY, makeGraph, makeHistory } from "./git-history.js";

const PEER = "@cyanheads/git-mcp-server@2.15.3";
const NAME = shortName(PEER);

export const git: ServerBench = {
  peers: [PEER],
  open: (ours, [peer]) => {
    if (!peer) throw new Error(`${PEER} is not there`);
    return open(ours, peer);
  },
};

/** Both servers keep running between the cases, as they do under a client; only a cold start has a process of its own. */
async function open(ourServer: Command, peerServer: Command): Promise<OpenBench> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "bench-git-")));
  const clear = () => rmSync(root, { recursive: true, force: true });
  try {
    const repository = makeHistory(join(root, "history"));
    const graph = makeGraph(repository, join(root, "graph"));
    const commands = {
      ours: { ...ourServer, args: [...ourServer.args, "--repository", repository, "--repository", graph] },
      peer: { ...peerServer, env: { MCP_LOG_LEVEL: "error" } },
    };
    const clients = { ours: new RpcClient(commands.ours), peer: new RpcClient(commands.peer) };
    await Promise.all([clients.ours.initialize(), clients.peer.initialize()]);
    return {
      cases: [...startCases(commands, clients), ...readCases(clients, repository, graph), memoryCase(clients)],
      close() {
        clients.ours.close();
        clients.peer.close();
        clear();
      },
    };
  } catch (error) {
    clear();
    throw error;
  }
}

type Pair<T> = { ours: T; peer: T };

function startCases(commands: Pair<Command>, { ours, peer }: Pair<RpcClient>): BenchCase[] {
  return [
    {
      name: "Cold start: spawn to `initialize`",
      unit: "ms",
      rounds: 11,
      subjects: { ours: () => coldStart(commands.ours), [NAME]: () => coldStart(commands.peer) },
      targets: [{ against: "peer", ratio: 1 }],
    },
    {
      name: "Tool names, descriptions and input schemas",
      unit: "bytes",
      rounds: 1,
      subjects: { ours: () => toolListBytes(ours), [NAME]: () => toolListBytes(peer) },
      targets: [{ limit: 24 * 1024 }],
    },
  ];
}

/** A question as it is asked of our server, of the peer and of git, and a word that each answer must hold. */
interface Question {
  name: string;
  ours: [tool: string, args: object];
  peer: [tool: string, args: object];
  native: string[];
  expected: string;
  targets: Target[];
}

function readCases(clients: Pair<RpcClient>, repository: string, graph: string): BenchCase[] {
  const { file, edited, fileCommits } = HISTORY;
  const first = edited[0] ?? "";
  const log = { maxCount: fileCommits, filePath: file };
  return [
    question(clients, repository, {
      name: "Status of 40,000 files",
      ours: ["git_status", {}],
      peer: ["git_status", {}],
      native: ["status", "--porcelain"],
      expected: first,
      targets: atMost(1.5),
    }),
    question(clients, repository, {
      name: "Log of 20 commits",
      ours: ["git_log", { max_count: 20 }],
      peer: ["git_log", { maxCount: 20 }],
      native: ["log", "-20"],
      expected: "Change 9981",
      targets: atMost(1),
    }),
    question(clients, repository, {
      name: "Log of a file that one of fifty commits changed",
      ours: ["git_log", { path: file, max_count: fileCommits }],
      peer: ["git_log", log],
      native: ["log", "--", file],
      expected: "Change 50",
      targets: atMost(2),
    }),
    question(clients, graph, {
      name: "The same with a commit-graph",
      ours: ["git_log", { path: file, max_count: fileCommits }],
      peer: ["git_log", log],
      native: ["log", "--", file],
      expected: "Change 50",
      targets: atMost(1),
    }),
    question(clients, repository, {
      name: "Diff of the worktree",
      ours: ["git_diff_unstaged", {}],
      peer: ["git_diff", {}],
      native: ["diff"],
      expected: "changed since",
      targets: atMost(2),
    }),
    question(clients, repository, {
      name: "Diff of 50 commits",
      ours: ["git_diff", { target: "HEAD~50..HEAD" }],
      peer: ["git_diff", { source: "HEAD~50", target: "HEAD" }],
      native: ["diff", "HEAD~50", "HEAD"],
      expected: "version 9999",
      targets: atMost(2),
    }),
    question(clients, repository, {
      name: "Read a file at a revision",
      ours: ["git_read_file", { path: file, revision: "HEAD" }],
      peer: ["git_show", { object: "HEAD", filePath: file }],
      native: ["cat-file", "blob", `HEAD:${file}`],
      expected: "version 10000",
      targets: atMost(1),
    }),
    question(clients, repository, {
      name: "Blame of a file",
      ours: ["git_blame", { path: file }],
      peer: ["git_blame", { filePath: file }],
      native: ["blame", file],
      expected: "line 1",
      targets: [],
    }),
  ];
}

const atMost = (ratio: number): Target[] => [
  { against: "native", ratio },
  { against: "peer", ratio: 1 },
];

/** Every subject answers from the same repository; an answer without the word expected is no answer. */
function question(clients: Pair<RpcClient>, repository: string, asked: Question): BenchCase {
  const call = async (client: RpcClient, [tool, args]: [string, object], place: object) => {
    const { text, milliseconds } = await client.callTool(tool, { ...args, ...place });
    if (!text.includes(asked.expected)) throw new Error(`${tool} gave no ${asked.expected}: ${text.slice(0, 300)}`);
    return milliseconds;
  };
  return {
    name: asked.name,
    unit: "ms",
    rounds: 11,
    subjects: {
      ours: () => call(clients.ours, asked.ours, { repo_path: repository }),
      [NAME]: () => call(clients.peer, asked.peer, { path: repository }),
      native: () => nativeRun({ command: "git", args: asked.native, cwd: repository }),
    },
    targets: asked.targets,
  };
}

function memoryCase({ ours, peer }: Pair<RpcClient>): BenchCase {
  return {
    name: "Memory after all of these (RSS)",
    unit: "MB",
    rounds: 1,
    subjects: { ours: async () => residentMemory(ours.pid), [NAME]: async () => residentMemory(peer.pid) },
    targets: [{ limit: 200 }],
  };
}
