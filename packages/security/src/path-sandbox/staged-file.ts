import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rmdir, unlink } from "node:fs/promises";
import type { DirectoryRef } from "./directory-ref.js";

/** Bytes of the target's name in the staging directory's: some file systems stop at 143 for the whole. */
const SHOWN_BYTES = 100;
const CONTENT = "content";

/**
 * A new file in a 0700 directory of its own beside its target. The file can so have the target's mode before it has its
 * name, and if the process is killed in between, nobody else can read what is left.
 */
export class StagedFile {
  readonly handle: FileHandle;
  readonly #parent: DirectoryRef;
  readonly #staging: DirectoryRef;
  readonly #stagingName: string;

  private constructor(parent: DirectoryRef, staging: DirectoryRef, stagingName: string, handle: FileHandle) {
    this.#parent = parent;
    this.#staging = staging;
    this.#stagingName = stagingName;
    this.handle = handle;
  }

  static async create(parent: DirectoryRef, targetName: string): Promise<StagedFile> {
    const stagingName = `.${clip(targetName)}.${randomBytes(6).toString("hex")}.mcp-tmp`;
    await mkdir(parent.at(stagingName), 0o700);
    let staging: DirectoryRef | undefined;
    try {
      staging = await parent.enter(stagingName);
      return new StagedFile(parent, staging, stagingName, await open(staging.at(CONTENT), "wx+", 0o600));
    } catch (error) {
      staging?.release();
      await rmdir(parent.at(stagingName)).catch(ignore);
      throw error;
    }
  }

  get path(): string {
    return this.#staging.at(CONTENT);
  }

  /** Closes the file and leaves nothing behind, whether or not it has got its name. */
  async remove(): Promise<void> {
    await this.handle.close().catch(ignore);
    await unlink(this.path).catch(ignore);
    this.#staging.release();
    await rmdir(this.#parent.at(this.#stagingName)).catch(ignore);
  }
}

/** The start of a name, whole characters only. */
function clip(name: string): string {
  let bytes = 0;
  let clipped = "";
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > SHOWN_BYTES) break;
    clipped += character;
  }
  return clipped;
}

function ignore(): void {}
