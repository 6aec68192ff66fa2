import type { Command } from "./rpc-client.js";

/**
 * Who is measured: our server, what does the same work without a server (a command of the system, a library), or a peer
 * by its {@link shortName}.
 */
export type Subject = string;

export type Unit = "ms" | "MB" | "bytes";

/** What our median has to keep to. */
export type Target =
  /** at most this many times the other's median; 1/30 reads "30 times faster". `peer` is the faster one where there are two */
  | { against: Subject; ratio: number }
  /** at most this much more than the other's median, in the case's unit */
  | { against: Subject; plus: number }
  /** at most this much, in the case's unit */
  | { limit: number };

export interface BenchCase {
  name: string;
  unit: Unit;
  /** Measurements of each subject, after one that is thrown away. */
  rounds: number;
  /** One measurement each, in the case's unit. */
  subjects: Record<Subject, () => Promise<number>>;
  targets: Target[];
}

/** What is measured of one server. */
export interface ServerBench {
  /** Names and versions of the packages it is compared with. */
  peers: string[];
  /** Starts the servers and makes what they work on. @param peers in the order of their names */
  open(ours: Command, peers: Command[]): Promise<OpenBench>;
}

export interface OpenBench {
  cases: BenchCase[];
  /** Stops the processes and removes the files. */
  close(): void | Promise<void>;
}

/** `@scope/name@1.2.3` is `name`. */
export const shortName = (peer: string): string => peer.replace(/^@[^/]*\//, "").replace(/@.*/, "");
