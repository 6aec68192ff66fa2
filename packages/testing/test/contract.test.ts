import { testServer } from "../src/index.js";
import { buildBin } from "./notes-server/build-bin.js";
import { notesServer } from "./notes-server/src/index.js";

testServer(notesServer, {
  bin: await buildBin(),
  toolsDir: new URL("./notes-server/src/tools/", import.meta.url),
  args: ["shopping", "travel"],
  listBudgetBytes: 4096,
  examples: {
    list_notes: { limit: 1 },
    write_note: { name: "a", body: "b", labels: { colour: "red", words: ['say "hi"', "two\nlines"] } },
    delete_note: () => ({ name: "travel" }),
    read_note: { name: "shopping" },
  },
});
