import type { Command } from "./rpc-client.js";

/** Who is measured: our server, the peer it replaces, or a command of the system that does the same work. */
export type Subject = "ours" | "peer" | "native";

export type Unit = "ms" | "MB" | "bytes";

/** What our median has to keep to. */
export type Target =
  /** at most this many times the other's median; 1/30 reads "30 times faster" */
  | { against: "peer" | "native"; ratio: number }
  /** at most this much, in the case's unit */
  | { limit: number };

export interface BenchCase {
  name: string;
  unit: Unit;
  /** Measurements of each subject, after one that is thrown away. */
  rounds: number;
  /** One measurement each, in the case's unit. */
  subjects: Partial<Record<Subject, () => Promise<number>>>;
  targets: Target[];
}

/** What is measured of one server. */
export interface ServerBench {
  /** Name and version of the package it is compared with. */
  peer: string;
  /** Starts both servers and makes what they work on. */
  open(ours: Command, peer: Command): Promise<OpenBench>;
}

export interface OpenBench {
  cases: BenchCase[];
  /** Stops the processes and removes the files. */
  close(): void;
}
