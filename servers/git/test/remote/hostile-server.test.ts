import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { createUrlGuard } from "@mcp-reference/security";
import { tempDir } from "@mcp-reference/testing";
import { ToolError } from "@mcp-reference/validation";
import { expect, onTestFinished, test } from "vitest";
import { Credentials } from "../../src/remote/access/credentials.js";
import { cloneRepository } from "../../src/remote/sync/clone.js";
import { mark, packet } from "../../src/remote/wire/pkt-line.js";

const TYPES = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;
type Made = readonly [type: keyof typeof TYPES, body: Buffer];

const idOf = ([type, body]: Made) => createHash("sha1").update(`${type} ${body.length}\0`).update(body).digest("hex");

function packOf(objects: readonly Made[]): Buffer {
  const head = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  head.writeUInt32BE(objects.length, 8);
  const entries = objects.map(([type, body]) => {
    const size = body.length;
    const bytes = size < 16 ? [(TYPES[type] << 4) | size] : [0x80 | (TYPES[type] << 4) | (size & 15), size >> 4];
    return Buffer.concat([Buffer.from(bytes), deflateSync(body)]);
  });
  const all = Buffer.concat([head, ...entries]);
  return Buffer.concat([all, createHash("sha1").update(all).digest()]);
}

const treeOf = (...entries: [mode: string, name: string, id: string][]): Made => [
  "tree",
  Buffer.concat(
    entries.map(([mode, name, id]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")])),
  ),
];
const commitOf = (tree: string): Made => [
  "commit",
  Buffer.from(`tree ${tree}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\nx`),
];

const blob: Made = ["blob", Buffer.from("hello\n")];

/** What a server that means harm offers: refs, and what it sends when they are asked for. */
interface Offer {
  readonly refs: readonly string[];
  readonly sent: Buffer;
}

const sideBand = (bytes: Buffer, band = 1): Buffer => {
  const length = bytes.length + 5;
  return Buffer.concat([Buffer.from(length.toString(16).padStart(4, "0")), Buffer.from([band]), bytes]);
};

const packAnswer = (pack: Buffer): Buffer => Buffer.concat([packet("NAK"), sideBand(pack), mark("flush")]);

/** An offer of one branch with these objects, the last of which is its commit. */
const offering = (...objects: Made[]): Offer => ({
  refs: ["HEAD", "refs/heads/main"].map((name) => `${idOf(objects.at(-1) ?? blob)} ${name}`),
  sent: packAnswer(packOf(objects)),
});

async function clone({ refs, sent }: Offer): Promise<{ failed: unknown; left: string[] }> {
  const server = createServer((request, response) => {
    const isGreeting = request.method === "GET";
    response.setHeader("content-type", `application/x-git-upload-pack-${isGreeting ? "advertisement" : "result"}`);
    const [first = "", ...rest] = refs;
    const greeting = [
      packet("# service=git-upload-pack"),
      mark("flush"),
      packet(`${first}\0side-band-64k shallow`),
      ...rest.map(packet),
      mark("flush"),
    ];
    response.end(isGreeting ? Buffer.concat(greeting) : sent);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const guard = createUrlGuard({ allowPrivateHosts: ["127.0.0.1"] });
  onTestFinished(async () => {
    await guard.close();
    server.closeAllConnections();
    server.close();
  });
  const dir = await tempDir();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
  const access = { guard, credentials: new Credentials([]), maxPack: 2 ** 20, close: () => guard.close() };
  const request = { url, path: join(dir, "copy"), roots: { paths: [dir] } };
  const failed = await cloneRepository(access, request).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failed, left: readdirSync(dir) };
}

const fine = treeOf(["100644", "a", idOf(blob)]);

test("one that is honest is cloned from", async () => {
  expect(await clone(offering(blob, fine, commitOf(idOf(fine))))).toEqual({ failed: undefined, left: ["copy"] });
});

const absent = "1".repeat(40);
const outside: Made = ["blob", Buffer.from("../../outside")];
const link = treeOf(["120000", "dir", idOf(outside)], ["40000", "dir", idOf(fine)]);
const dotGit = (name: string) => treeOf(["100644", name, idOf(blob)]);

test.each<[string, Offer]>([
  ["leaves out a blob", offering(fine, commitOf(idOf(fine)))],
  ["leaves out a tree", offering(blob, commitOf(idOf(fine)))],
  ["leaves out what it offered", { ...offering(blob, fine), refs: [`${absent} refs/heads/main`] }],
  ["offers a blob as a branch", offering(blob)],
  ["sends a link and a directory of one name", offering(blob, outside, fine, link, commitOf(idOf(link)))],
  ...["..", ".", "", "a/b", ".git", ".GIT", "git~1", ".git ", ".g\u200cit", "a\\..\\b"].map((name): [string, Offer] => {
    const tree = dotGit(name);
    return [`names a file ${JSON.stringify(name)}`, offering(blob, tree, commitOf(idOf(tree)))];
  }),
  [
    "sends a wrong checksum",
    { ...offering(blob, fine, commitOf(idOf(fine))), sent: packAnswer(Buffer.alloc(60, "PACK")) },
  ],
  ["sends no pack", { refs: [`${absent} refs/heads/main`], sent: Buffer.concat([packet("NAK"), mark("flush")]) }],
  ["sends nothing", { refs: [`${absent} refs/heads/main`], sent: Buffer.alloc(0) }],
  ["sends an error", { refs: [`${absent} refs/heads/main`], sent: sideBand(Buffer.from("\u001b[2Jno\n"), 3) }],
  ["sends another band", { refs: [`${absent} refs/heads/main`], sent: sideBand(Buffer.from("x"), 9) }],
  [
    "sends more than is taken",
    { refs: [`${absent} refs/heads/main`], sent: Buffer.alloc(2 ** 21, sideBand(Buffer.alloc(1000))) },
  ],
  ["has ids that are none", { refs: ["xyz refs/heads/main"], sent: Buffer.alloc(0) }],
])("one that %s leaves nothing", async (_what, offer) => {
  const { failed, left } = await clone(offer);
  expect(failed).toBeInstanceOf(ToolError);
  expect((failed as ToolError).toLine()).not.toMatch(/\p{Cc}/u);
  expect(left).toEqual([]);
});

test("names of refs that are none are passed over", async () => {
  const { refs, sent } = offering(blob, fine, commitOf(idOf(fine)));
  const [oid = ""] = (refs[0] ?? "").split(" ");
  const names = [
    "refs/heads/../../config",
    "refs/heads/a..b",
    "refs/heads/-x",
    "refs/heads/x.lock",
    "refs/tags/a b",
    "refs/heads/.x",
    "/etc/passwd",
    "config",
  ];
  const offer = { refs: [...refs, ...names.map((name) => `${oid} ${name}`)], sent };
  expect(await clone(offer)).toEqual({ failed: undefined, left: ["copy"] });
});
