import { ToolError } from "@mcp-reference/validation";
import { resource } from "../define.js";
import { type Export, mimeTypeOf } from "../results/export-store.js";

/** URI of an export; its parts are below it, from 1. */
export const resultUri = (id: string) => `db://results/${id}`;

export const result = resource({
  name: "result",
  template: "db://results/{id}",
  description: "A result that export_query wrote, whole.",
  list: (_page, { exports, caller }) => ({
    entries: exports.of(caller.id).map(({ id, format, file }) => ({
      uri: resultUri(id),
      name: `${id}.${format}`,
      mimeType: mimeTypeOf[format],
      size: file.bytes,
    })),
  }),
  async read({ id = "" }, { exports, caller, maxOutput }) {
    const found = exports.get(id, caller.id);
    if (found.file.bytes > maxOutput) {
      throw new ToolError("TOO_LARGE", `the export has ${found.file.bytes} bytes, more than the ${maxOutput} allowed`, {
        hint: `Read its parts, ${resultUri(id)}/1 to ${resultUri(id)}/${found.file.parts}`,
      });
    }
    return content(found);
  },
});

export const resultPart = resource({
  name: "result_part",
  template: "db://results/{id}/{part}",
  description: "A part of a large result, from 1; parts end where rows end.",
  read: ({ id = "", part = "" }, { exports, caller }) => content(exports.get(id, caller.id), Number(part)),
});

const content = async ({ file, format }: Export, part?: number) => ({
  text: await file.read(part),
  mimeType: mimeTypeOf[format],
});
