import { constants } from "node:fs";
import { copyFile, type FileHandle } from "node:fs/promises";

const BLOCK_BYTES = 256 * 1024;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

/**
 * Copies one open file into another, empty one. Where the file system can share blocks between files it costs nothing;
 * else it goes block by block, so that it can be cancelled.
 * @returns bytes copied
 */
export async function copyBytes(source: FileHandle, target: FileHandle, signal: AbortSignal): Promise<number> {
  if (await shareBlocks(source, target)) return (await target.stat()).size;
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let at = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await source.read(block, 0, BLOCK_BYTES, at);
    if (bytesRead === 0) break;
    const bytes = block.subarray(0, bytesRead);
    // Holes stay holes: a sparse file may be larger than the disk.
    if (!isZero(bytes)) await writeFully(target, bytes, at);
    at += bytesRead;
  }
  await target.truncate(at);
  return at;
}

const isZero = (bytes: Buffer) => bytes[0] === 0 && bytes.equals(ZEROS.subarray(0, bytes.length));

/** Writes all of `bytes` at an offset: a single write may stop short. */
export async function writeFully(target: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await target.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

async function shareBlocks(source: FileHandle, target: FileHandle): Promise<boolean> {
  if (process.platform !== "linux") return false;
  try {
    await copyFile(descriptorPath(source), descriptorPath(target), constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false; // most file systems cannot
  }
}

/** Leads to the very file that is open, wherever its name is by now. */
const descriptorPath = ({ fd }: FileHandle) => `/proc/self/fd/${fd}`;
