import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const FILES = {
  "garden/README.md": "# Garden\n\nWhat grows here, and when to water it.\n",
  "garden/plan/spring.md": "# Spring\n\n- Sow tomatoes indoors in March\n- Plant potatoes in April\n",
  "garden/plan/summer.md": "# Summer\n\n- Water tomatoes every evening\n- Harvest garlic in July\n",
  "garden/harvest.csv": "crop,kilograms\ntomatoes,14\npotatoes,32\n",
  "neighbour.txt": "Not for the server: this file is beside the folder it may open.\n",
};

export interface SampleFolder {
  /** The folder that the server gets. */
  garden: string;
  /** A file beside that folder. */
  outside: string;
  remove(): Promise<void>;
}

export async function makeSampleFolder(): Promise<SampleFolder> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "mcp-demo-")));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(parent, name)), { recursive: true });
    await writeFile(join(parent, name), text);
  }
  return {
    garden: join(parent, "garden"),
    outside: join(parent, "neighbour.txt"),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}
