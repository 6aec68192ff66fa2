import { defineServer } from "@mcp-reference/runtime";
import { config } from "./config.js";
import { summarizeNote } from "./prompts/summarize-note.js";
import { note } from "./resources/note.js";
import { Notes } from "./services.js";
import { deleteNote } from "./tools/delete-note.js";
import { holdStill } from "./tools/hold-still.js";
import { listNotes } from "./tools/list-notes.js";
import { readNote } from "./tools/read-note.js";
import { repeatWords } from "./tools/repeat-words.js";
import { writeNote } from "./tools/write-note.js";

/** A whole server as small as can be, for testing the runtime and the contract suite themselves. */
export const notesServer = defineServer({
  name: "notes",
  version: "0.3.1",
  description: "Notes that are forgotten when the server ends",
  instructions: "Notes have names. List them before you read or change any.",
  config,
  open: ({ notes, syncToken }, { log }) => {
    log.debug({ syncToken }, `notes are synchronised with ${syncToken ?? "nothing"}`);
    return { notes: new Notes(notes) };
  },
  needs: { fs: "none", network: false, childProcesses: [], workers: false },
  tools: [listNotes, readNote, writeNote, deleteNote, holdStill, repeatWords],
  resources: [note],
  prompts: [summarizeNote],
});
