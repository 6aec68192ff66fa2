/** Whether the last message of a frontend is one that the backend answers with ReadyForQuery. */
export function endsExchange(messages: Uint8Array): boolean {
  if (messages[0] === 0) return true; // a startup packet has no type
  const view = new DataView(messages.buffer, messages.byteOffset, messages.byteLength);
  let type: number | undefined;
  for (let offset = 0; offset + HEADER <= messages.length; offset += 1 + view.getInt32(offset + 1)) {
    type = messages[offset];
  }
  return type === QUERY || type === SYNC;
}

/** @param tail last bytes of a backend */
export function saysReady(tail: Uint8Array): boolean {
  const message = tail.subarray(-READY_FOR_QUERY);
  return message.length === READY_FOR_QUERY && READY.every((byte, index) => message[index] === byte);
}

const HEADER = 5;
const QUERY = 0x51;
const SYNC = 0x53;
/** Type and length of ReadyForQuery; the status of the transaction follows. */
const READY = [0x5a, 0, 0, 0, 5];
/** Bytes. */
export const READY_FOR_QUERY = READY.length + 1;
