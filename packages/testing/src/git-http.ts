import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { atTestEnd } from "./at-test-end.js";
import { copyCgiAnswer } from "./cgi-answer.js";

export interface GitHttpOptions {
  /** Folder of the repositories; `http://…/a.git` is `a.git` in it. */
  root: string;
  /** What a request must bring; any of them will do. Without it everybody may read and push. */
  auth?: { basic?: { user: string; password: string } | undefined; bearer?: string | undefined } | undefined;
  /** The newest protocol that is spoken. Default 2. */
  protocol?: 0 | 2 | undefined;
}

/** What goes wrong with an answer. */
export interface GitHttpFault {
  /** Instead of the answer. */
  status?: number;
  /** Where a redirect leads instead of the answer. */
  redirect?: string;
  /** The connection is closed after so many bytes of the body. */
  cutAfter?: number;
  /** Nothing more is sent after so many bytes of the body. */
  stallAfter?: number;
}

export interface GitHttp {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Requests so far: method and path with query, and what they were authorized with. */
  readonly requests: readonly { line: string; authorization: string | undefined }[];
  /** Makes requests whose path and query match fail, until {@link resume}. */
  fail(requests: RegExp, fault: GitHttpFault): void;
  resume(): void;
  close(): void;
}

/** Serves git repositories over smart HTTP by git's own `http-backend`, on 127.0.0.1. It ends with the running test. */
export async function startGitHttp(options: GitHttpOptions): Promise<GitHttp> {
  const requests: { line: string; authorization: string | undefined }[] = [];
  let failing: { requests: RegExp; fault: GitHttpFault } | undefined;

  const server = createServer((request, response) => {
    const { method = "GET", url = "/", headers } = request;
    requests.push({ line: `${method} ${url}`, authorization: headers.authorization });
    const fault = failing?.requests.test(url) ? failing.fault : {};
    if (fault.redirect !== undefined) return void response.writeHead(302, { location: fault.redirect }).end();
    if (fault.status !== undefined) return void response.writeHead(fault.status).end("<p>not now</p>");
    if (!isAuthorized(headers.authorization, options.auth)) return challenge(response, options.auth);
    runBackend(request, response, options, fault);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");

  const served: GitHttp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail(matching, fault) {
      failing = { requests: matching, fault };
    },
    resume() {
      failing = undefined;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  atTestEnd(() => served.close());
  return served;
}

function isAuthorized(authorization: string | undefined, auth: GitHttpOptions["auth"]): boolean {
  if (!auth) return true;
  const { basic, bearer } = auth;
  const accepted = [
    basic && `Basic ${Buffer.from(`${basic.user}:${basic.password}`).toString("base64")}`,
    bearer && `Bearer ${bearer}`,
  ];
  return authorization !== undefined && accepted.includes(authorization);
}

function challenge(response: ServerResponse, auth: GitHttpOptions["auth"]): void {
  response.writeHead(401, { "www-authenticate": auth?.bearer ? 'Bearer realm="git"' : 'Basic realm="git"' }).end();
}

let backend: string | undefined;

function runBackend(request: IncomingMessage, response: ServerResponse, options: GitHttpOptions, fault: GitHttpFault) {
  backend ??= join(execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(), "git-http-backend");
  const child = spawn(backend, { env: environment(request, options), stdio: ["pipe", "pipe", "ignore"] });
  response.on("close", () => child.kill());
  // A client that goes away, and a backend that does not read to the end, are what tests are about.
  for (const stream of [child.stdin, child.stdout, request, response]) stream.on("error", () => {});
  request.pipe(child.stdin);
  copyCgiAnswer(child.stdout, response, fault);
}

function environment({ method, url = "/", headers }: IncomingMessage, { root, protocol }: GitHttpOptions) {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const asked = protocol === 0 ? undefined : headers["git-protocol"];
  return {
    PATH: process.env.PATH,
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    // Without a user it refuses to be pushed to.
    REMOTE_USER: "tester",
    REMOTE_ADDR: "127.0.0.1",
    REQUEST_METHOD: method,
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: searchParams.toString(),
    CONTENT_TYPE: headers["content-type"],
    CONTENT_LENGTH: headers["content-length"],
    HTTP_CONTENT_ENCODING: headers["content-encoding"],
    ...(asked !== undefined && { GIT_PROTOCOL: String(asked) }),
  };
}
