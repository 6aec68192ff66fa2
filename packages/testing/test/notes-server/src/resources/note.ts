import { resource } from "../define.js";

export const note = resource({
  name: "note",
  description: "One note.",
  template: "note:///{name}",
  mimeType: "text/plain",
  complete: { name: (value, { notes }) => notes.names().filter((name) => name.startsWith(value)) },
  list: (_, { notes }) => ({ entries: notes.names().map((name) => ({ uri: `note:///${name}`, name })) }),
  read: ({ name = "" }, { notes }) => ({ text: notes.read(name) }),
  watch({ name = "" }, changed, { notes }) {
    const listen = (other: string) => {
      if (other === name) changed();
    };
    notes.on("changed", listen);
    return () => notes.off("changed", listen);
  },
});
