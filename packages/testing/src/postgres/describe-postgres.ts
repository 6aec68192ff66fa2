import { describe } from "vitest";
import { findBinaries, type PostgresVersion } from "./binaries.js";

const all: readonly PostgresVersion[] = [15, 18];

/** The versions that tests run on: those of this machine, and both in CI, where `startPostgres` then says what is missing. */
export const postgresVersions: readonly PostgresVersion[] = process.env.CI
  ? all
  : all.filter((version) => findBinaries(version) !== undefined);

/** A suite for each version; outside CI it is shown as skipped for one that this machine has not. */
export function describePostgres(title: string, suite: (version: PostgresVersion) => void): void {
  for (const version of all) {
    describe.runIf(postgresVersions.includes(version))(`${title} (PostgreSQL ${version})`, () => suite(version));
  }
}
