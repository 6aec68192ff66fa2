import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** PostgreSQL's protocol by hand: this package has no client of it. */
export interface Session {
  /** What the server asks for: 0 nothing, 10 SASL. */
  readonly authentication: number;
  /** @returns the first column */
  query(sql: string): Promise<(string | null)[]>;
}

interface Message {
  type: string;
  body: Buffer;
}

export async function connectTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  return socket;
}

/** The one byte with which the server says whether it speaks TLS: `S` or `N`. */
export async function askForTls(port: number): Promise<string> {
  const socket = await connectTo(port);
  const answer = once(socket, "data");
  socket.write(encode("", int(80_877_103)));
  const [bytes] = await answer;
  socket.destroy();
  return String(bytes);
}

export async function logIn(port: number): Promise<Session> {
  const socket = await connectTo(port);
  const messages = readMessages(socket);
  const next = async () => (await messages.next()).value ?? { type: "end", body: Buffer.from("the connection ended") };
  socket.write(encode("", int(3 << 16), strings("user", "postgres", "database", "postgres", "")));
  const authentication = (await next()).body.readUInt32BE();
  if (authentication === 0) await readColumn(next);
  return {
    authentication,
    query: (sql) => {
      socket.write(encode("Q", strings(sql)));
      return readColumn(next);
    },
  };
}

/** Up to ReadyForQuery. */
async function readColumn(next: () => Promise<Message>): Promise<(string | null)[]> {
  const column: (string | null)[] = [];
  for (;;) {
    const { type, body } = await next();
    if (type === "end" || type === "E") throw new Error(String(body));
    if (type === "Z") return column;
    if (type === "D") column.push(body.readInt32BE(2) < 0 ? null : body.toString("utf8", 6, 6 + body.readInt32BE(2)));
  }
}

async function* readMessages(socket: Socket): AsyncGenerator<Message, undefined> {
  let left: Buffer = Buffer.alloc(0);
  for await (const bytes of socket) {
    left = Buffer.concat([left, bytes]);
    while (left.length >= 5 && left.length > left.readUInt32BE(1)) {
      const end = 1 + left.readUInt32BE(1);
      yield { type: left.toString("latin1", 0, 1), body: left.subarray(5, end) };
      left = left.subarray(end);
    }
  }
  return undefined;
}

function encode(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int(body.length + 4), body]);
}

const strings = (...parts: string[]) => Buffer.from(parts.map((part) => `${part}\0`).join(""));

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
