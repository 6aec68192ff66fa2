import { constants, openSync } from "node:fs";
import type { ByteString } from "../../repository/bytes/byte-string.js";
import { HeldDirectory } from "../../repository/confined/held-directory.js";

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

/** A directory inside another one that is held; to be closed. @throws what `open` throws, also for a link */
export const openDirectory = (parent: HeldDirectory, name: ByteString): HeldDirectory =>
  new HeldDirectory(`${parent.path}/${name}`, openSync(parent.at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
