import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** A published package some code of which ended up in a bundle. */
export interface BundledPackage {
  name: string;
  version: string;
  /** SPDX expression, as its package.json gives it. */
  license: string;
  folder: string;
}

/**
 * The published packages whose code is in the bundle, by name and version. Our own packages are not among them.
 * @throws when a package does not say its licence
 */
export async function bundledPackages({ outputs }: Metafile): Promise<BundledPackage[]> {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path.includes("node_modules/"));
  const folders = new Set(used.map(([path]) => packageFolder(path)));
  const packages = await Promise.all([...folders].map(readPackage));
  return packages.sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** Text of every bundled package's licence, as most licences ask of those who pass the code on. */
export async function licenceNotices(packages: BundledPackage[]): Promise<string> {
  const sections = packages.map(async ({ name, version, license, folder }) => {
    const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
  });
  return `${["This program contains the following packages.", ...(await Promise.all(sections))].join("\n\n---\n\n")}\n`;
}

/** The same list as a CycloneDX 1.6 document. It has no serial number or date, so that equal input gives equal bytes. */
export function softwareBill(subject: { name: string; version: string }, packages: BundledPackage[]): string {
  const component = ({ name, version }: { name: string; version: string }) => ({
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
  });
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", ...component(subject) } },
    components: packages.map((each) => ({
      type: "library",
      ...component(each),
      licenses: [{ expression: each.license }],
    })),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** `…/node_modules/@scope/name` or `…/node_modules/name` of a file inside it. */
function packageFolder(path: string): string {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path.replaceAll("\\", "/")) ?? [];
  if (!folder) throw new Error(`${path} belongs to no package`);
  return folder;
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${name} ${version} does not say its licence`);
  return { name, version, license, folder };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
